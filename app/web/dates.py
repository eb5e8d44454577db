"""Dates as people type them."""

import re
from datetime import date

from wtforms import ValidationError

_CHILEAN = re.compile(r"([0-9]{1,2})[/-]([0-9]{1,2})[/-]([0-9]{4})")
_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def typed_date(text: str) -> date | None:
    """`31/12/2026`, or what a browser's own date field sends; None for anything else."""
    found = _CHILEAN.fullmatch(text.strip())
    try:
        return date(int(found[3]), int(found[2]), int(found[1])) if found else date.fromisoformat(text.strip())
    except ValueError:
        return None


def require_date(text: str | None, *, missing: str) -> date:
    """What was typed as a date. Raises ValidationError: for nothing `missing`, else what is wrong and what to do."""
    text = (text or "").strip()
    if not text:
        raise ValidationError(missing)
    if found := typed_date(text):
        return found
    if _CHILEAN.fullmatch(text) or _ISO.fullmatch(text):
        raise ValidationError("Esa fecha no existe en el calendario. Revise día, mes y año.")
    raise ValidationError("No es una fecha. Escríbala como 31/12/2026.")
