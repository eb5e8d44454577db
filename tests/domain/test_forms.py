"""A form's definition: read strictly from JSON, written back the same, and what people type judged by it."""

import json
from pathlib import Path
from typing import Any

import pytest

from app.domain import form_answers, form_reading, form_writing
from app.domain.forms import Choice, Field, FieldType, InvalidForm

FILES = sorted((Path(__file__).parents[2] / "workflows" / "forms").glob("*.json"))
PAID = {"name": "amount_paid", "type": "number", "label": "Monto pagado", "minimum": 0}
WAYS = {"yes": {"button": "Confirmar", "outcome": "confirmó"}, "no": {"button": "Devolver", "outcome": "devolvió"}}
CAUSE = {"name": "cause", "type": "choice", "label": "Causa"}
TWO = [{"value": "error", "label": "Error"}, {"value": "other", "label": "Otra"}]


def form(*fields: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"title": "Solicitud", "fields": list(fields), "button": "Enviar"} | more


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_form_of_the_house_is_written_as_it_was_read(path: Path) -> None:
    data = json.loads(path.read_text("utf-8"))

    assert form_writing.written(form_reading.read(path.stem, data)) == data


def test_every_kind_of_field_survives_being_written() -> None:
    day = {"name": "day", "type": "date", "label": "Día", "minimum": "2026-01-01", "required": False}
    text = {"name": "why", "type": "text", "label": "Por qué", "maximum": 80, "when": "late == True"}
    late = {"name": "late", "type": "yes_no", "label": "¿Tarde?", "decides": True, "hint": "Según el libro."}
    data = form(PAID, day, late, text, CAUSE | {"choices": TWO})

    assert form_writing.written(form_reading.read("request", data)) == data


FAULTS = {
    "not an object": ([], "aquí va un objeto"),
    "unknown key": (form(colour="red"), "la clave «colour» no se admite"),
    "unknown key of a field": (form(PAID | {"onclick": "x"}), "campo «amount_paid»: la clave «onclick» no se admite"),
    "no title": (form(title=" "), "falta «title»"),
    "title too long": (form(title="a" * 121), "«title» es un texto de hasta 120"),
    "control sign": (form(title="a\nb"), "va en una línea"),
    "half a sign": (form(title="\ud800"), "va en una línea"),
    "no button": (form(button=""), "falta «button»"),
    "button and decision": (form(decision={"name": "granted"} | WAYS), "termina en una decisión"),
    "decision without one way": (form(button="", decision={"name": "granted", "yes": WAYS["yes"]}), "«no»: aquí va"),
    "Spanish name": (form(PAID | {"name": "Año"}), "el nombre «Año» va en inglés"),
    "word of the language": (form(PAID | {"name": "not"}), "el nombre «not» va en inglés"),
    "name of the page's own": (form(PAID | {"name": "csrf_token"}), "está reservado"),
    "name of a built-in answer": (form(PAID | {"name": "authenticated_by"}), "está reservado"),
    "one name twice": (form(PAID, PAID), "«amount_paid» está dos veces"),
    "unknown type": (form(PAID | {"type": "file"}), "«type» es uno de text"),
    "text without a limit": (form(PAID | {"type": "text", "minimum": 1}), "falta «maximum»"),
    "text beyond all limits": (form(PAID | {"type": "long_text", "maximum": 4001}), "de 0 a 4000"),
    "limits crossed": (form(PAID | {"maximum": -1}), "el mínimo es mayor que el máximo"),
    "a limit that is a truth": (form(PAID | {"minimum": True}), "«minimum» es un número entero"),
    "a date that is none": (form(PAID | {"type": "date", "minimum": "2026-02-30"}), "«minimum» es una fecha"),
    "limit of a choice": (form(CAUSE | {"choices": TWO, "maximum": 1}), "no va en un campo de opciones"),
    "one choice": (form(CAUSE | {"choices": TWO[:1]}), "de 2 a 30"),
    "same choice twice": (form(CAUSE | {"choices": [TWO[0], TWO[0]]}), "el mismo valor"),
    "choices of a number": (form(PAID | {"choices": TWO}), "de 2 a 30"),
    "decides but may be empty": (form(PAID | {"decides": True, "required": False}), "un campo que decide"),
    "decides by date": (form(PAID | {"type": "date", "decides": True, "minimum": "2026-01-01"}), "no puede decidir"),
    "unknown built-in": (form(built_in=["password"]), "«built_in» admite"),
    "too many fields": (form(*[PAID] * 31), "«fields» es una lista de hasta 30"),
}


@pytest.mark.parametrize(("data", "sentence"), FAULTS.values(), ids=FAULTS)
def test_a_faulty_definition_is_refused_where_it_is(data: Any, sentence: str) -> None:
    with pytest.raises(InvalidForm) as refused:
        form_reading.read("request", data)

    assert refused.value.sentence.startswith("Formulario «request»")
    assert sentence in refused.value.sentence


def field(kind: str, **more: Any) -> Field:
    return Field("asked", FieldType(kind), "Lo pedido", **more)


TYPED = {
    "text": (field("text", maximum=5), " abc ", "abc", "abc"),
    "number": (field("number"), "1.250.000", 1250000, "1.250.000"),
    "below zero": (field("number"), "-5", -5, "-5"),
    "date": (field("date"), "1/3/2026", "2026-03-01", "01/03/2026"),
    "yes": (field("yes_no"), "1", True, "Sí"),
    "no": (field("yes_no"), "0", False, "No"),
    "choice": (field("choice", choices=(Choice("a", "Una"),)), "a", "a", "Una"),
    "document": (field("document_number", maximum=20), "OC-2026/118", "OC-2026/118", "OC-2026/118"),
}


@pytest.mark.parametrize(("asked", "text", "value", "told"), TYPED.values(), ids=TYPED)
def test_what_was_typed_becomes_an_answer_and_is_told(asked: Field, text: str, value: object, told: str) -> None:
    assert form_answers.wrong(asked, text) is None
    assert form_answers.value(asked, text) == value
    assert form_answers.told(asked, value) == told


def test_nothing_typed_is_no_answer_where_none_is_required() -> None:
    asked = field("number", required=False)

    assert form_answers.wrong(asked, " ") is None
    assert form_answers.value(asked, " ") is None


MISTAKES = {
    "empty": (field("text", maximum=5), "", "Falta «Lo pedido». Complételo."),
    "empty with a sentence": (field("text", maximum=5, missing="Falta eso. Escríbalo."), "", "Falta eso. Escríbalo."),
    "not chosen": (field("yes_no"), "", "Falta «Lo pedido». Elija una opción."),
    "too long": (field("text", maximum=2), "abc", "El texto tiene 3 caracteres y el máximo es 2."),
    "too short": (field("text", minimum=4, maximum=9), "abc", "El texto tiene 3 caracteres y el mínimo es 4."),
    "no number": (field("number"), "1,5", "Escriba un número entero"),
    "dots in wrong places": (field("number"), "12.50", "Escriba un número entero"),
    "foreign figures": (field("number"), "١٢", "Escriba un número entero"),
    "too low": (field("number", minimum=10), "9", "Lo mínimo que se admite es 10."),
    "too high": (field("number", maximum=1000), "1001", "Lo máximo que se admite es 1.000."),
    "no date": (field("date"), "mañana", "No es una fecha."),
    "no such day": (field("date"), "30/02/2026", "Esa fecha no existe"),
    "not offered": (field("choice", choices=(Choice("a", "Una"),)), "b", "Elija una de las opciones."),
    "neither yes nor no": (field("yes_no"), "2", "Elija una de las opciones."),
    "signs": (field("document_number", maximum=20), "F_1", "El número lleva solo letras"),
}


@pytest.mark.parametrize(("asked", "text", "sentence"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_said_with_what_to_do(asked: Field, text: str, sentence: str) -> None:
    assert (form_answers.wrong(asked, text) or "").startswith(sentence)
