"""The lowest height: services and runner, each act in one transaction, as the pages call them but without any page."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import uuid4

from flask import Flask
from sqlalchemy.orm import Session

from app.domain.errors import AlreadyDecided, NotAllowed, NotFound, Refusal
from app.domain.permissions import GRANTS, Action, Actor
from app.models import TaskStatus
from app.process import issuance_case, runner
from app.services import annulments, certificates, claims, courses, inbox, profiles
from app.unit_of_work import unit_of_work
from tests.model.driver import Answer, Form, Kind
from tests.model.looking import Looking, last_task
from tests.model.people import Verb, Who
from tests.model.stage import Stage
from tests.model.world import TASKS

REASON = "Así lo dice el libro de clases."
NEEDED = {
    Verb.ENTER: Action.ISSUE,
    Verb.ACCEPT: Action.ISSUE,
    Verb.REQUEST: Action.REQUEST_ANNULMENT,
    Verb.GRANT: Action.DECIDE,
    Verb.DENY: Action.DECIDE,
}


class NotYet(Exception):
    """A step comes before."""


@dataclass(frozen=True)
class Intent:
    """What a form holds, without its paper: `task_id` is 0 where it answers no task, `shown` the hash of what was reviewed."""

    token: str
    reference: str
    task_id: int = 0
    shown: str = ""


def told(app: Flask, act: Callable[[Session], None]) -> Answer:
    """Act in one transaction; what a refusal means to who asked."""
    try:
        with app.app_context(), unit_of_work() as session:
            act(session)
    except (NotFound, NotAllowed):
        return Answer(Kind.DENIED)
    except NotYet:
        return Answer(Kind.NOT_YET)
    except Refusal as refusal:
        return Answer(Kind.REFUSED, refusal.sentence)
    return Answer(Kind.DONE)


class Services:
    def __init__(self, app: Flask, rows: Looking, stage: Stage) -> None:
        self._app, self._rows, self._stage = app, rows, stage

    def read(self, who: Who, verb: Verb, code: str, reference: str) -> tuple[Answer, Form | None]:
        forms: list[Form] = []

        def open_(session: Session) -> None:
            actor = self._actor(session, who)
            actor.require(NEEDED[verb])
            task_id, shown = OPENERS[verb](session, code, actor)
            forms.append(Form(who, verb, code, Intent(uuid4().hex, reference, task_id, shown)))

        return told(self._app, open_), forms[0] if forms else None

    def by_hand(self, who: Who, verb: Verb, code: str, reference: str) -> Form:
        task_id = self._rows.last_task(code, TASKS[verb])
        return Form(who, verb, code, Intent(uuid4().hex, reference, task_id))

    def send(self, form: Form) -> Answer:
        def act(session: Session) -> None:
            actor = self._actor(session, form.who)
            claim = claims.claim(session, form.content.token, person_id=actor.person_id)
            if claim.is_first:
                ACTS[form.verb](session, form, actor)
                claim.store_answer("done")

        answer = told(self._app, act)
        # No page asks first who it is: here the state may turn away somebody whom the office would have.
        is_turned_away = answer.kind is Kind.REFUSED and NEEDED[form.verb] not in GRANTS[form.who.profile]
        return Answer(Kind.DENIED) if is_turned_away else answer

    def _actor(self, session: Session, who: Who) -> Actor:
        actor = profiles.actor_for(session, self._stage.people[who.name], who.profile, self._stage.places[who.place])
        assert actor is not None
        return actor


def _refuse(reason: str | None) -> None:
    if reason is not None:
        raise Refusal(reason)


def _issuable(session: Session, code: str, actor: Actor) -> tuple[int, str]:
    _refuse(certificates.why_not_offered(session, courses.get(session, code, actor)))
    return 0, ""


def _reviewed(session: Session, code: str, actor: Actor) -> tuple[int, str]:
    _issuable(session, code, actor)
    action = courses.get(session, code, actor)
    task = issuance_case.waiting_task(session, action)
    if task is None or task.key != TASKS[Verb.ACCEPT]:
        raise NotYet
    reference = issuance_case.reference_in(session, task.instance, actor)
    draft = certificates.review(session, action, document_reference=reference, actor=actor)
    return task.id, draft.document.content_sha256()


def _requestable(session: Session, code: str, actor: Actor) -> tuple[int, str]:
    _refuse(annulments.why_not_requestable(session, courses.get(session, code, actor)))
    return 0, ""


def _decidable(session: Session, code: str, actor: Actor) -> tuple[int, str]:
    task = inbox.get(session, session.scalars(last_task(code, TASKS[Verb.GRANT])).one(), actor)
    if task.status is not TaskStatus.OPEN:
        raise AlreadyDecided(runner.who_did_it(task))
    return task.id, ""


def _enter(session: Session, form: Form, actor: Actor) -> None:
    answers = {"document_reference": form.content.reference}
    issuance_case.give_reference(session, code=form.code, actor=actor, answers=answers)


def _accept(session: Session, form: Form, actor: Actor) -> None:
    answers = {
        "accepted": True,
        "content_sha256": form.content.shown,
        "authenticated_by": actor.authenticated_by,
    }
    issuance_case.accept(session, code=form.code, task_id=form.content.task_id, actor=actor, answers=answers)


def _request(session: Session, form: Form, actor: Actor) -> None:
    certificate = certificates.of_course(session, form.code, actor)
    answers = {"reason": REASON}
    runner.start_and_answer(session, "annulment", certificate_id=certificate.id, actor=actor, answers=answers)


def _decide(session: Session, form: Form, actor: Actor) -> None:
    answers = {"granted": form.verb is Verb.GRANT, "reason": REASON}
    runner.complete_task(session, task_id=form.content.task_id, actor=actor, answers=answers)


OPENERS: dict[Verb, Callable[[Session, str, Actor], tuple[int, str]]] = {
    Verb.ENTER: _issuable,
    Verb.ACCEPT: _reviewed,
    Verb.REQUEST: _requestable,
    Verb.GRANT: _decidable,
    Verb.DENY: _decidable,
}
ACTS: dict[Verb, Callable[[Session, Form, Actor], None]] = {
    Verb.ENTER: _enter,
    Verb.ACCEPT: _accept,
    Verb.REQUEST: _request,
    Verb.GRANT: _decide,
    Verb.DENY: _decide,
}
