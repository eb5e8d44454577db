"""Mail as an effect: asked for in the transaction that gives rise to it, sent after the commit, one effect a recipient."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import faults
from app.adapters.letters import address_of, as_message, written
from app.adapters.mail import PostOffice
from app.domain.errors import EffectFailed
from app.domain.offices import Office
from app.models import (
    AnnulmentRequest,
    Effect,
    HumanTask,
    Issuance,
    Person,
    RetroactiveRequest,
    TaskTimer,
    TrainingAction,
)
from app.services import effects, letters
from app.services.effects import EffectQueue
from app.services.holders import holders_of
from app.services.letters import Template

SEND = "mail/send"
NO_ADDRESS = "La dirección de correo de la persona no está bien escrita. Corríjala en sus datos y reintente."
logger = logging.getLogger(__name__)


def ask(
    session: Session, template: str, *, identity: str, recipients: Sequence[int], about: Mapping[str, int | str]
) -> None:
    """Ask that each of `recipients` (ids of persons) gets the letter once; asking again is the same as once.

    `identity` tells this occasion from every other of the same template; `about` holds ids only, from which the letter
    is written when it is sent. Raises ValueError for an unknown template.
    """
    letter = Template(template)
    own = {f"mail/{letter}/{identity}/{person_id}": person_id for person_id in sorted(set(recipients))}
    payloads = {
        name: {"identity": name, "template": str(letter), "person_id": person_id, "about": dict(about)}
        for name, person_id in own.items()
    }
    effects.ask_all(session, SEND, queue=EffectQueue.INTERACTIVE, payloads=payloads)


def ask_request_received(
    session: Session, request: AnnulmentRequest | RetroactiveRequest, action: TrainingAction
) -> None:
    """To those who direct the region today, who are to decide, and to who asked, as a receipt."""
    directors = holders_of(session, Office.REGIONAL_DIRECTION, organisation_id=None, region=action.region)
    _ask_about(session, Template.REQUEST_RECEIVED, request, [*directors, request.requested_by_id])


def ask_decision(session: Session, request: AnnulmentRequest | RetroactiveRequest) -> None:
    """To who asked."""
    _ask_about(session, Template.DECISION, request, [request.requested_by_id])


def ask_certificate_issued(session: Session, issuance: Issuance) -> None:
    """To who issued it."""
    _ask_about(session, Template.CERTIFICATE_ISSUED, issuance, [issuance.issued_by_id])


def ask_reminder(session: Session, task: HumanTask, timer: TaskTimer) -> None:
    """To those who hold the task's office today."""
    _ask_about_timer(session, Template.REMINDER, timer, _holders_of(session, task))


def ask_escalation(session: Session, task: HumanTask, timer: TaskTimer) -> None:
    """To the national level, and to those who hold the task's office today and keep it."""
    national = holders_of(session, Office.NATIONAL_LEVEL, organisation_id=None, region=None)
    _ask_about_timer(session, Template.ESCALATION, timer, [*_holders_of(session, task), *national])


def _holders_of(session: Session, task: HumanTask) -> Sequence[int]:
    return holders_of(session, task.office, organisation_id=task.organisation_id, region=task.region)


def _ask_about_timer(session: Session, template: Template, timer: TaskTimer, recipients: Sequence[int]) -> None:
    about = {"task_id": timer.task_id, "timer_id": timer.id}
    ask(session, template, identity=f"timer:{timer.id}", recipients=recipients, about=about)


def _ask_about(session: Session, template: Template, row: Any, recipients: Sequence[int]) -> None:
    name = row.__tablename__
    ask(session, template, identity=f"{name}:{row.id}", recipients=recipients, about={f"{name}_id": row.id})


@dataclass(frozen=True)
class Counts:
    waiting: int
    done: int
    given_up: int


def counts(session: Session) -> Counts:
    """How many letters wait, were dealt with, and were given up."""
    effect = select(
        func.count().filter(effects.waits()),
        func.count().filter(Effect.done_at.is_not(None)),
        func.count().filter(Effect.gave_up_at.is_not(None)),
    )
    return Counts(*session.execute(effect.where(Effect.kind == SEND)).one())


def send(session: Session, payload: Mapping[str, Any], *, post_office: PostOffice) -> None:
    """Write the letter from how things stand now and hand it over. Nothing is sent to who has no e-mail, nor too late.

    A second run hands over the same letter under the same Message-ID. Raises EffectFailed.
    """
    person = session.get_one(Person, payload["person_id"])
    told = letters.told(session, Template(payload["template"]), payload["about"], reader_id=person.id)
    if told is None or not person.email:
        _not_sent(payload, "no longer to be done" if told is None else "no e-mail")
        return
    address = address_of(person.full_name, person.email)
    if address is None:
        raise EffectFailed(NO_ADDRESS, for_good=True)

    letter = written(payload["template"], {**told.values, "page_url": f"{post_office.site}{told.path}"})
    asked_at = session.scalars(select(Effect.asked_at).where(Effect.identity == payload["identity"])).one()
    faults.point("mail.before_send")
    post_office.transport.send(
        as_message(letter, identity=payload["identity"], sender=post_office.sender, to=address, written_at=asked_at)
    )
    faults.point("mail.after_send")
    logger.info("mail sent", extra={"template": payload["template"], "person": person.id})


def _not_sent(payload: Mapping[str, Any], why: str) -> None:
    logger.info("mail not sent", extra={"template": payload["template"], "person": payload["person_id"], "why": why})
