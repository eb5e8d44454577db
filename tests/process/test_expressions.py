"""The language of conditions: small enough that nothing of Python can be reached from a diagram."""

from datetime import timedelta
from typing import Any

import pytest

from app.process import expressions
from app.process.expressions import MAX_LENGTH, MAX_STEPS, ExpressionError, evaluate


@pytest.mark.parametrize("name", ["open", "eval", "getattr", "print", "type"])
def test_a_function_of_python_is_not_there(name: str) -> None:
    with pytest.raises(ExpressionError, match=name):
        evaluate(f"{name}('x')", {})


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("granted == True", True),
        ("not granted", False),
        ("granted and days > 5", True),
        ("granted and days > 10 or region == '13'", True),
        ("region in ('13', '05')", True),
        ("region not in ['13']", False),
        ("5 < days <= 10", True),
        ("nothing == None", True),
    ],
)
def test_conditions_mean_what_they_say(source: str, value: bool) -> None:
    variables: dict[str, Any] = {"granted": True, "days": 10, "region": "13", "nothing": None}

    assert evaluate(source, variables) is value


def test_an_unknown_variable_is_named_beside_those_there_are() -> None:
    with pytest.raises(ExpressionError, match=r"«granted» no existe.*accepted"):
        evaluate("granted == True", {"accepted": True})


def test_values_that_do_not_compare_are_an_error_and_not_an_answer() -> None:
    with pytest.raises(ExpressionError, match="tipos distintos"):
        evaluate("region < 5", {"region": "13"})


BUDGETS = {
    "long": "x == " + "1" * MAX_LENGTH,
    "wide": " and ".join(["x"] * 50),
    "deep": "not " * 20 + "x",
    "parentheses": "(" * 250,
    "brackets": "[" * 149 + "]" * 149,
    "compared": " < ".join("1234567890" * 4),
    "very_long": "x" * 10_000_000,
    "many_digits": "9" * 290,
}


@pytest.mark.parametrize("source", BUDGETS.values(), ids=BUDGETS)
def test_an_expression_has_a_budget(source: str) -> None:
    with pytest.raises(ExpressionError):
        expressions.parse(source)


@pytest.mark.parametrize("source", ["", "granted ==", "granted = True", "x\0"])
def test_bad_writing_is_refused_as_such(source: str) -> None:
    with pytest.raises(ExpressionError, match="no es una expresión válida"):
        expressions.parse(source)


def test_the_variables_of_a_condition_are_known_without_running_it() -> None:
    assert expressions.names_in("granted and plazo_habil(days) > 3") == {"granted", "days"}


def test_a_value_too_long_to_compare_ends_the_evaluation() -> None:
    with pytest.raises(ExpressionError, match="compara demasiado"):
        evaluate("'a' in answers", {"answers": ("b" * 100,) * MAX_STEPS})


@pytest.mark.parametrize(
    "source", ["granted == 1", "days == True", "region == None or days == region", "'1' in region"]
)
def test_python_would_compare_them_and_we_do_not(source: str) -> None:
    with pytest.raises(ExpressionError, match="tipos distintos"):
        evaluate(source, {"granted": True, "days": 1, "region": "13"})


@pytest.mark.parametrize("source", ["not days", "days and granted", "granted or days or granted"])
def test_only_yes_and_no_are_joined(source: str) -> None:
    with pytest.raises(ExpressionError, match="no es sí ni no"):
        evaluate(source, {"granted": False, "days": 1})


def test_a_function_that_cannot_take_its_values_is_an_error_of_the_expression() -> None:
    with pytest.raises(ExpressionError, match="no acepta esos valores"):
        evaluate("plazo_corrido(999999999)", {}, {"plazo_corrido": lambda days: timedelta(days=days * 10)})


def test_a_tree_is_parsed_once() -> None:
    assert expressions.parse("granted == True") is expressions.parse("granted == True")
