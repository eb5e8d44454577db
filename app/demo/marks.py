"""How people really mark: late, early, twice, not at all, from a computer that sends its marks in any order."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from app.demo.courses import Course
from app.demo.days import utc

_HABITS = {
    "punctual": 66,
    "within_grace": 9,
    "late": 6,
    "very_early": 3,
    "no_exit": 4,
    "no_entry": 2,
    "entry_twice": 3,
    "leaves_and_returns": 3,
    "leaves_early": 3,
    "absent": 5,
}
_VALIDATIONS = {"valid": 94, "pending": 4, "rejected": 2}


@dataclass(frozen=True)
class HeldClass:
    """A class of a course; `colleague` is there when a second facilitator held part of it."""

    class_id: str
    started_at: datetime
    ended_at: datetime
    colleague: tuple[datetime, datetime] | None
    is_open: bool


def held_classes(seed: int, course: Course) -> list[HeldClass]:
    """The classes in order. A length is real time: on the night the clocks change it is not what the wall shows."""
    random = Random(f"{seed}:classes:{course.index}")
    held = []
    for number, day in enumerate(course.days, start=1):
        start = utc(day, course.starts_at_minute, course.zone) + timedelta(seconds=random.randint(-240, 420))
        end = start + timedelta(minutes=course.minutes, seconds=random.randint(-180, 300))
        middle = start + (end - start) / 2
        shared = number % 4 == 2
        held.append(
            HeldClass(
                class_id=f"C{number:02d}",
                started_at=start,
                ended_at=end,
                colleague=(middle.replace(microsecond=0), end + timedelta(minutes=4)) if shared else None,
                is_open=course.is_last_class_open and number == len(course.days),
            )
        )
    return held


def class_rows(seed: int, course: Course) -> Iterator[dict[str, str]]:
    """The rows of classes.csv for one course, one per facilitator of each class."""
    first, second = course.instructors
    for held in held_classes(seed, course):
        ended_at = "" if held.is_open else _iso(held.ended_at)
        yield _class_row(course, held, first, held.started_at - timedelta(seconds=95), held.started_at, ended_at)
        if held.colleague is not None:
            joined_at, left_at = held.colleague
            yield _class_row(course, held, second, joined_at, joined_at, _iso(left_at))


def mark_rows(seed: int, course: Course) -> Iterator[dict[str, str]]:
    """The rows of marks.csv for one course, class by class, in the order the computers happened to send them."""
    for held in held_classes(seed, course):
        random = Random(f"{seed}:marks:{course.index}:{held.class_id}")
        rows = [row for rut in course.participants for row in _marks_of(random, course, held, rut)]
        random.shuffle(rows)
        yield from rows


def _marks_of(random: Random, course: Course, held: HeldClass, rut: str) -> Iterator[dict[str, str]]:
    (habit,) = random.choices(list(_HABITS), list(_HABITS.values()))
    for number, (kind, at) in enumerate(_habit_marks(random, habit, held), start=1):
        if held.is_open and kind == "out":
            continue
        (validation,) = random.choices(list(_VALIDATIONS), list(_VALIDATIONS.values()))
        yield {
            "mark_id": f"{course.code}-{held.class_id}-{rut.split('-')[0]}-{number}",
            "action_code": course.code,
            "class_id": held.class_id,
            "rut": rut,
            "kind": kind,
            "marked_at": _iso(at),
            "validation": validation,
            "device_id": f"LCE-{random.randint(1, 3):02d}",
        }


def _habit_marks(random: Random, habit: str, held: HeldClass) -> list[tuple[str, datetime]]:
    def entry(earliest: int, latest: int) -> tuple[str, datetime]:
        return "in", held.started_at + timedelta(seconds=random.randint(earliest * 60, latest * 60))

    def leave(earliest: int, latest: int) -> tuple[str, datetime]:
        return "out", held.ended_at + timedelta(seconds=random.randint(earliest * 60, latest * 60))

    length = int((held.ended_at - held.started_at).total_seconds()) // 60
    match habit:
        case "within_grace":
            return [entry(8, 20), leave(0, 5)]
        case "late":
            return [entry(21, 70), leave(0, 5)]
        case "very_early":
            return [entry(-50, -20), leave(0, 12)]
        case "no_exit":
            return [entry(-8, 6)]
        case "no_entry":
            return [leave(0, 5)]
        case "entry_twice":
            return [entry(-8, 2), entry(3, 9), leave(0, 5)]
        case "leaves_and_returns":
            away = ("out", held.started_at + timedelta(minutes=length // 2 - 20))
            back = ("in", held.started_at + timedelta(minutes=length // 2 + 15))
            return [entry(-8, 6), away, back, leave(0, 5)]
        case "leaves_early":
            return [entry(-8, 6), leave(-80, -25)]
        case "absent":
            return []
    return [entry(-10, 6), leave(0, 6)]


def _class_row(
    course: Course, held: HeldClass, rut: str, entry_at: datetime, started_at: datetime, ended_at: str
) -> dict[str, str]:
    return {
        "action_code": course.code,
        "class_id": held.class_id,
        "instructor_rut": rut,
        "instructor_entry_at": _iso(entry_at),
        "started_at": _iso(started_at),
        "ended_at": ended_at,
    }


def _iso(instant: datetime) -> str:
    return instant.isoformat(timespec="seconds")
