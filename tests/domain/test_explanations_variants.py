"""Each variant tells its own answer; where it changes nothing the sentence is GCA-1's."""

from fractions import Fraction

import pytest

from app.domain.attendance import POLICIES, compute_attendance
from app.domain.explanations import explain_class
from tests.support.attendance_text import SANTIAGO, class_held, explain, marks_in

BY_TWO = (("09:00", "11:00"), ("10:30", "13:00"))
ON_THE_DOT = "Entró 09:00, al empezar la clase; se cuenta desde las 09:00."


@pytest.mark.parametrize(
    ("policy_id", "marks", "sentence"),
    [
        pytest.param(
            "GCA-1-GRACE-10",
            "in 09:15, out 13:00",
            "Entró 09:15; la clase empezó 09:00; pasados los 10 minutos de gracia, se cuenta desde las 09:15.",
            id="another length of grace",
        ),
        pytest.param(
            "GCA-1-LATE-REDUCED",
            "in 09:30, out 13:00",
            "Entró 09:30; la clase empezó 09:00; el atraso se reduce en los 20 minutos de gracia, "
            "se cuenta desde las 09:10.",
            id="lateness reduced",
        ),
        pytest.param(
            "GCA-1-LATE-NONE",
            "in 09:30, out 10:00, in 11:00, out 13:00",
            "Entró 09:30; la clase empezó 09:00; pasados los 20 minutos de gracia, la clase no se cuenta.",
            id="the class lost",
        ),
        pytest.param(
            "GCA-1-MISSING-NONE",
            "in 09:00",
            "Entró 09:00 y queda sin marca de salida; desde ahí no se cuenta.",
            id="an exit that nothing makes good",
        ),
        pytest.param(
            "GCA-1-PENDING",
            "in 09:00 pending, out 13:00",
            f"{ON_THE_DOT} La huella por validar ya se cuenta: entrada de las 09:00.",
            id="a pending fingerprint that counts",
        ),
        *(
            pytest.param(policy_id, "in 09:00, out 13:00", ON_THE_DOT, id=f"{policy_id} changes no class")
            for policy_id in ("GCA-1-TIME-HELD", "GCA-1-HALF-UP", "GCA-1-BLOCKS", "GCA-1-PROGRAMMES")
        ),
    ],
)
def test_a_class_explains_itself_under_each_variant(policy_id: str, marks: str, sentence: str) -> None:
    assert explain(marks, policy_id=policy_id) == sentence


@pytest.mark.parametrize(
    ("marks", "sentence"),
    [
        pytest.param(
            "in 09:10",
            "Entró 09:10; la clase empezó 09:00; dentro de los 20 minutos de gracia, se cuenta desde las 09:00. "
            "Sin marca de salida; por la asistencia retroactiva aprobada (Resolución 7) se cuenta hasta las 13:00.",
            id="no exit",
        ),
        pytest.param(
            "out 12:00",
            "Sin marca de entrada; por la asistencia retroactiva aprobada (Resolución 7) se cuenta desde las 09:00. "
            "Salió 12:00; la clase terminó 13:00; se cuenta hasta las 12:00.",
            id="no entry",
        ),
        pytest.param(
            "",
            "Sin marcas; por la asistencia retroactiva aprobada (Resolución 7) se cuenta la clase entera.",
            id="no marks",
        ),
        pytest.param(
            "in 09:00, out 13:00",
            f"{ON_THE_DOT} La asistencia retroactiva aprobada (Resolución 7) no cambia nada: "
            "no falta una marca dentro de la clase.",
            id="nothing missing",
        ),
        pytest.param(
            "in 13:30",
            "Entró 13:30 y queda sin marca de salida; desde ahí no se cuenta. "
            "La asistencia retroactiva aprobada (Resolución 7) no cambia nada: no falta una marca dentro de la clase.",
            id="came when it was over",
        ),
    ],
)
def test_an_approved_request_names_its_decision(marks: str, sentence: str) -> None:
    assert explain(marks, decision="Resolución 7") == sentence


def test_an_approval_that_the_policy_does_not_honour_says_so() -> None:
    assert explain("in 09:00", policy_id="GCA-1-MISSING-NONE", decision="").endswith(
        "La asistencia retroactiva aprobada no suma tiempo con la política GCA-1-MISSING-NONE."
    )


@pytest.mark.parametrize(
    ("marks", "sentence"),
    [
        pytest.param(
            "in 10:40, out 13:00",
            "Entró 10:40. "
            "Con quien empezó 09:00: pasados los 20 minutos de gracia, se cuenta desde las 10:40. "
            "Con quien empezó 10:30: dentro de los 20 minutos de gracia, se cuenta desde las 10:30.",
            id="late for one and in time for the other",
        ),
        pytest.param(
            "in 11:20, out 13:00",
            "Entró 11:20. Con quien empezó 10:30: pasados los 20 minutos de gracia, se cuenta desde las 11:20.",
            id="who had already left is not named",
        ),
        pytest.param("in 09:00, out 13:00", ON_THE_DOT, id="there before the second began"),
    ],
)
def test_a_grace_per_facilitator_is_told_apart(marks: str, sentence: str) -> None:
    assert explain(marks, *BY_TWO, policy_id="GCA-1-FACILITATOR") == sentence


def test_a_facilitator_who_has_not_closed_is_named_by_the_hour() -> None:
    said = explain("in 09:00, out 11:00", ("09:00", "11:00"), ("10:30", None), policy_id="GCA-1-FACILITATOR")

    assert said == f"Sigue abierto lo que empezó 10:30; no cuenta hasta que se cierre. {ON_THE_DOT}"


def test_a_grace_already_used_that_day_is_told() -> None:
    day = [class_held("c1"), class_held("c2", ("14:00", "18:00"))]
    policy = POLICIES["GCA-1-GRACE-DAY"]
    marks = marks_in("in 09:10, out 13:00, c2 in 14:10, c2 out 18:00")
    result = compute_attendance(day, marks, hours=Fraction(8), policy=policy, zone=SANTIAGO)

    assert explain_class(result.classes[1], zone=SANTIAGO, policy=policy) == (
        "Entró 14:10; la clase empezó 14:00; la gracia del día ya se usó, se cuenta desde las 14:10."
    )
