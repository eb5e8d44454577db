"""Dates as people type them."""

from datetime import date

from wtforms import ValidationError

from app.domain.form_answers import typed_date, wrong_date

__all__ = ["require_date", "typed_date"]


def require_date(text: str | None, *, missing: str) -> date:
    """What was typed as a date. Raises ValidationError: for nothing `missing`, else what is wrong and what to do."""
    text = (text or "").strip()
    if not text:
        raise ValidationError(missing)
    if sentence := wrong_date(text):
        raise ValidationError(sentence)
    found = typed_date(text)
    assert found is not None
    return found
