"""Attendance modified after the issue, as the certificate's page and the regional inbox tell it."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.domain.permissions import Profile
from app.models import AttendanceMark, TrainingAction
from tests.factories import CertificateFactory, compute
from tests.web.people import as_provider, enter
from tests.web.visitor import words


def changed_certificate(session: Session, *, trait: str = "issued") -> TrainingAction:
    action: TrainingAction = CertificateFactory(**{trait: True}).action
    mark = session.query(AttendanceMark).filter_by(kind="out").first()
    assert mark is not None
    mark.validation = "rejected"  # type: ignore[assignment]
    compute(action)
    return action


def test_the_certificate_page_shows_the_difference_and_the_certificate_stays(
    client: FlaskClient, session: Session
) -> None:
    action = changed_certificate(session)
    page = as_provider(client, action).read(f"/acciones/{action.code}/certificados/1")

    assert "Asistencia modificada después de la emisión" in words(page)
    assert "100,00 % 50,00 % Baja 50,00 puntos" in words(page, "#diferencias tbody")


@pytest.mark.parametrize(
    ("trait", "advice"),
    [
        ("issued", "el organismo capacitador puede pedir su anulación."),
        ("rejected", "el organismo capacitador puede pedir su anulación."),
        ("requested", "Su anulación ya está pedida"),
        ("granted", "Ya no es válido: si se emite otro, llevará las cifras de ahora."),
        ("voided", "Ya no es válido: si se emite otro, llevará las cifras de ahora."),
    ],
)
def test_what_can_be_done_about_it_follows_from_the_state(
    client: FlaskClient, session: Session, trait: str, advice: str
) -> None:
    action = changed_certificate(session, trait=trait)

    assert advice in words(as_provider(client, action).read(f"/acciones/{action.code}"))


def test_the_regional_inbox_shows_it_with_each_participant(client: FlaskClient, session: Session) -> None:
    action = changed_certificate(session)
    visitor = enter(client, Profile.REGIONAL_DIRECTOR, region=action.region)
    text = words(visitor.read("/bandeja"), "#cursos-modificados")

    assert f"Curso {action.code}" in text
    assert "en el certificado 100,00 %, ahora 50,00 %. Baja 50,00 puntos." in text


def test_another_region_and_a_provider_see_nothing_of_it(client: FlaskClient, session: Session) -> None:
    action = changed_certificate(session)

    elsewhere = enter(client, Profile.REGIONAL_DIRECTOR, region="08").read("/bandeja")
    provider = as_provider(client, action).read("/bandeja")

    assert "Ningún certificado vigente de su región" in words(elsewhere)
    assert provider.select("#modificadas") == []
