"""Descargar Asistencia Total from the course page: at once, or made aside and fetched later."""

from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.permissions import Profile
from app.models import Job, TrainingAction
from app.services import exports
from tests.factories import PersonFactory, TrainingActionFactory
from tests.support.jobs import work_off
from tests.web.visitor import Visitor

ENDINGS = ("asistencia.xlsx", "asistencia.csv", "asistencia-totales.csv", "asistencia.pdf")


@pytest.fixture
def visitor(client: FlaskClient) -> Visitor:
    return Visitor(client)


@pytest.fixture
def action(session: Session) -> TrainingAction:
    found: TrainingAction = TrainingActionFactory(participants=2, classes=2, attended=True)
    return found


def enter_as_issuer(visitor: Visitor, action: TrainingAction) -> None:
    issuer = PersonFactory(profiles=[(Profile.PROVIDER_NATIONAL_ADMIN, action.otec, None)])
    visitor.enter(issuer, Profile.PROVIDER_NATIONAL_ADMIN, action.otec)


def how_many(session: Session) -> int:
    session.commit()
    return session.scalars(select(func.count()).select_from(Job)).one()


def test_the_course_page_offers_the_three_formats(visitor: Visitor, action: TrainingAction) -> None:
    enter_as_issuer(visitor, action)

    links = {str(link["href"]) for link in visitor.read(f"/acciones/{action.code}").select("main a[href]")}

    assert {f"/acciones/{action.code}/{ending}" for ending in ENDINGS} <= links


@pytest.mark.parametrize(
    ("ending", "begins", "name"),
    [
        ("asistencia.xlsx", b"PK", "asistencia-{}.xlsx"),
        ("asistencia.csv", b"RUT Participante,", "asistencia-{}.csv"),
        ("asistencia-totales.csv", b"RUT Participante,", "asistencia-totales-{}.csv"),
        ("asistencia.pdf", b"%PDF-", "asistencia-{}.pdf"),
    ],
)
def test_a_small_course_is_downloaded_at_once(
    visitor: Visitor, action: TrainingAction, ending: str, begins: bytes, name: str
) -> None:
    enter_as_issuer(visitor, action)

    sent = visitor.client.get(f"/acciones/{action.code}/{ending}")

    assert sent.status_code == 200
    assert sent.data.startswith(begins)
    assert name.format(action.code) in sent.headers["Content-Disposition"]


def test_a_large_course_is_made_aside_and_fetched_later(
    app: Flask, session: Session, visitor: Visitor, action: TrainingAction, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "AT_ONCE", 3)
    enter_as_issuer(visitor, action)
    asked = visitor.client.get(f"/acciones/{action.code}/asistencia.xlsx")
    assert asked.headers["Location"] == f"/acciones/{action.code}/asistencia?formato=xlsx"

    sent = visitor.send(asked.headers["Location"], "Preparar el archivo")
    with app.app_context():
        work_off(session)

    page = visitor.read(sent.headers["Location"])
    (link,) = page.select("a[href$='/archivo']")
    got = visitor.client.get(str(link["href"]))
    assert load_workbook(BytesIO(got.data))["Sesiones"].max_row == 1 + 2 * 2
    assert f"asistencia-{action.code}.xlsx" in got.headers["Content-Disposition"]


def test_looking_at_the_page_of_a_large_file_starts_nothing(
    session: Session, visitor: Visitor, action: TrainingAction
) -> None:
    enter_as_issuer(visitor, action)

    visitor.read(f"/acciones/{action.code}/asistencia?formato=pdf")

    assert how_many(session) == 0


def test_a_format_that_is_none_is_not_found(visitor: Visitor, action: TrainingAction) -> None:
    enter_as_issuer(visitor, action)

    assert visitor.client.get(f"/acciones/{action.code}/asistencia?formato=exe").status_code == 404


@pytest.mark.parametrize("ending", ENDINGS)
def test_another_institution_s_course_is_not_found(visitor: Visitor, action: TrainingAction, ending: str) -> None:
    enter_as_issuer(visitor, TrainingActionFactory())

    assert visitor.client.get(f"/acciones/{action.code}/{ending}").status_code == 404
