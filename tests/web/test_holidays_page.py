"""The page of the holidays: the legal ones told, one added, one withdrawn, and nobody else let in."""

from datetime import UTC, date, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.domain.permissions import Profile
from app.models import Holiday
from tests.web.people import enter
from tests.web.visitor import Visitor, errors_of, page_of, words

ADD, WITHDRAW = "Agregar el feriado", "Retirar el feriado"


def working_day() -> date:
    """A Wednesday some weeks from now that no law knows."""
    day = date(datetime.now(UTC).year + 1, 3, 1)
    return day + timedelta(days=(2 - day.weekday()) % 7)


@pytest.fixture
def admin(client: FlaskClient) -> Visitor:
    return enter(client, Profile.SENCE_NATIONAL_ADMIN)


def add(visitor: Visitor, *, day: str = "", region: str = "", name: str = "Feriado por decreto 12") -> object:
    typed = visitor.fill(visitor.read("/feriados"), ADD, day=day or f"{working_day():%d/%m/%Y}", name=name)
    return visitor.client.post("/feriados", data=typed | {"region": region})


@pytest.mark.parametrize(("region", "where"), [("", "Todo el país"), ("16", "Ñuble")])
def test_the_administrator_adds_one(admin: Visitor, session: Session, region: str, where: str) -> None:
    response = add(admin, region=region)

    assert response.status_code == 303  # type: ignore[attr-defined]
    row = session.query(Holiday).one()
    assert (row.day, row.region, row.name) == (working_day(), region or None, "Feriado por decreto 12")
    page = admin.read("/feriados")
    assert "El feriado quedó agregado." in words(page)
    assert where in words(page, "#agregados")
    assert f"{working_day():%d/%m/%Y}" in words(page, "#agregados")


def test_one_is_withdrawn_after_a_question_and_stays_in_sight(admin: Visitor, session: Session) -> None:
    add(admin)
    link = admin.read("/feriados").select_one("#agregados a")
    assert link is not None

    response = admin.send(str(link["href"]), WITHDRAW)

    assert response.status_code == 303
    page = admin.read("/feriados")
    assert page.select("#agregados") == []
    assert "Feriado por decreto 12" in words(page, "#retirados")
    row = session.query(Holiday).one()
    assert row.withdrawn_at is not None
    admin.read(str(link["href"]), 404)


@pytest.mark.parametrize(
    ("typed", "status", "sentence"),
    [
        ({"day": " "}, 422, "Falta el día. Escríbalo como 31/12/2026."),
        ({"day": "31/02/2027"}, 422, "no existe en el calendario"),
        ({"name": " "}, 422, "Falta el nombre."),
        ({"name": "x" * 121}, 422, "el máximo es 120"),
        ({"region": "99"}, 422, "Elija una región de la lista"),
        ({"day": "01/01/2090"}, 409, "Revise el año"),
        ({"day": f"25/12/{datetime.now(UTC).year}"}, 409, "ya no es día hábil"),
    ],
    ids=str,
)
def test_an_impossible_one_is_not_added(
    admin: Visitor, session: Session, typed: dict[str, str], status: int, sentence: str
) -> None:
    page = page_of(add(admin, **typed), status)  # type: ignore[arg-type]

    assert sentence in " ".join(errors_of(page))
    assert session.query(Holiday).count() == 0


@pytest.mark.parametrize(("region", "again"), [("", ""), ("", "16"), ("16", "16")])
def test_the_same_day_is_not_added_twice_for_a_place(admin: Visitor, session: Session, region: str, again: str) -> None:
    add(admin, region=region)

    page = page_of(add(admin, region=again), 409)  # type: ignore[arg-type]

    assert "ya está agregado: «Feriado por decreto 12». Elija otro día." in " ".join(errors_of(page))


def test_the_legal_holidays_are_told_with_their_regions(admin: Visitor) -> None:
    text = " ".join(admin.read("/feriados").text.split())

    assert "Navidad" in text or "Año Nuevo" in text
    assert "Arica y Parinacota" in text


def test_nobody_else_opens_the_page(client: FlaskClient, session: Session) -> None:
    page = enter(client, Profile.SENCE_REGIONAL_ADMIN, region="13").read("/feriados", 403)

    assert page.select("#day") == []
