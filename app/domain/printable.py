"""Text that comes from outside, made fit for one line of a page, a mail or a document."""

import unicodedata

# Unicode categories that no font draws, and what is printed instead.
INVISIBLE = {"Cc": " ", "Cf": "", "Zl": " ", "Zp": " ", "Cs": ""}


def printable(text: str) -> str:
    """Text as ink: line breaks and controls become spaces, invisible marks (direction, joiners) disappear."""
    return "".join(INVISIBLE.get(unicodedata.category(character), character) for character in text)
