"""What each letter tells one person, read from the rows when it is sent: plain values, and never a RUT or a reason."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from urllib.parse import quote

from sqlalchemy.orm import Session

from app.domain import offices
from app.domain.deadlines import RECONSIDERATION_WORKING_DAYS, local_date
from app.domain.offices import Office
from app.domain.printable import without_ruts
from app.domain.regions import Region
from app.models import HumanTask, Issuance, TaskStatus, TaskTimer, TimerKind, TrainingAction
from app.services import letters_requests as requests
from app.services.holders import holders_of

About = Mapping[str, int | str]
SHARES = {TimerKind.REMINDER_50: "la mitad", TimerKind.REMINDER_80: "el 80 %"}


class Template(StrEnum):
    """The letters there are. The value is the name of the file in templates/mail/words."""

    REQUEST_RECEIVED = "request_received"
    DECISION = "decision"
    REMINDER = "reminder"
    ESCALATION = "escalation"
    CERTIFICATE_ISSUED = "certificate_issued"


@dataclass(frozen=True)
class Told:
    """The values of a letter's words, and the page of the site to open."""

    values: Mapping[str, Any]
    path: str


def told(session: Session, template: Template, about: About, *, reader_id: int) -> Told | None:
    """What `template` tells `reader_id`; None if what it would ask for is no longer to be done."""
    return _TELLERS[template](session, about, reader_id)


def _request_received(session: Session, about: About, reader_id: int) -> Told | None:
    asked = requests.find(session, about)
    to_office = reader_id != asked.requested_by_id
    # A later request may wait by now: its task is not this one's.
    task = requests.open_task(session, asked) if asked.decision is None else None
    if asked.decision is not None or (task is None and to_office):
        # Decided meanwhile: the letter about the decision says all there is to say. Or not to be decided yet.
        return None
    last_day = _last_day(task, asked.action) if task is not None else None
    values = _request_values(asked) | {
        "to_office": to_office,
        "last_day": last_day,
        "facts": _facts(asked.action, ("Plazo para resolver", last_day)),
    }
    return Told(values, f"/bandeja/{task.id}" if task is not None and to_office else asked.path)


def _decision(session: Session, about: About, _reader_id: int) -> Told | None:
    asked = requests.find(session, about)
    assert asked.decision is not None, "a letter about a decision that is not there"
    decided_on = _day(asked.decision.decided_at, asked.action)
    values = _request_values(asked) | {
        "granted": asked.decision.granted,
        "decided_on": decided_on,
        "folio": asked.folio,
        "may_ask_again": asked.may_ask_again,
        "days_to_ask_again": RECONSIDERATION_WORKING_DAYS,
        "facts": _facts(asked.action, ("Folio", asked.folio), ("Resuelta el", decided_on)),
    }
    course = _course_path(asked.action)
    return Told(values, course if asked.decision.granted and asked.is_about_certificate else asked.path)


def _certificate_issued(session: Session, about: About, _reader_id: int) -> Told | None:
    issuance = session.get_one(Issuance, about["issuance_id"])
    action = issuance.certificate.action
    issued_on = _day(issuance.issued_at, action)
    values = {
        "course_code": action.code,
        "organisation": without_ruts(action.otec.name),
        "folio": str(issuance.folio),
        "issued_on": issued_on,
        "facts": _facts(action, ("Folio", str(issuance.folio)), ("Emitido el", issued_on)),
    }
    return Told(values, f"{_course_path(action)}/certificados/{issuance.sequence}")


def _reminder(session: Session, about: About, _reader_id: int) -> Told | None:
    timer = session.get_one(TaskTimer, about["timer_id"])
    told = _waiting_task(session, about)
    if told is None:
        return None
    more = {"share": SHARES.get(timer.kind), "is_over": timer.kind not in SHARES}
    return Told({**told.values, **more}, told.path)


def _escalation(session: Session, about: About, reader_id: int) -> Told | None:
    told = _waiting_task(session, about)
    if told is None:
        return None
    task = session.get_one(HumanTask, about["task_id"])
    holders = holders_of(session, task.office, organisation_id=task.organisation_id, region=task.region)
    return Told({**told.values, "to_office": reader_id in holders}, told.path)


def _waiting_task(session: Session, about: About) -> Told | None:
    """A task that still waits, and for whom; None once it is closed."""
    task = session.get_one(HumanTask, about["task_id"])
    if task.status is not TaskStatus.OPEN:
        return None
    action = task.instance.certificate.action
    last_day = _last_day(task, action)
    values = {
        "course_code": action.code,
        "task_name": task.name,
        "office": _with_article(task),
        "opened_on": _day(task.opened_at, action),
        "last_day": last_day,
        "facts": _facts(action, ("Plazo", last_day)),
    }
    return Told(values, f"/bandeja/{task.id}")


_TELLERS: dict[Template, Callable[[Session, About, int], Told | None]] = {
    Template.REQUEST_RECEIVED: _request_received,
    Template.DECISION: _decision,
    Template.REMINDER: _reminder,
    Template.ESCALATION: _escalation,
    Template.CERTIFICATE_ISSUED: _certificate_issued,
}


def _request_values(asked: requests.Asked) -> dict[str, Any]:
    return {
        "course_code": asked.action.code,
        "organisation": without_ruts(asked.action.otec.name),
        "office": f"Dirección Regional {Region(asked.action.region).label}",
        "what": asked.what,
        "asks_for": asked.asks_for,
        "is_about_certificate": asked.is_about_certificate,
    }


def _facts(action: TrainingAction, *more: tuple[str, str | None]) -> list[dict[str, str]]:
    rows = [
        ("Curso", action.code),
        ("Nombre", without_ruts(action.name)),
        ("Organismo capacitador", without_ruts(action.otec.name)),
        ("Región", Region(action.region).label),
        *more,
    ]
    return [{"label": label, "value": value} for label, value in rows if value]


def _with_article(task: HumanTask) -> str:
    name = offices.named(task.office, task.region)
    return f"la {name}" if task.office == Office.REGIONAL_DIRECTION else f"el {name.lower()}"


def _course_path(action: TrainingAction) -> str:
    return f"/acciones/{quote(action.code, safe='')}"


def _day(instant: datetime, action: TrainingAction) -> str:
    return f"{local_date(instant, action.time_zone):%d/%m/%Y}"


def _last_day(task: HumanTask, action: TrainingAction) -> str | None:
    """The last day of the term, which is kept as the instant at which that day is over."""
    return _day(task.due_at - timedelta(microseconds=1), action) if task.due_at else None
