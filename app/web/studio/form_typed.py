"""A form's definition as an analyst types it: the data in what was typed, and what is typed for some data."""

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from app.domain import form_answers
from app.domain.forms import FieldType, Tone

Typed = Mapping[str, str]
TEXTS = ("name", "type", "label", "hint", "missing", "when")
USUAL_LENGTH = {FieldType.TEXT: 100, FieldType.LONG_TEXT: 500, FieldType.DOCUMENT_NUMBER: 60}
WAY = ("button", "outcome", "means", "done", "tone")
MOST_FIELDS = 60
_ACT = re.compile(r"(up|down|remove)-([0-9]{1,2})")
_NUMBER = re.compile(r"-?[0-9]{1,12}")


def data(typed: Typed, built_in: list[str]) -> dict[str, Any]:
    """What was typed, as data that `forms.spec` judges; `built_in` is not the analyst's to change."""
    found: dict[str, Any] = {"title": typed.get("title", "").strip(), "fields": _fields(typed)}
    if typed.get("ending") == "decision":
        found["decision"] = _decision(typed)
    else:
        found["button"] = typed.get("button", "").strip()
    return found | ({"built_in": built_in} if built_in else {})


def changed(fields: list[dict[str, Any]], act: str) -> list[dict[str, Any]]:
    """The fields after a button other than the one that saves: one more, one less, or two that change places."""
    if act == "add":
        number = 1 + len(fields)
        return [*fields, {"name": f"field_{number}", "type": FieldType.TEXT.value, "label": ""}]
    found = _ACT.fullmatch(act)
    if found is None or int(found[2]) >= len(fields):
        return fields
    at = int(found[2])
    moved = [one for index, one in enumerate(fields) if index != at]
    if found[1] != "remove":
        moved.insert(max(0, at - 1) if found[1] == "up" else at + 1, fields[at])
    return moved


def typed_of(found: Mapping[str, Any]) -> dict[str, Any]:
    """Plain values for the page, whatever the data holds."""
    decision = _mapping(found.get("decision"))
    fields = found.get("fields", [])
    return {
        "title": found.get("title", ""),
        "button": found.get("button", ""),
        "ending": "decision" if "decision" in found else "button",
        "decision_name": decision.get("name", ""),
        "decision_missing": decision.get("missing", ""),
        "ways": {key: _way_typed(_mapping(decision.get(key))) for key in ("yes", "no")},
        "fields": [_field_typed(_mapping(one)) for one in (fields if isinstance(fields, list) else [])],
        "built_in": found.get("built_in", []),
    }


def _fields(typed: Typed) -> list[dict[str, Any]]:
    numbers = [number for number in range(MOST_FIELDS) if f"f{number}-name" in typed]
    return [_field({key.partition("-")[2]: value for key, value in _of(typed, number)}) for number in numbers]


def _of(typed: Typed, number: int) -> list[tuple[str, str]]:
    return [(key, value) for key, value in typed.items() if key.startswith(f"f{number}-")]


def _field(typed: Typed) -> dict[str, Any]:
    kind = typed.get("type", "")
    found: dict[str, Any] = {key: typed[key].strip() for key in TEXTS if typed.get(key, "").strip()}
    found |= {key: limit for key in ("minimum", "maximum") if (limit := _limit(typed.get(key, ""), kind)) is not None}
    if kind == FieldType.CHOICE:
        found["choices"] = _choices(typed.get("choices", ""))
    if kind in USUAL_LENGTH:
        found.setdefault("maximum", USUAL_LENGTH[FieldType(kind)])
    if "required" not in typed:
        found["required"] = False
    return found | ({"decides": True} if "decides" in typed else {})


def _limit(text: str, kind: str) -> int | str | None:
    text = text.strip()
    # What was typed for a field that was of another type is dropped with it.
    if not text or kind in (FieldType.CHOICE, FieldType.YES_NO):
        return None
    if kind == FieldType.DATE:
        day = form_answers.typed_date(text)
        return day.isoformat() if day else text
    plain = text.replace(".", "")
    return int(plain) if _NUMBER.fullmatch(plain) else text


def _choices(text: str) -> list[dict[str, str]]:
    """A line each: `valor = Etiqueta`, or only what is read, whose value is made from it."""
    lines = (line.strip() for line in text.splitlines())
    return [_choice(line) for line in lines if line]


def _choice(line: str) -> dict[str, str]:
    value, equals, label = (part.strip() for part in line.partition("="))
    return {"value": value, "label": label} if equals else {"value": _slug(line), "label": line}


def _slug(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.lower()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:60]


def _decision(typed: Typed) -> dict[str, Any]:
    ways = {way: {key: text for key in WAY if (text := typed.get(f"{way}-{key}", "").strip())} for way in ("yes", "no")}
    missing = typed.get("decision_missing", "").strip()
    return {"name": typed.get("decision_name", "").strip(), **ways} | ({"missing": missing} if missing else {})


def _way_typed(way: Mapping[str, Any]) -> dict[str, Any]:
    return {key: way.get(key, Tone.MAIN.value if key == "tone" else "") for key in WAY}


def _field_typed(field: Mapping[str, Any]) -> dict[str, Any]:
    shown = {key: field.get(key, "") for key in (*TEXTS, "minimum", "maximum")}
    choices = [_mapping(one) for one in field.get("choices", [])]
    lines = [f"{one.get('value', '')} = {one.get('label', '')}" for one in choices]
    return shown | {
        "choices": "\n".join(lines),
        "required": field.get("required", True),
        "decides": field.get("decides", False),
    }


def _mapping(found: Any) -> Mapping[str, Any]:
    return found if isinstance(found, dict) else {}
