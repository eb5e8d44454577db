"""When the PDF cannot be signed: the certificate is issued all the same, the page says so, an operator mends it."""

import errno
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.adapters.signer import KeyInFile, Nobody
from app.adapters.signer.checking import Seal, check
from app.adapters.storage import Storage
from app.domain.permissions import Profile
from app.models import Certificate, Document, Effect, Incident, Issuance
from app.services import documents, effects
from tests.factories import CertificateFactory
from tests.support.effects import run
from tests.web.offices import visit
from tests.web.people import enter
from tests.web.visitor import words


@pytest.fixture
def certificate(session: Session) -> Certificate:
    issued: Certificate = CertificateFactory(issued=True)
    return issued


@pytest.fixture
def lost_key(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The signer's key is not where it should be."""
    path = tmp_path / "firma.p12"
    monkeypatch.setitem(app.extensions, "signer", KeyInFile(path, app.extensions["settings"].signing_passphrase))
    return path


def test_a_stored_pdf_is_signed_and_its_row_names_the_certificate(
    app: Flask, session: Session, certificate: Certificate
) -> None:
    run(app, _effect(session).id)

    document = session.scalars(select(Document)).one()
    storage: Storage = app.extensions["storage"]
    checked = check(storage.read(document.sha256))
    assert checked.seal is Seal.INTACT
    assert document.certificate is not None
    assert document.certificate.certificate == checked.certificate
    assert "demostración" in document.certificate.subject


def test_without_its_key_nothing_is_stored_and_the_page_says_that_the_signature_is_under_way(
    app: Flask, session: Session, client: FlaskClient, certificate: Certificate, lost_key: Path
) -> None:
    visitor = visit(client, certificate.action.otec)
    base = f"/acciones/{certificate.action.code}/certificados/1"
    (waiting,) = visitor.read(f"{base}/emitido").select("[hx-get]")

    run(app, _effect(session).id)

    assert session.query(Document).count() == 0
    fragment = client.get(str(waiting["hx-get"]))
    assert "Firma en proceso" in fragment.text
    for address, status in ((base, 200), (f"{base}/emitido", 200), (f"{base}.pdf", 404)):
        page = visitor.read(address, status)
        assert "Firma en proceso El certificado ya está emitido y es válido." in words(page)
        (late,) = page.select("[hx-get]")
        assert client.get(str(late["hx-get"])).status_code == 204
        (twin,) = page.select('main a[href$="/documento"]:-soup-contains("Abrir la página accesible")')
        assert client.get(str(twin["href"])).status_code == 200


def test_after_three_tries_there_is_an_incident_and_the_operators_retry_signs(
    app: Flask, session: Session, client: FlaskClient, certificate: Certificate, lost_key: Path
) -> None:
    effect = _effect(session)
    run(app, *[effect.id] * effects.TRIES)
    incident = session.scalars(select(Incident)).one()
    assert incident.reason.startswith("Falta la llave con que se firman los certificados.")

    lost_key.write_bytes(app.extensions["settings"].demo_signing_key.read_bytes())
    operator = enter(client, Profile.OPERATOR)
    page = operator.read(f"/incidentes/{incident.id}")
    sent = client.post(
        f"/incidentes/{incident.id}/reintentar", data=operator.fill(page, f"Reintentar, incidente N.º {incident.id}")
    )
    assert sent.status_code in (302, 303)
    run(app, effect.id)

    document = session.scalars(select(Document)).one()
    assert document.signed_with is not None
    visitor = visit(client, certificate.action.otec)
    shown = words(visitor.read(f"/acciones/{certificate.action.code}/certificados/1"))
    assert "Firma en proceso" not in shown
    assert "Firma del PDF: Sello de certificados de Constancia (demostración)" in shown


def test_the_first_file_stays_though_it_would_be_signed_anew(
    app: Flask, session: Session, certificate: Certificate
) -> None:
    issuance = session.scalars(select(Issuance)).one()
    run(app, _effect(session).id)
    first = session.scalars(select(Document.sha256)).one()
    session.commit()

    parts = {name: app.extensions[name] for name in ("storage", "signer")}
    documents.render(session, {"issuance_id": issuance.id}, **parts)

    assert session.scalars(select(Document.sha256)).one() == first


def test_where_nobody_signs_the_page_says_so(
    app: Flask, session: Session, client: FlaskClient, certificate: Certificate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.extensions, "signer", Nobody())
    run(app, _effect(session).id)

    shown = words(visit(client, certificate.action.otec).read(f"/acciones/{certificate.action.code}/certificados/1"))

    assert "Firma del PDF: Sin firma electrónica en el archivo" in shown


def test_where_nobody_signs_a_late_pdf_is_not_said_to_wait_for_a_signature(
    app: Flask, session: Session, client: FlaskClient, certificate: Certificate, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_self: Storage, _data: bytes) -> str:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setitem(app.extensions, "signer", Nobody())
    monkeypatch.setattr(Storage, "put", full)
    run(app, _effect(session).id)

    shown = words(visit(client, certificate.action.otec).read(f"/acciones/{certificate.action.code}/certificados/1"))

    assert "El PDF está demorado" in shown
    assert "Firma en proceso" not in shown


def _effect(session: Session) -> Effect:
    found = session.scalars(select(Effect).where(Effect.kind == documents.RENDER)).one()
    session.commit()
    return found
