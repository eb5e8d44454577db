"""Text broken into lines that fit a width, for cells we draw ourselves: paragraphs would take three times as long."""

from collections.abc import Iterator
from functools import lru_cache

from reportlab.pdfbase import pdfmetrics

from app.adapters.pdf.fonts import drawable


@lru_cache(maxsize=10_000)
def wrapped(text: str, width: float, font: str, size: float) -> tuple[str, ...]:
    """The text in lines no wider than `width` points, at least one; a word that does not fit alone is cut."""
    whole = drawable(text)
    if "  " not in whole and width_of(whole, font, size) <= width:
        return (whole.strip(),)
    space = width_of(" ", font, size)
    lines: list[str] = []
    line, room = "", width
    for word in _pieces(whole, width, font, size):
        needed = width_of(word, font, size)
        if line and needed + space > room:
            lines.append(line)
            line, room = word, width - needed
        else:
            line, room = (f"{line} {word}", room - needed - space) if line else (word, width - needed)
    return (*lines, line)


def _pieces(text: str, width: float, font: str, size: float) -> Iterator[str]:
    for word in text.split():
        piece = word
        while width_of(piece, font, size) > width:
            fitting = next(
                end for end in range(len(piece), 0, -1) if end == 1 or width_of(piece[:end], font, size) <= width
            )
            yield piece[:fitting]
            piece = piece[fitting:]
        yield piece


@lru_cache(maxsize=10_000)
def width_of(text: str, font: str, size: float) -> float:
    """Points the text takes, as drawn."""
    return float(pdfmetrics.stringWidth(text, font, size))
