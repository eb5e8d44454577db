"""The participants of a certificate as a table drawn by hand: as many rows as there are people, on as many pages."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from reportlab.lib.units import mm
from reportlab.platypus import Flowable

from app.adapters.pdf.fonts import BOLD, REGULAR
from app.adapters.pdf.lines import width_of, wrapped
from app.adapters.pdf.paper import BLUE, DEEP, INK, MARGIN, RIGHT, RULE, SOFT
from app.domain.certificate_text import ParticipantRow

SIZE, LEADING, GAP = 9.2, 11.6, 5.2
TITLE_SIZE, TITLE_ROOM, HEAD_SIZE, HEAD_ROOM = 11.5, 19, 8, 16
WIDTH = RIGHT - MARGIN
# Where each column begins or, for figures, ends.
NUMBER, RUT, NAME, SHOWN, EXACT = 0, 10 * mm, 37 * mm, WIDTH - 27 * mm, WIDTH
NAME_WIDTH = SHOWN - NAME - 20 * mm
HEAD = ("N°", "RUT", "Nombre", "Asistencia", "Con decimales")
# A name of more lines than this goes on in a row of its own, so that no row is taller than a page.
TALLEST = 30
GOES_ON = ParticipantRow("", "", "", "", "")


@dataclass(frozen=True, slots=True)
class _Row:
    """One row, its name in lines; what goes on from the row before has neither number nor figures."""

    person: ParticipantRow
    name: tuple[str, ...]

    @property
    def height(self) -> float:
        return len(self.name) * LEADING + GAP


class Roll(Flowable):  # type: ignore[misc]
    """The table under its title; where it goes on, the head of its columns comes first again."""

    def __init__(self, title: str, rows: Sequence[_Row]) -> None:
        super().__init__()
        self.title, self.rows = title, rows
        self.top = HEAD_ROOM + (TITLE_ROOM if title else 0)
        self.spaceBefore = 5.5 * mm

    @classmethod
    def of(cls, title: str, participants: Sequence[ParticipantRow]) -> "Roll":
        return cls(title, [row for person in participants for row in _rows_of(person)])

    def wrap(self, _width: float, _height: float) -> tuple[float, float]:
        return WIDTH, self.top + sum(row.height for row in self.rows)

    def split(self, _width: float, height: float) -> list["Roll"]:
        """This page's part and the rest; nothing if not even one row has room under its head."""
        room, fitting = height - self.top, 0
        while fitting < len(self.rows) and (room := room - self.rows[fitting].height) >= 0:
            fitting += 1
        parts = (Roll(self.title, self.rows[:fitting]), Roll("", self.rows[fitting:])) if fitting else ()
        return [part for part in parts if part.rows]

    def draw(self) -> None:
        _, height = self.wrap(0, 0)
        head = height - self.top
        text = self.canv.beginText()
        if self.title:
            text.setFillColor(BLUE)
            _put(text, 0, height - TITLE_SIZE, self.title, BOLD, TITLE_SIZE)
        text.setFillColor(DEEP)
        for x, words in zip((NUMBER, RUT, NAME), HEAD, strict=False):
            _put(text, x, head + 5, words, BOLD, HEAD_SIZE)
        for x, words in zip((SHOWN, EXACT), HEAD[3:], strict=True):
            _put(text, x - width_of(words, BOLD, HEAD_SIZE), head + 5, words, BOLD, HEAD_SIZE)
        self._write_rows(text, head)
        self.canv.drawText(text)
        self._rule_rows(head)

    def _write_rows(self, text: Any, y: float) -> None:
        for row in self.rows:
            y -= LEADING
            text.setFillColor(SOFT)
            _put(text, NUMBER, y, row.person.number, REGULAR, SIZE)
            text.setFillColor(INK)
            _put(text, RUT, y, row.person.rut, REGULAR, SIZE)
            for line, words in enumerate(row.name):
                _put(text, NAME, y - line * LEADING, words, REGULAR, SIZE)
            _put(text, SHOWN - width_of(row.person.shown, BOLD, SIZE), y, row.person.shown, BOLD, SIZE)
            _put(text, EXACT - width_of(row.person.exact, REGULAR, SIZE), y, row.person.exact, REGULAR, SIZE)
            y -= row.height - LEADING

    def _rule_rows(self, head: float) -> None:
        self.canv.setStrokeColor(DEEP)
        self.canv.setLineWidth(0.9)
        self.canv.line(0, head, WIDTH, head)
        self.canv.setStrokeColor(RULE)
        self.canv.setLineWidth(0.4)
        rules = self.canv.beginPath()
        y = head
        for row, following in zip_longest(self.rows, self.rows[1:]):
            y -= row.height
            if following is None or following.person is not GOES_ON:
                rules.moveTo(0, y)
                rules.lineTo(WIDTH, y)
        self.canv.drawPath(rules)


def _rows_of(person: ParticipantRow) -> Iterator[_Row]:
    name = wrapped(person.name, NAME_WIDTH, REGULAR, SIZE)
    for begin in range(0, len(name), TALLEST):
        yield _Row(GOES_ON if begin else person, name[begin : begin + TALLEST])


def _put(text: Any, x: float, y: float, words: str, font: str, size: float) -> None:
    text.setFont(font, size)
    text.setTextOrigin(x, y)
    text.textLine(words)
