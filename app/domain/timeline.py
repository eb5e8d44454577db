"""The picture of one class of one participant, as geometry: what lies where between 0 and 1000, and the same in words.

A template draws it; nothing here knows how.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from app.domain.attendance import ClassBreakdown, Mark, MarkKind, Validation
from app.domain.attendance_wording import KINDS, WallClock, duration_text, join
from app.domain.intervals import Interval, cut, subtract, unite

WIDTH = 1000
LABEL_WIDTH = 200
"""Labels nearer to each other than this stand on different rows."""
FARTHEST = timedelta(hours=1)
"""Marks farther than this from the class stand at the edge, so that they do not squash it."""
LENGTH_WHILE_OPEN = timedelta(hours=1)


class Align(Enum):
    """Where the text of a label stands to its point, so that it stays inside the picture."""

    START = "start"
    MIDDLE = "middle"
    END = "end"


@dataclass(frozen=True)
class Span:
    """A stretch from `x`, at least one unit wide, with its words (`09:05–13:00`)."""

    x: int
    width: int
    label: str


@dataclass(frozen=True)
class Point:
    """An instant at `x`; `row` 0 is nearest to the picture and rows keep labels apart. `beyond`: it lies outside."""

    x: int
    label: str
    align: Align
    row: int
    beyond: bool = False


@dataclass(frozen=True)
class MarkPoint:
    """A mark of the participant, counted or not: the template tells rejected, pending and retroactive ones apart."""

    point: Point
    kind: MarkKind
    validation: Validation
    retroactive: bool


@dataclass(frozen=True)
class Timeline:
    """One class: when it was held, until when entries had grace, what was marked, and what counts, firm and provisional.

    `provisional` is what counts only once the pending fingerprints are validated. `text` says the same without a picture.
    """

    held: tuple[Span, ...]
    grace: tuple[Span, ...]
    credited: tuple[Span, ...]
    provisional: tuple[Span, ...]
    edges: tuple[Point, ...]
    marks: tuple[MarkPoint, ...]
    is_open: bool
    text: str


def draw_timeline(breakdown: ClassBreakdown, *, zone: str) -> Timeline:
    """The picture of `breakdown` in the hours of `zone` (IANA)."""
    class_held = breakdown.class_held
    clock, marks = WallClock(zone, class_held.started_at), _all_marks(breakdown)
    scale = _Scale(_window(breakdown, marks), clock)
    held = unite(part for block in breakdown.blocks for part in block.held)
    firm = breakdown.firm.credited

    return Timeline(
        held=scale.spans(held),
        grace=scale.spans(_grace(breakdown)),
        credited=scale.spans(firm),
        provisional=scale.spans(subtract(breakdown.provisional.credited, firm)),
        edges=scale.points(_edges(class_held.started_at, held)),
        marks=tuple(
            MarkPoint(point, mark.kind, mark.validation, mark.retroactive)
            for mark, point in zip(marks, scale.points([mark.marked_at for mark in marks]), strict=True)
        ),
        is_open=class_held.ended_at is None,
        text=_text(breakdown, marks, clock),
    )


@dataclass(frozen=True)
class _Scale:
    window: Interval
    clock: WallClock

    def x(self, instant: datetime) -> int:
        inside = min(max(instant, self.window.start), self.window.end)
        return round((inside - self.window.start) / self.window.length * WIDTH)

    def spans(self, intervals: Iterable[Interval]) -> tuple[Span, ...]:
        return tuple(self._span(part) for interval in intervals for part in cut(interval, to=[self.window]))

    def _span(self, interval: Interval) -> Span:
        x = min(self.x(interval.start), WIDTH - 1)
        return Span(x, max(self.x(interval.end) - x, 1), self.clock.span(interval))

    def points(self, instants: Iterable[datetime]) -> tuple[Point, ...]:
        """The instants, given in order, each on the first row where its label touches no other."""
        last_in_row: list[int] = []
        points = []
        for instant in instants:
            x = self.x(instant)
            row = next((n for n, last in enumerate(last_in_row) if x - last >= LABEL_WIDTH), len(last_in_row))
            last_in_row[row : row + 1] = [x]
            beyond = not self.window.start <= instant <= self.window.end
            points.append(Point(x, self.clock.at(instant), _align(x), row, beyond))
        return tuple(points)


def _align(x: int) -> Align:
    if x < LABEL_WIDTH // 2:
        return Align.START
    return Align.END if x > WIDTH - LABEL_WIDTH // 2 else Align.MIDDLE


def _all_marks(breakdown: ClassBreakdown) -> tuple[Mark, ...]:
    granted = [mark for mark in breakdown.provisional.marks if mark.retroactive]
    return tuple(sorted((*breakdown.marks, *granted), key=lambda mark: (mark.marked_at, mark.kind == MarkKind.IN)))


def _window(breakdown: ClassBreakdown, marks: Iterable[Mark]) -> Interval:
    """The class and the marks near it; a class still open is drawn as long as its marks, or an hour."""
    class_held = breakdown.class_held
    ends = [held.ended_at for held in class_held.facilitators if held.ended_at is not None]
    start, end = class_held.started_at, max(ends, default=class_held.started_at)
    if class_held.ended_at is None:
        end = max(end, start + LENGTH_WHILE_OPEN)
    near = [mark.marked_at for mark in marks if start - FARTHEST <= mark.marked_at <= end + FARTHEST]
    start, end = min([start, *near]), max([end, *near])
    # A class of no length still needs a picture.
    return Interval(start, end if end > start else start + LENGTH_WHILE_OPEN)


def _edges(started_at: datetime, held: tuple[Interval, ...]) -> list[datetime]:
    return sorted({started_at, *(edge for interval in held for edge in (interval.start, interval.end))})


def _grace(breakdown: ClassBreakdown) -> tuple[Interval, ...]:
    """From each start until the last second an entry may still have the grace, while the class lasts."""
    return unite(
        part
        for block in breakdown.blocks
        for part in cut(Interval(block.started_at, block.started_at + breakdown.provisional.grace), to=block.held)
    )


def _text(breakdown: ClassBreakdown, marks: Iterable[Mark], clock: WallClock) -> str:
    class_held, firm = breakdown.class_held, breakdown.firm
    held = unite(part for block in breakdown.blocks for part in block.held)
    sentences = [f"Clase {_spans(held, clock)}." if held else f"Clase desde {clock.the(class_held.started_at)}."]
    sentences += ["Sigue abierta."] if class_held.ended_at is None else []
    sentences += [f"{_name(mark)} {clock.at(mark.marked_at)}." for mark in marks]
    spans = f", {_spans(firm.credited, clock)}" if firm.credited else ""
    sentences.append(f"Se cuentan {duration_text(firm.seconds)}{spans}.")
    if breakdown.provisional.credited != firm.credited:
        sentences.append(f"Con las huellas por validar serían {duration_text(breakdown.provisional.seconds)}.")
    return " ".join(sentences)


def _spans(intervals: Iterable[Interval], clock: WallClock) -> str:
    # Read aloud, a dash is a pause: the words tell where each stretch ends.
    return join(f"de {clock.at(interval.start)} a {clock.at(interval.end)}" for interval in intervals)


def _name(mark: Mark) -> str:
    kind = KINDS[mark.kind].capitalize()
    if mark.retroactive:
        return f"{kind} por asistencia retroactiva,"
    notes = {Validation.PENDING: " por validar,", Validation.REJECTED: " rechazada,"}
    return f"{kind}{notes.get(mark.validation, '')}"
