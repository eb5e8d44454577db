"""What a case waits for besides people, and what of it has come, in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.domain.deadlines import local_date
from app.models import AwaitedEvent, AwaitedStatus, ProcessInstance
from app.process import packages
from app.process.messages import MESSAGES
from app.process.studio.term_words import said


@dataclass(frozen=True)
class Wait:
    """`until` is the instant at which its last day is over, None for a fact, which has a `title` instead of a `term`.

    `closed_at` is None while it is waited for. What hangs on a step happens only if that step still waits by then.
    """

    name: str
    opened_at: datetime
    until: datetime | None
    closed_at: datetime | None
    term: str
    title: str
    hangs_on_a_step: bool

    def told(self, zone: str) -> str:
        """`Esperar la firma: espera hasta el 12/03/2026 (5 días hábiles)`, in the calendar of `zone`."""
        if self.until is None:
            return f"{self.name}: {'espera' if self.closed_at is None else 'llegó'} el aviso «{self.title}»"
        if self.closed_at is not None:
            return f"{self.name}: se cumplió el plazo ({self.term})"
        day = f"{local_date(self.until - timedelta(microseconds=1), zone):%d/%m/%Y} ({self.term})"
        if self.hangs_on_a_step:
            return f"{self.name}: ocurre si el paso sigue pendiente después del {day}"
        return f"{self.name}: espera hasta el {day}"


def of_case(instance: ProcessInstance) -> tuple[Wait, ...]:
    """What it waits for and what has come; what the case went on without is not told."""
    events = packages.of(instance.definition).events
    return tuple(
        _told(row, hangs_on_a_step=row.key in events and events[row.key].host != "")
        for row in _to_tell(instance.awaited)
    )


def sentence(instance: ProcessInstance) -> str:
    """Why nobody can go on with an open case now, and until when or for what it waits."""
    zone = instance.certificate.action.time_zone
    waited_for = "; ".join(wait.told(zone) for wait in of_case(instance) if wait.closed_at is None)
    return f"El trámite de este curso sigue solo y no hay nada que responder ahora. {waited_for}."


def _to_tell(rows: Iterable[AwaitedEvent]) -> Iterable[AwaitedEvent]:
    return (row for row in rows if row.status is not AwaitedStatus.CANCELLED)


def _told(row: AwaitedEvent, *, hangs_on_a_step: bool) -> Wait:
    return Wait(
        name=row.name,
        opened_at=row.opened_at,
        until=row.due_at,
        closed_at=row.closed_at,
        term=said(row.term),
        title=MESSAGES[row.message].title if row.message else "",
        hangs_on_a_step=hangs_on_a_step,
    )
