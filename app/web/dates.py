"""Dates as people type them."""

import re
from datetime import date

_CHILEAN = re.compile(r"([0-9]{1,2})[/-]([0-9]{1,2})[/-]([0-9]{4})")


def typed_date(text: str) -> date | None:
    """`31/12/2026`, or what a browser's own date field sends; None for anything else."""
    found = _CHILEAN.fullmatch(text.strip())
    try:
        return date(int(found[3]), int(found[2]), int(found[1])) if found else date.fromisoformat(text.strip())
    except ValueError:
        return None
