"""What an expression gives is told from the declared types, in a sentence that says what to do."""

import pytest

from app.process.expression_types import BOOL, DAY, INT, TEXT, Signature, Type, choice_of, require, within
from app.process.expressions import ExpressionError

VARIABLES = {"granted": BOOL, "days": INT, "reason": TEXT, "region": choice_of("13", "05", "15")}
FUNCTIONS = {"plazo_habil": Signature(takes=[within(1, 365)], gives=DAY)}


def mistake(source: str, expected: Type) -> str:
    """What is wrong with it; nothing if it is sound."""
    try:
        require(source, expected, VARIABLES, FUNCTIONS)
    except ExpressionError as error:
        return str(error)
    return ""


@pytest.mark.parametrize(
    "source",
    [
        "granted",
        "granted == True",
        "not granted",
        "granted and days > 5 or reason != 'x'",
        "0 < days <= 10",
        "region in ('13', '05')",
        "region not in ['15']",
        "days in (1, 2)",
        "'13' == region",
        "(granted == True) == (days == 5)",
    ],
)
def test_a_sound_condition_passes(source: str) -> None:
    assert mistake(source, BOOL) == ""


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ("approved", "«approved», que nadie responde. Las respuestas que hay: days, granted, reason, region"),
        ("days", "La expresión da «número entero» y aquí se necesita «sí o no». Compare una respuesta"),
        ("'granted'", "La expresión da «texto»"),
        ("None", "La expresión da «nada»"),
        ("granted == 1", "Se compara «sí o no» con «número entero»: son de tipos distintos"),
        ("granted == None", "Se compara «sí o no» con «nada»"),
        ("days == '5'", "Se compara «número entero» con «texto»"),
        ("reason < 'b'", "Solo los números se ordenan"),
        ("granted < True", "Solo los números se ordenan"),
        ("granted and days", "and, or y not unen condiciones, y aquí hay «número entero»"),
        ("not reason", "and, or y not unen condiciones, y aquí hay «texto»"),
        ("'a' in reason", "in busca en una lista, y aquí hay «texto»"),
        ("days in ('1', '2')", "Se compara «número entero» con «texto»"),
        ("days in (1, '2')", "Se compara «número entero» con «texto»"),
        ("days in ()", "La lista está vacía"),
        ("(1, 2) == (1, 2) == days", "Se compara «lista» con «número entero»"),
        ("region == '99'", "«99» no es una opción. Las que hay: 05, 13, 15"),
        ("'99' != region", "«99» no es una opción"),
        ("region in ('13', '99')", "«99» no es una opción"),
        ("plazo_largo(5) == days", "La función «plazo_largo» no existe aquí. Las que hay: plazo_habil"),
        ("plazo_habil(10)", "La expresión da «fecha» y aquí se necesita «sí o no»"),
    ],
)
def test_a_mistake_is_told_before_any_case_runs(source: str, sentence: str) -> None:
    assert sentence in mistake(source, BOOL)


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ("plazo_habil()", "lleva 1 valor(es) y aquí hay 0"),
        ("plazo_habil(1, 2)", "lleva 1 valor(es) y aquí hay 2"),
        ("plazo_habil('10')", "lleva «número entero» y aquí hay «texto»"),
        ("plazo_habil(0)", "un número de 1 a 365"),
        ("plazo_habil(366)", "un número de 1 a 365"),
        ("plazo_habil(days)", "un número de 1 a 365"),
        ("10", "La expresión da «número entero» y aquí se necesita «fecha»"),
    ],
)
def test_a_deadline_is_a_term_within_a_year(source: str, sentence: str) -> None:
    assert sentence in mistake(source, DAY)


def test_a_sound_deadline_passes() -> None:
    assert mistake("plazo_habil(10)", DAY) == ""
