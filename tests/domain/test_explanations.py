"""The sentence that tells a participant where the figure of one class comes from."""

import pytest

from app.domain.attendance import AttendanceFlag
from app.domain.explanations import duration_text
from tests.support.attendance_text import explain


def test_the_plain_case_is_told_to_the_letter() -> None:
    assert explain("in 09:24, out 13:00", ("09:05", "13:00")) == (
        "Entró 09:24; la clase empezó 09:05; dentro de los 20 minutos de gracia, se cuenta desde las 09:05."
    )


@pytest.mark.parametrize(
    ("marks", "sentence"),
    [
        pytest.param(
            "in 09:14, out 13:00",
            "Entró 09:14; la clase empezó 09:00; dentro de los 20 minutos de gracia, se cuenta desde las 09:00.",
            id="within the grace, in the handbook's own words",
        ),
        pytest.param(
            "in 08:52, out 13:00",
            "Entró 08:52, antes de empezar la clase; se cuenta desde las 09:00.",
            id="early",
        ),
        pytest.param(
            "in 09:00, out 13:00", "Entró 09:00, al empezar la clase; se cuenta desde las 09:00.", id="on the dot"
        ),
        pytest.param(
            "in 09:20:01, out 13:00",
            "Entró 09:20:01; la clase empezó 09:00; pasados los 20 minutos de gracia, se cuenta desde las 09:20:01.",
            id="late by one second, and the second is told",
        ),
        pytest.param(
            "in 09:00, out 12:15",
            "Entró 09:00, al empezar la clase; se cuenta desde las 09:00. "
            "Salió 12:15; la clase terminó 13:00; se cuenta hasta las 12:15.",
            id="left early",
        ),
        pytest.param(
            "in 09:00, out 13:10",
            "Entró 09:00, al empezar la clase; se cuenta desde las 09:00. "
            "Salió 13:10, después de terminar la clase; se cuenta hasta las 13:00.",
            id="left after the end",
        ),
        pytest.param(
            "in 09:10, out 10:00, in 10:15, out 13:00",
            "Entró 09:10; la clase empezó 09:00; dentro de los 20 minutos de gracia, se cuenta desde las 09:00. "
            "Se cuentan 2 tramos: 09:00–10:00 y 10:15–13:00.",
            id="several intervals",
        ),
        pytest.param(
            "in 08:30, out 08:50, in 09:10, out 13:00",
            "Entró 08:30 y salió 08:50, fuera del tiempo de clase; eso no se cuenta. "
            "Volvió a entrar 09:10; la gracia es solo para la primera entrada, se cuenta desde las 09:10.",
            id="came and went before the class",
        ),
        pytest.param(
            "in 13:05, out 13:30",
            "Entró 13:05 y salió 13:30, fuera del tiempo de clase; eso no se cuenta.",
            id="came after the class",
        ),
        pytest.param(
            "in 09:00",
            "Entró 09:00 y queda sin marca de salida; "
            "desde ahí no se cuenta mientras no se apruebe la asistencia retroactiva.",
            id="no exit",
        ),
        pytest.param(
            "out 13:00",
            "Salió 13:00 y queda sin marca de entrada; "
            "esa salida no se cuenta mientras no se apruebe la asistencia retroactiva.",
            id="no entry",
        ),
        pytest.param(
            "in 09:00, in 09:05, out 13:00",
            "Entró 09:00, al empezar la clase; se cuenta desde las 09:00. "
            "La entrada repetida de las 09:05 no cambia nada.",
            id="a repeated entry",
        ),
        pytest.param("", "No hay marcas que cuenten en esta clase: 0 min.", id="no marks"),
        pytest.param(
            "in 09:00 rejected",
            "No hay marcas que cuenten en esta clase: 0 min. "
            "La huella no fue reconocida y no cuenta: entrada de las 09:00.",
            id="a rejected fingerprint",
        ),
        pytest.param(
            "in 09:00 pending, out 13:00",
            "Entró 09:00, al empezar la clase; se cuenta desde las 09:00. "
            "Es provisional: falta validar la huella (entrada de las 09:00); por ahora se cuentan 0 min.",
            id="a pending fingerprint",
        ),
    ],
)
def test_a_class_explains_itself(marks: str, sentence: str) -> None:
    assert explain(marks) == sentence


def test_a_class_still_open_says_so_first() -> None:
    assert explain("in 09:00, out 13:00", ("09:00", None)) == (
        "La clase empezó 09:00 y sigue abierta; no cuenta hasta que se cierre."
    )


def test_a_hole_between_facilitators_shows_as_two_stretches() -> None:
    said = explain("in 09:00, out 13:00", ("09:00", "10:00"), ("11:00", "13:00"))

    assert said.endswith("Se cuentan 2 tramos: 09:00–10:00 y 11:00–13:00.")


def test_hours_are_those_of_the_place() -> None:
    assert explain("in 09:14, out 13:00", zone="Pacific/Easter").startswith("Entró 07:14; la clase empezó 07:00;")


def test_an_hour_of_the_next_day_names_its_date() -> None:
    said = explain(
        "in 2026-06-10T22:00:00-04:00, out 2026-06-11T01:30:00-04:00",
        ("2026-06-10T22:00:00-04:00", "2026-06-11T02:00:00-04:00"),
    )

    assert said.endswith("Salió 01:30 del 11/06; la clase terminó 02:00 del 11/06; se cuenta hasta la 01:30 del 11/06.")


def test_an_hour_that_happens_twice_names_its_offset() -> None:
    said = explain(
        "in 2026-04-04T22:00:00-03:00, out 2026-04-04T23:30:00-04:00",
        ("2026-04-04T22:00:00-03:00", "2026-04-05T01:00:00-04:00"),
    )

    assert "Salió 23:30 (UTC-04);" in said


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0 min"), (59, "59 s"), (900, "15 min"), (14400, "4 h"), (11700, "3 h 15 min"), (13199, "3 h 39 min 59 s")],
)
def test_a_duration_is_told_in_words(seconds: int, text: str) -> None:
    assert duration_text(seconds) == text


def test_every_flag_has_a_face() -> None:
    assert {flag.value: flag.label for flag in AttendanceFlag} == {
        "class_not_closed": "clase sin cerrar",
        "missing_entry": "sin marca de entrada",
        "missing_exit": "sin marca de salida",
        "repeated_entry": "entrada repetida",
    }
