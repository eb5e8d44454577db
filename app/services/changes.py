"""Attendance modified after the issue: where today's figures are no longer what the certificate printed, per participant."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Any

from sqlalchemy import ARRAY, BigInteger, Select, any_, bindparam, case, delete, func, literal, select
from sqlalchemy.dialects.postgresql import distinct_on, insert
from sqlalchemy.orm import Session, joinedload

from app.domain.attendance import Figure
from app.domain.attendance_policy import Rounding
from app.domain.document import CertificateDocument
from app.domain.permissions import Actor
from app.domain.states import CertificateState
from app.models import AttendanceChange, AttendanceResult, Certificate, Issuance, Participant, Person, TrainingAction
from app.models import state_expression as state
from app.services import policies
from app.services.sight import Kind, anybody, as_parameters, kind_of

VALID = [one for one in CertificateState if one.is_valid_document]
KEY = (AttendanceChange.found_at, AttendanceChange.action_id)
# Stored seconds are cut: the exact time is less than one second more.
ALMOST_A_SECOND = timedelta(microseconds=999_999)


@dataclass(frozen=True)
class Difference:
    """What a certificate printed for a participant beside what the marks say now; None where one of them has no such person."""

    rut_screen: str
    name: str
    issued: str | None
    now: str | None


@dataclass(frozen=True)
class Changed:
    """One course of the list, with its differences in order of name."""

    action: TrainingAction
    issuance: Issuance
    found_at: datetime
    differences: Sequence[Difference]


@dataclass(frozen=True)
class Page:
    """`next_after` is the action whose row is the last shown, None on the last page."""

    rows: Sequence[Changed]
    total: int
    next_after: int | None


def percentage_of(stored: AttendanceResult, rounding: Rounding = Rounding.TRUNCATED) -> Decimal:
    """Two decimals; the cap is 100 %."""
    return _percentage(stored, timedelta(), rounding)


def compare(document: CertificateDocument, now: Mapping[str, tuple[str, str]]) -> list[Difference]:
    """Where names and percentages by RUT, whoever made them, differ from what was printed; in order of name."""
    issued = {line.rut_screen: (line.name, line.percentage) for line in document.participants}
    return [
        Difference(
            rut_screen=rut,
            name=(now.get(rut) or issued[rut])[0],
            issued=issued[rut][1] if rut in issued else None,
            now=now[rut][1] if rut in now else None,
        )
        for rut in sorted(issued.keys() | now.keys(), key=lambda rut: (now.get(rut) or issued[rut])[0])
        if issued.get(rut, (None, None))[1] != now.get(rut, (None, None))[1]
    ]


def compare_stored(
    document: CertificateDocument, stored: Iterable[tuple[Person, AttendanceResult]], rounding: Rounding
) -> list[Difference]:
    """The same from stored figures, which know whole seconds: what a part of a second could make is no difference."""
    issued = {line.rut_screen: line.percentage for line in document.participants}
    now = {}
    for person, result in stored:
        possible = [f"{_percentage(result, rest, rounding)}" for rest in (timedelta(), ALMOST_A_SECOND)]
        printed = issued.get(person.rut.screen)
        now[person.rut.screen] = (person.full_name, printed if printed in possible else possible[0])
    return compare(document, now)


def refresh(session: Session, action_ids: Sequence[int]) -> None:
    """Compare again the courses whose stored figures were just made. Four statements, however many courses."""
    latest = _latest_issues(session, action_ids)
    if not latest:
        return
    stored = _stored(session, list(latest))
    timetable = policies.timetable(session)
    found = {
        action.id: compare_stored(
            CertificateDocument.from_snapshot(issuance.snapshot),
            stored[action.id],
            timetable.policy_for(action.line, action.starts_on).rounding,
        )
        for issuance, action in latest.values()
    }
    _keep(session, {action_id: latest[action_id] for action_id in found if found[action_id]}, found)
    equal = [action_id for action_id, differences in found.items() if not differences]
    session.execute(delete(AttendanceChange).where(_among(AttendanceChange.action_id, equal)))


def forget(session: Session, action_id: int) -> None:
    """A new issue prints the attendance as it is: nothing differs from it yet."""
    session.execute(delete(AttendanceChange).where(AttendanceChange.action_id == action_id))


def page(session: Session, actor: Actor, *, after: int = 0, size: int = 10) -> Page:
    """Courses of the actor's regions whose valid certificate no longer says what the marks say, the newest change first."""
    kind, asked = kind_of(actor), as_parameters(actor)
    query = _page(kind)
    last = session.get(AttendanceChange, after) if after else None
    if last is not None:
        query = query.where(func.row(*KEY) < func.row(last.found_at, last.action_id))
    rows = session.scalars(query, {"most": size + 1, **asked}).all()
    shown = [_told(row) for row in rows[:size]]
    if last is None and len(rows) <= size:
        return Page(shown, len(rows), None)
    total = session.scalar(select(func.count()).select_from(_changed(kind).subquery()), asked) or 0
    return Page(shown, total, rows[size - 1].action_id if len(rows) > size else None)


@cache
def _changed(kind: Kind) -> Select[AttendanceChange]:
    of_course = select(AttendanceChange).join(Certificate, Certificate.action_id == AttendanceChange.action_id)
    return of_course.where(anybody(kind).covers(AttendanceChange.region), state().in_([one.value for one in VALID]))


@cache
def _page(kind: Kind) -> Select[AttendanceChange]:
    """The newest, as many as the parameter `most`, with their courses."""
    course = joinedload(AttendanceChange.action).joinedload(TrainingAction.otec)
    whole = _changed(kind).options(course, joinedload(AttendanceChange.issuance))
    return whole.order_by(*(column.desc() for column in KEY)).limit(bindparam("most"))


def _told(row: AttendanceChange) -> Changed:
    differences = [Difference(**one) for one in row.differences["participants"]]
    return Changed(row.action, row.issuance, row.found_at, differences)


def _percentage(stored: AttendanceResult, rest: timedelta, rounding: Rounding) -> Decimal:
    credited = timedelta(seconds=stored.credited_seconds) + rest
    share = Fraction(credited // timedelta(microseconds=1), stored.required_seconds * 1_000_000)
    return Figure(credited, min(share, Fraction(1)), rounding).percentage


def _latest_issues(session: Session, action_ids: Sequence[int]) -> dict[int, tuple[Issuance, TrainingAction]]:
    rows = session.execute(
        select(Issuance, TrainingAction)
        .join(Certificate, Certificate.id == Issuance.certificate_id)
        .join(TrainingAction, TrainingAction.id == Certificate.action_id)
        .where(_among(Certificate.action_id, action_ids))
        .ext(distinct_on(Issuance.certificate_id))
        .order_by(Issuance.certificate_id, Issuance.sequence.desc())
    )
    return {action.id: (issuance, action) for issuance, action in rows}


def _stored(session: Session, action_ids: Sequence[int]) -> defaultdict[int, list[tuple[Person, AttendanceResult]]]:
    rows = session.execute(
        select(Participant.action_id, Person, AttendanceResult)
        .join(Person, Person.id == Participant.person_id)
        .join(AttendanceResult, AttendanceResult.participant_id == Participant.id)
        .where(_among(Participant.action_id, action_ids))
        # Others may have stored these figures past this session, set-wise.
        .execution_options(populate_existing=True)
    )
    stored: defaultdict[int, list[tuple[Person, AttendanceResult]]] = defaultdict(list)
    for action_id, person, result in rows:
        stored[action_id].append((person, result))
    return stored


def _keep(
    session: Session,
    changed: Mapping[int, tuple[Issuance, TrainingAction]],
    found: Mapping[int, Sequence[Difference]],
) -> None:
    if not changed:
        return
    now = datetime.now(UTC)
    rows: list[dict[str, Any]] = [
        {
            "action_id": action.id,
            "issuance_id": issuance.id,
            "region": action.region,
            "differences": {"participants": [asdict(one) for one in found[action.id]]},
            "found_at": now,
        }
        for issuance, action in changed.values()
    ]
    new = insert(AttendanceChange)
    # Made again and found the same, a change is as old as it was.
    same = AttendanceChange.differences == new.excluded.differences
    kept = {name: new.excluded[name] for name in ("issuance_id", "region", "differences")}
    found_at = case((same, AttendanceChange.found_at), else_=new.excluded.found_at)
    session.execute(new.on_conflict_do_update(index_elements=["action_id"], set_={**kept, "found_at": found_at}), rows)


def _among(column: Any, ids: Sequence[int]) -> Any:
    return column == any_(literal(list(ids), ARRAY(BigInteger)))
