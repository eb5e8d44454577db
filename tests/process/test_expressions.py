"""The language of conditions: small enough that nothing of Python can be reached from a diagram."""

from typing import Any

import pytest

from app.process import expressions
from app.process.expressions import MAX_LENGTH, ExpressionError, evaluate

ESCAPES = (
    "().__class__.__base__.__subclasses__()",
    "granted.__class__",
    "__import__('os').system('true')",
    "(lambda: 1)()",
    "[x for x in (1, 2)]",
    "{'a': 1}",
    "granted[0]",
    "f'{granted}'",
    "(granted := True)",
    "open('/etc/passwd').read()",
    "10 ** 10 ** 10",
    "'a' * 999999999",
    "1 if granted else 2",
    "-1",
    "__builtins__",
    "b'bytes'",
    "1.5",
    "...",
    "plazo_habil(days=10)",
    "granted is True",
)


@pytest.mark.parametrize("source", ESCAPES)
def test_what_is_outside_the_language_is_refused_before_it_runs(source: str) -> None:
    with pytest.raises(ExpressionError):
        expressions.parse(source)


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


@pytest.mark.parametrize("source", ["x == " + "1" * MAX_LENGTH, " and ".join(["x"] * 61), "(" * 250])
def test_an_expression_has_a_budget(source: str) -> None:
    with pytest.raises(ExpressionError):
        expressions.parse(source)


@pytest.mark.parametrize("source", ["", "granted ==", "granted = True", "x\0"])
def test_bad_writing_is_refused_as_such(source: str) -> None:
    with pytest.raises(ExpressionError, match="no es una expresión válida"):
        expressions.parse(source)


def test_the_variables_of_a_condition_are_known_without_running_it() -> None:
    assert expressions.names_in("granted and plazo_habil(days) > 3") == {"granted", "days"}
