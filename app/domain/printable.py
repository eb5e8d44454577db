"""Text that comes from outside, made fit for one line of a page, a mail or a document."""

import re
import unicodedata

# Unicode categories that no font draws, and what is printed instead.
INVISIBLE = {"Cc": " ", "Cf": "", "Zl": " ", "Zp": " ", "Cs": ""}

# With its dots or its hyphen: digits alone may be the code of a course.
_RUT = re.compile(r"(?<![\w.-])(?:\d{1,3}(?:\.\d{3}){2}-?|\d{6,9}-)[\dkK](?![\w-])")


def printable(text: str) -> str:
    """Text as ink: line breaks and controls become spaces, invisible marks (direction, joiners) disappear."""
    return "".join(INVISIBLE.get(unicodedata.category(character), character) for character in text)


def without_ruts(text: str) -> str:
    """Text somebody typed, without what looks like a RUT: for where a RUT must not go whoever wrote it."""
    return _RUT.sub("…", text)
