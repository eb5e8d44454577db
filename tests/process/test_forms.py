"""Forms as the process knows them: the types conditions may use, when a field is asked, and what of the answers is kept."""

from typing import Any

import pytest

from app.domain.errors import Refusal
from app.domain.forms import InvalidForm
from app.process import forms
from app.process.expression_types import BOOL, INT, TEXT
from app.process.forms import FormSpec

PAID = {"name": "amount_paid", "type": "number", "label": "Monto pagado"}
LATE = {"name": "late", "type": "yes_no", "label": "¿Fuera de plazo?", "decides": True}
WHY = {"name": "why_late", "type": "text", "label": "Por qué", "maximum": 80, "when": "late == True"}
MORE = {"name": "more", "type": "text", "label": "Algo más", "maximum": 80, "required": False}


def spec(*fields: dict[str, Any]) -> FormSpec:
    return forms.spec("request", {"title": "Solicitud", "fields": list(fields), "button": "Enviar"})


def test_what_decides_goes_to_gateways_and_the_rest_stays_with_the_task() -> None:
    found = forms.first_versions()["annulment_decision"]

    assert (dict(found.asks), dict(found.decides)) == ({"reason": TEXT}, {"granted": BOOL})
    assert found.outcomes[False] == "rechazó la anulación"


def test_a_field_may_decide_too() -> None:
    found = spec(PAID | {"decides": True}, MORE)

    assert dict(found.decides) == {"amount_paid": INT}
    assert found.needed == {"amount_paid"}


@pytest.mark.parametrize(
    ("when", "sentence"),
    [
        ("why_late == 'x'", "que nadie responde"),
        ("amount_paid == 'x'", "son de tipos distintos"),
        ("amount_paid", "aquí se necesita «sí o no»"),
        ("__import__('os')", "no se permite"),
    ],
    ids=["itself", "wrong type", "no truth", "Python"],
)
def test_a_condition_reads_earlier_fields_only_and_by_their_type(when: str, sentence: str) -> None:
    with pytest.raises(InvalidForm, match="campo «why_late»: su condición no sirve") as refused:
        spec(PAID, WHY | {"when": when})

    assert sentence in refused.value.sentence


def test_a_field_is_asked_where_its_condition_holds_and_not_before_it_can_be_told() -> None:
    (asked,) = (field for field in spec(LATE, WHY).definition.fields if field.when)

    assert [forms.is_asked(asked, answers) for answers in ({"late": True}, {"late": False}, {})] == [True, False, False]


def test_what_was_not_asked_is_not_kept() -> None:
    given = {"late": False, "why_late": "x", "colour": "red", "more": None}

    assert forms.accepted(spec(LATE, WHY, MORE), given) == {"late": False}


def test_what_must_be_answered_is_refused_when_it_is_not() -> None:
    with pytest.raises(Refusal, match="Falta «Por qué»"):
        forms.accepted(spec(LATE, WHY), {"late": True})


def test_a_built_in_answer_is_kept_as_the_product_gave_it() -> None:
    given = {"reason": "Falta la marca.", "attachments": []}

    assert forms.accepted(forms.first_versions()["retroactive_request"], given) == given
