"""A form as the JSON that `form_reading.read` takes: what is as usual is left out, so that one form is one text."""

from dataclasses import asdict
from datetime import date
from typing import Any

from app.domain.forms import Decision, Field, Form

USUAL: dict[str, Any] = {"required": True, "decides": False, "tone": "main"}
NOTHING = object()


def written(form: Form) -> dict[str, Any]:
    """The definition without its name, which is that of its file."""
    found = {
        "title": form.title,
        "fields": [_field(field) for field in form.fields],
        "decision": _decision(form.decision) if form.decision else None,
        "button": form.button,
        "built_in": list(form.built_in),
    }
    return _told(found)


def _field(field: Field) -> dict[str, Any]:
    return _told(asdict(field) | {"choices": [asdict(choice) for choice in field.choices]})


def _decision(decision: Decision) -> dict[str, Any]:
    yes, no = (_told(asdict(way)) for way in (decision.yes, decision.no))
    return _told({"name": decision.name, "yes": yes, "no": no, "missing": decision.missing})


def _told(found: dict[str, Any]) -> dict[str, Any]:
    """Plain values only, without what is empty or as usual."""
    return {
        key: value.isoformat() if isinstance(value, date) else getattr(value, "value", value)
        for key, value in found.items()
        if value not in ("", None, [], ()) and value != USUAL.get(key, NOTHING)
    }
