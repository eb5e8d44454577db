"""The letters of our documents: which files they come from, and what they are able to draw."""

import threading
import unicodedata
from functools import cache
from pathlib import Path
from typing import Any

from reportlab.lib.fonts import addMapping
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from app.domain.printable import printable

REGULAR, BOLD, TITLE = "Source", "Source-SemiBold", "Source-Serif"
MISSING = "□"

# Held while a document is built: reportlab reads an outline by moving about in the letters' file, which two would confuse.
one_at_a_time = threading.Lock()

_FOLDER = Path(__file__).resolve().parents[2] / "static" / "fonts"
_FILES = {REGULAR: "SourceSans3-Regular.ttf", BOLD: "SourceSans3-SemiBold.ttf", TITLE: "SourceSerif4-SemiBold.ttf"}


@cache
def load() -> None:
    """Make the letters known to reportlab, once a process: reading a file takes as long as drawing ten pages."""
    for name, file in _FILES.items():
        # Only the letters used travel with a document, not all of ASCII as well.
        pdfmetrics.registerFont(TTFont(name, str(_FOLDER / file), asciiReadable=False))
    for family, bold in ((REGULAR, BOLD), (TITLE, TITLE)):
        for is_bold, is_italic in ((0, 0), (0, 1), (1, 0), (1, 1)):
            addMapping(family, is_bold, is_italic, bold if is_bold else family)


def drawable(text: str) -> str:
    """Text as ink, accents joined to their letters; a character without a drawing becomes a box, never nothing."""
    composed = unicodedata.normalize("NFC", text if text.isprintable() else printable(text))
    known = _known_characters()
    return composed if known.issuperset(composed) else "".join(one if one in known else MISSING for one in composed)


@cache
def _known_characters() -> frozenset[str]:
    load()
    font: Any = pdfmetrics.getFont(REGULAR)
    return frozenset(map(chr, font.face.charToGlyph))
