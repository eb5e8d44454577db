"""Columns of paragraphs side by side: what a table of one row would be, but measured and drawn once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from reportlab.lib.colors import HexColor
from reportlab.platypus import Flowable

from app.adapters.pdf.paper import BLUE, ROOM

GUTTER, PADDING = 12.0, 12.0
PANEL = HexColor("#f2f6fb")


@dataclass(frozen=True, slots=True)
class Column:
    """What stands in one column; without a width it shares what the others leave."""

    width: float | None
    content: Sequence[Flowable]


class Columns(Flowable):  # type: ignore[misc]
    """Columns that stay together on a page, unless they are taller than one; a panel has a ground of its own."""

    def __init__(self, columns: Sequence[Column], *, panel: bool = False) -> None:
        super().__init__()
        self.columns, self.panel = columns, panel
        self.padding = PADDING if panel else 0.0

    def of_each(self, change: Callable[[Flowable], Flowable]) -> "Columns":
        """The same columns of what `change` makes of their content."""
        columns = [Column(one.width, [change(item) for item in one.content]) for one in self.columns]
        return self._like(columns, self.getSpaceBefore(), self.getSpaceAfter())

    def wrap(self, width: float, _height: float) -> tuple[float, float]:
        self.widths = self._shared(width - 2 * self.padding)
        self.placed = [self._placed(one.content, room) for one, room in zip(self.columns, self.widths, strict=True)]
        lowest = max((down for column in self.placed for _, down in column), default=0.0)
        self.width, self.height = width, lowest + 2 * self.padding
        return self.width, self.height

    def split(self, _width: float, height: float) -> list[Flowable]:
        if self.height <= ROOM:
            return []
        room = height - 2 * self.padding
        parts = [_cut(one, width, room) for one, width in zip(self.columns, self.widths, strict=True)]
        if not any(top.content for top, _ in parts):
            return []
        return [
            self._like([top for top, _ in parts], self.getSpaceBefore(), 0),
            self._like([rest for _, rest in parts], 0, self.getSpaceAfter()),
        ]

    def draw(self) -> None:
        if self.panel:
            self.canv.setFillColor(PANEL)
            self.canv.rect(0, 0, self.width, self.height, stroke=0, fill=1)
            self.canv.setFillColor(BLUE)
            self.canv.rect(0, self.height - 1.2, self.width, 1.2, stroke=0, fill=1)
        x = self.padding
        for column, width in zip(self.placed, self.widths, strict=True):
            for flowable, down in column:
                flowable.drawOn(self.canv, x, self.height - self.padding - down)
            x += width + GUTTER

    def _like(self, columns: Sequence[Column], before: float, after: float) -> "Columns":
        made = Columns(columns, panel=self.panel)
        made.spaceBefore, made.spaceAfter = before, after
        made.keepWithNext = self.getKeepWithNext()
        return made

    def _shared(self, width: float) -> list[float]:
        open_ones = sum(one.width is None for one in self.columns)
        left = width - GUTTER * (len(self.columns) - 1) - sum(one.width or 0 for one in self.columns)
        return [left / open_ones if one.width is None else one.width for one in self.columns]

    def _placed(self, content: Sequence[Flowable], width: float) -> list[tuple[Flowable, float]]:
        """Each with how far down its lower edge lies; nothing stands above the first."""
        placed: list[tuple[Flowable, float]] = []
        down = 0.0
        for flowable in content:
            down += flowable.getSpaceBefore() if placed else 0
            down += flowable.wrapOn(self.canv, width, ROOM)[1]
            placed.append((flowable, down))
            down += flowable.getSpaceAfter()
        return placed


def _cut(column: Column, width: float, height: float) -> tuple[Column, Column]:
    """What of a column fits the height, and the rest; a paragraph is cut between its lines."""
    top: list[Flowable] = []
    rest = list(column.content)
    while rest and (needed := rest[0].wrap(width, height)[1] + rest[0].getSpaceBefore()) <= height:
        height -= needed + rest[0].getSpaceAfter()
        top.append(rest.pop(0))
    if rest and len(parts := rest[0].split(width, height)) > 1:
        top.append(parts[0])
        rest[:1] = parts[1:]
    return Column(column.width, top), Column(column.width, rest)
