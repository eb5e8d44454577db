"""The hours of a course on its page, and Re-Calcular Porcentajes."""

from decimal import Decimal

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.domain.permissions import Profile
from app.domain.terms import Activity
from app.models import TrainingAction
from tests.factories import TrainingActionFactory
from tests.web.people import as_provider, enter
from tests.web.visitor import errors_of, page_of, words


def partial_course() -> TrainingAction:
    made: TrainingAction = TrainingActionFactory(
        participants=1,
        classes=2,
        attended=True,
        activity=Activity.PARTIAL,
        credited_hours=Decimal(132),
        partial_hours=Decimal(58),
    )
    return made


def test_the_course_tells_its_three_kinds_of_hours(client: FlaskClient, session: Session) -> None:
    action = partial_course()
    text = words(as_provider(client, action).read(f"/acciones/{action.code}"), "#datos-del-curso")

    assert "Hora(s) Acreditadas 132 Hrs" in text
    assert "Horas Parciales 58 Hrs, sobre ellas se calcula el porcentaje" in text
    assert "Horas Complementarias 74 Hrs" in text


def test_recalculating_by_the_page_changes_the_percentages_and_is_recorded(
    client: FlaskClient, session: Session
) -> None:
    action = partial_course()
    visitor = as_provider(client, action)
    assert "Re-Calcular Porcentajes" in words(visitor.read(f"/acciones/{action.code}"))

    response = visitor.send(f"/acciones/{action.code}/horas", "Re-Calcular Porcentajes", partial_hours="20,5")
    assert response.status_code == 303
    course = visitor.read(response.headers["Location"])
    corrections = visitor.read(f"/acciones/{action.code}/correcciones")

    assert "48,78 %" in words(course, "#listado-de-participantes")
    assert "Horas parciales: antes 58 → ahora 20,5" in words(corrections, "#correcciones")
    assert "en «Re-Calcular Porcentajes»" in words(corrections, "#correcciones")


@pytest.mark.parametrize(
    ("typed", "status", "sentence"),
    [
        ("", 422, "Escriba las horas parciales como un número"),
        ("doce", 422, "Escriba las horas parciales como un número"),
        ("0", 422, "Las horas parciales deben ser más que 0. Corríjalas."),
        ("132", 409, "menos que las 132 acreditadas"),
    ],
)
def test_impossible_hours_stay_on_the_form_with_the_reason(
    client: FlaskClient, session: Session, typed: str, status: int, sentence: str
) -> None:
    action = partial_course()
    response = as_provider(client, action).send(
        f"/acciones/{action.code}/horas", "Re-Calcular Porcentajes", partial_hours=typed
    )
    page = page_of(response, status)

    assert sentence in " ".join(errors_of(page))
    assert page.select_one("#partial_hours")["value"] == typed  # type: ignore[index]


def test_a_supervisor_has_no_way_to_the_hours(client: FlaskClient, session: Session) -> None:
    action = partial_course()
    visitor = enter(client, Profile.SUPERVISOR, action.otic)

    assert "Re-Calcular" not in words(visitor.read(f"/acciones/{action.code}"))
    visitor.read(f"/acciones/{action.code}/horas", 403)
