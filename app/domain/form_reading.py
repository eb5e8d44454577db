"""A form's definition from JSON and back. Nothing is guessed: an unknown key or a wrong size is refused where it stands."""

import keyword
import re
from collections.abc import Mapping
from datetime import date

from app.domain.forms import Choice, Decision, Field, FieldType, Form, InvalidForm, Tone, Way
from app.domain.strict_json import Place

NAME = re.compile(r"[a-z][a-z0-9_]{0,59}\Z")
BUILT_IN = frozenset({"content_sha256", "authenticated_by", "attachments"})
# What the pages send or hold beside the answers, under names of their own.
RESERVED = BUILT_IN | {"csrf_token", "one_time_token", "task_id", "data", "errors", "form_errors", "meta", "validate"}
RESERVED |= {"process", "populate_obj", "answers", "hidden_tag", "is_submitted", "validate_on_submit", "asked"}
RESERVED |= {"post_process", "own", "definition"}
LONGEST = {"title": 120, "label": 120, "hint": 300, "missing": 200, "when": 300, "button": 60, "outcome": 120}
LONGEST |= {"means": 400, "done": 300}
MOST_FIELDS, MOST_CHOICES = 30, 30
MOST_CHARACTERS = {FieldType.TEXT: 200, FieldType.DOCUMENT_NUMBER: 100, FieldType.LONG_TEXT: 4000}
LARGEST = 999_999_999_999


def read(name: str, data: object) -> Form:
    """The form called `name`. Raises InvalidForm."""
    place = _Place(f"Formulario «{name}»", data)
    _require_name(place, name)
    place.only("title", "fields", "decision", "button", "built_in")
    fields = place.items("fields", MOST_FIELDS)
    form = Form(
        name=name,
        title=place.text("title", needed=True),
        fields=tuple(_field(place, number, item) for number, item in enumerate(fields, start=1)),
        decision=_decision(place, data["decision"]) if isinstance(data, Mapping) and "decision" in data else None,
        button=place.text("button"),
        built_in=tuple(_built_in(place, item) for item in place.items("built_in", len(BUILT_IN))),
    )
    _require_whole(place, form)
    return form


def _require_whole(place: "_Place", form: Form) -> None:
    if form.decision is None and not form.button:
        place.refuse("falta «button», o una decisión con dos botones. Escríbalo.")
    if form.decision is not None and form.button:
        place.refuse("termina en una decisión con dos botones o en un botón. Deje uno de los dos.")
    names = list(form.answers)
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        place.refuse(f"«{twice[0]}» está dos veces. Cambie un nombre.")


def _field(form: "_Place", number: int, data: object) -> Field:
    name = data.get("name") if isinstance(data, Mapping) else None
    place = _Place(f"{form.where}, campo {f'«{name}»' if name else number}", data)
    place.only(*Field.__dataclass_fields__)
    _require_name(place, place.text("name", needed=True))
    kind = place.one_of("type", FieldType)
    field = Field(
        name=place.text("name"),
        type=kind,
        label=place.text("label", needed=True),
        hint=place.text("hint"),
        required=place.flag("required", default=True),
        missing=place.text("missing"),
        minimum=_limit(place, "minimum", kind),
        maximum=_limit(place, "maximum", kind),
        choices=_choices(place, kind),
        when=place.text("when"),
        decides=place.flag("decides", default=False),
    )
    _require_sense(place, field)
    return field


def _require_sense(place: "_Place", field: Field) -> None:
    low, high = field.minimum, field.maximum
    if low is not None and high is not None and low > high:  # type: ignore[operator]
        place.refuse("el mínimo es mayor que el máximo. Corrija uno de los dos.")
    if field.type.is_text and high is None:
        place.refuse(f"falta «maximum», el largo máximo, de hasta {MOST_CHARACTERS[field.type]}. Agréguelo.")
    if field.decides and (field.when or not field.required):
        place.refuse("un campo que decide es obligatorio y se pregunta siempre. Quite su condición o «decides».")
    if field.decides and field.type is FieldType.DATE:
        place.refuse("una fecha no puede decidir: las condiciones no la leen. Quite «decides».")


def _limit(place: "_Place", key: str, kind: FieldType) -> int | date | None:
    if kind.is_chosen and key in place.data:
        place.refuse(f"«{key}» no va en un campo de opciones. Quítelo.")
    if kind is FieldType.DATE:
        return place.day(key)
    if kind.is_text:
        return place.number(key, 0, MOST_CHARACTERS[kind])
    return place.number(key, -LARGEST, LARGEST)


def _choices(place: "_Place", kind: FieldType) -> tuple[Choice, ...]:
    items = place.items("choices", MOST_CHOICES)
    if (kind is FieldType.CHOICE) == (len(items) < 2):
        place.refuse("un campo de opciones lleva de 2 a 30 «choices», y los demás ninguna. Corríjalo.")
    found = tuple(_choice(_Place(f"{place.where}, opción {number}", item)) for number, item in enumerate(items, 1))
    if len({choice.value for choice in found}) < len(found):
        place.refuse("dos opciones tienen el mismo valor. Cambie uno.")
    return found


def _choice(place: "_Place") -> Choice:
    place.only("value", "label")
    _require_name(place, place.text("value", needed=True))
    return Choice(place.text("value"), place.text("label", needed=True))


def _decision(form: "_Place", data: object) -> Decision:
    place = _Place(f"{form.where}, decisión", data)
    place.only("name", "yes", "no", "missing")
    _require_name(place, place.text("name", needed=True))
    yes, no = (_way(_Place(f"{place.where}, «{key}»", place.data.get(key))) for key in ("yes", "no"))
    return Decision(place.text("name"), yes, no, place.text("missing"))


def _way(place: "_Place") -> Way:
    place.only(*Way.__dataclass_fields__)
    return Way(
        button=place.text("button", needed=True),
        outcome=place.text("outcome", needed=True),
        means=place.text("means"),
        done=place.text("done"),
        tone=place.one_of("tone", Tone, default=Tone.MAIN),
    )


def _built_in(place: "_Place", item: object) -> str:
    if not isinstance(item, str) or item not in BUILT_IN:
        place.refuse(f"«built_in» admite {', '.join(sorted(BUILT_IN))}. Quite {item!r}.")
    return item


def _require_name(place: "_Place", name: str) -> None:
    if not name.strip():
        place.refuse("falta el nombre. Escríbalo en inglés, con minúsculas y guion bajo, como «amount_paid».")
    if not NAME.match(name) or keyword.iskeyword(name):
        place.refuse(
            f"el nombre «{name[:60]}» va en inglés, con minúsculas y guion bajo, como «amount_paid». Cámbielo."
        )
    if name in RESERVED:
        place.refuse(f"el nombre «{name}» está reservado. Elija otro.")


class _Place(Place):
    error = InvalidForm
    longest = LONGEST
