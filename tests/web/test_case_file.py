"""The expediente: all of a certificate's life as a page and as a ZIP that proves itself."""

import hashlib
import json
from collections.abc import Callable
from io import BytesIO
from zipfile import ZipFile

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.permissions import Profile
from app.models import Certificate, Effect
from app.services import transparency
from tests.factories import CertificateFactory
from tests.support.effects import perform_now
from tests.support.queries import statements
from tests.support.stories import WHY_ANNUL, WHY_DECIDED
from tests.web.people import as_provider, enter
from tests.web.visitor import Visitor, words

Archive = Callable[[], ZipFile]


@pytest.fixture
def certificate(app: Flask, session: Session) -> Certificate:
    """Issued, annulled and issued again, the PDFs made and the facts in the log."""
    found: Certificate = CertificateFactory(reissued=True)
    session.commit()
    effects = session.scalars(select(Effect.id).where(Effect.kind == "documents/render").order_by(Effect.id)).all()
    session.commit()
    with app.app_context():
        perform_now(effects)
        transparency.seal(session, app.extensions["log_key"])
    session.commit()
    return found


@pytest.fixture
def visitor(client: FlaskClient, certificate: Certificate) -> Visitor:
    return as_provider(client, certificate.action)


@pytest.fixture
def address(certificate: Certificate) -> str:
    return f"/acciones/{certificate.action.code}/expediente"


@pytest.fixture
def archive(visitor: Visitor, address: str) -> ZipFile:
    return ZipFile(BytesIO(visitor.client.get(f"{address}.zip").data))


def test_every_file_is_what_the_sums_say(archive: ZipFile) -> None:
    lines = [line.split("  ", 1) for line in archive.read("SHA256SUMS").decode().splitlines()]
    sums = {name: sha256 for sha256, name in lines}

    assert sums.keys() | {"SHA256SUMS"} == set(archive.namelist())
    assert {name: hashlib.sha256(archive.read(name)).hexdigest() for name in sums} == sums


def test_it_holds_documents_requests_decisions_trámites_and_proofs(archive: ZipFile) -> None:
    folders: dict[str, int] = {}
    for name in archive.namelist():
        folders[name.rpartition("/")[0]] = folders.get(name.rpartition("/")[0], 0) + 1

    # Two PDFs with what they say; one request; three trámites of a diagram, its forms, a picture and its steps; four facts.
    assert folders == {"": 2, "certificados": 4, "solicitudes": 1, "tramites": 12, "registro": 4}


def test_a_request_is_there_with_its_decision(archive: ZipFile) -> None:
    (name,) = [name for name in archive.namelist() if name.startswith("solicitudes/")]
    told = json.loads(archive.read(name))

    assert (told["motivo"], told["resolucion"]["razones"]) == (WHY_ANNUL, WHY_DECIDED)
    assert told["resolucion"]["aprobada"] is True


def test_the_index_leads_to_every_file_and_shows_the_pictures(archive: ZipFile) -> None:
    page = BeautifulSoup(archive.read("indice.html"), "lxml")
    linked = {str(link["href"]) for link in page.select("a")} | {str(picture["src"]) for picture in page.select("img")}

    assert linked == set(archive.namelist()) - {"indice.html", "SHA256SUMS"}


def test_the_diagram_shows_the_way_that_was_taken(archive: ZipFile) -> None:
    (name,) = [name for name in archive.namelist() if "annulment" in name and name.endswith(".svg")]
    picture = BeautifulSoup(archive.read(name), "xml")

    assert "Pasos hechos, en orden: Se pide anular, Escribir el motivo" in picture.desc.text  # type: ignore[union-attr]
    assert "Aprobado para su re-emisión." in picture.desc.text  # type: ignore[union-attr]
    # Eight steps of which the refusal's end was not come to, and as many arrows.
    passed = [shape for shape in picture.select("rect, path, circle") if shape.get("fill") == "#dbeafa"]
    assert len(passed) == 7
    assert len([flow for flow in picture.select("polyline") if not flow.get("stroke-dasharray")]) == 6


def test_a_case_that_waits_shows_where(client: FlaskClient, session: Session) -> None:
    certificate = CertificateFactory(requested=True)
    visitor = as_provider(client, certificate.action)

    page = visitor.read(f"/acciones/{certificate.action.code}/expediente")

    waiting = [shape for shape in page.select("rect") if shape.get("fill") == "#fff3cd"]
    assert len(waiting) == 1
    assert "Resolver la solicitud de anulación: pendiente desde el" in words(page)


def test_the_page_tells_what_happened_from_the_first_to_the_last(visitor: Visitor, address: str) -> None:
    page = visitor.read(address)

    told = [item.text for item in page.select("main .govuk-list li strong")]
    assert [line for line in told if "PDF" not in line] == [
        "Certificado emitido",
        "Solicitud de anulación enviada",
        "Anulación aprobada",
        "Certificado emitido",
    ]


def test_who_pays_or_takes_part_does_not_see_it(client: FlaskClient, certificate: Certificate, address: str) -> None:
    supervisor = enter(client, Profile.SUPERVISOR, certificate.action.otic)

    assert [supervisor.client.get(address + end).status_code for end in ("", ".zip")] == [403, 403]


def test_another_institution_does_not_know_of_it(app: Flask, session: Session, address: str) -> None:
    stranger = as_provider(app.test_client(), CertificateFactory(issued=True).action)
    session.commit()

    assert [stranger.client.get(address + end).status_code for end in ("", ".zip")] == [404, 404]


def test_a_longer_life_asks_no_more_queries(client: FlaskClient, session: Session) -> None:
    asked = []
    for steps in (("issue", "request", "grant", "issue"), ("issue", "request", "grant") * 3 + ("issue",)):
        certificate = CertificateFactory(steps=steps)
        visitor = as_provider(client, certificate.action)
        with statements(session) as sent:
            visitor.read(f"/acciones/{certificate.action.code}/expediente")
        asked.append(len(sent))

    assert asked[0] == asked[1]
