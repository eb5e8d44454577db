"""The clock of a trial: what falls due while days go by happens in its order, and facts come when they are told to."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from app.domain.deadlines import add_working_days, local_date
from app.domain.errors import Refusal
from app.models import TimerKind
from app.process.trials.playing import Playing
from app.process.trials.trial import Kind, Told, days_in_words, message_said

MOST_DAYS = 260


def advance(playing: Playing, days: int) -> None:
    """So many working days go by. Raises Refusal for too many, and what `Playing.happen` raises."""
    if not 1 <= days <= MOST_DAYS:
        raise Refusal(f"Avance de 1 a {MOST_DAYS} días hábiles.")
    place, zone = playing.place, ZoneInfo(playing.place.zone)
    day = add_working_days(local_date(playing.now, zone.key), days, place.region, place.extra_holidays)
    until = datetime.combine(day, playing.now.astimezone(zone).time(), zone).astimezone(UTC)

    while (due := _next(playing, until)) is not None:
        at, engine_task_id = due
        # Of what falls due at one moment letters go first, as with the worker.
        _tell(playing, at)
        playing.now = max(playing.now, at)
        playing.happen(engine_task_id)
    _tell(playing, until)
    playing.now = until
    playing.say(Kind.ADVANCED, "", f"{days_in_words(days)}, hasta el {day:%d/%m/%Y}.")


def arrive(playing: Playing, message: str) -> None:
    """A fact comes to all that waits for it by now. Raises Refusal where nothing does."""
    waits = [key for key, one in playing.awaited.items() if one.message == message]
    if not waits:
        wanted = ", ".join(dict.fromkeys(message_said(one.message) for one in playing.awaited.values() if one.message))
        raise Refusal(f"Nada espera {message_said(message)}. Avisos que se esperan: {wanted or 'ninguno'}.")
    for engine_task_id in waits:
        # One that came to an end by another's coming is not told any more.
        if engine_task_id in playing.awaited:
            playing.happen(engine_task_id)


def _next(playing: Playing, until: datetime) -> tuple[datetime, str] | None:
    """The term that is over first, if one is by then; of two at once, the one that was awaited first."""
    due = [(one.due_at, key) for key, one in playing.awaited.items() if one.due_at is not None and one.due_at <= until]
    return min(due, key=lambda one: one[0], default=None)


def _tell(playing: Playing, until: datetime) -> None:
    fallen = [
        (at, key, kind, one.task) for key, one in playing.open.items() for at, kind in one.falls_due if at <= until
    ]
    for one in playing.open.values():
        one.falls_due = [due for due in one.falls_due if due[0] > until]
    # What falls due at one moment is told once, by its last, as the worker does.
    last = {(at, task.key, key): (kind, task) for at, key, kind, task in fallen}
    for (at, _, _), (kind, task) in sorted(last.items(), key=lambda item: item[0]):
        playing.told.append(Told(task.key, kind, local_date(at, playing.place.zone)))
        whom = "" if kind is TimerKind.ESCALATION else f", a {playing.office(task)}"
        playing.say(Kind.TOLD, task.key, f"{kind.label}: «{task.name}»{whom}.", at=at)
