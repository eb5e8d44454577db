"""A certificate after its issue: the page that completes itself, the PDF, the chain of folios."""

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.permissions import Profile
from app.models import Certificate, Issuance
from app.services import certificates
from tests.factories import CertificateFactory, rows_of
from tests.support.stored import store_pdf
from tests.web.offices import visit
from tests.web.visitor import Visitor, page_of, words

ENTER, ACCEPT, CORRECT = "Emitir Certificado", "Acepto emitir el certificado", "Corregir el N° de factura"


def test_the_page_completes_itself_when_the_pdf_is_there(app: Flask, session: Session, client: FlaskClient) -> None:
    certificate = CertificateFactory(issued=True)
    visit(client, certificate.action.otec)
    base = f"/acciones/{certificate.action.code}/certificados/1"
    waiting = page_of(client.get(f"{base}/emitido"))
    progress = waiting.select_one("[hx-get]")["hx-get"]  # type: ignore[index]

    assert client.get(str(progress)).status_code == 204
    assert client.get(f"{base}.pdf").status_code == 404
    make_pdf(app, session, certificate)

    assert 'href="' + base + '.pdf"' in client.get(str(progress)).text
    assert page_of(client.get(f"{base}/emitido")).select("[hx-get]") == []


def make_pdf(app: Flask, session: Session, certificate: Certificate) -> None:
    issuance = session.scalars(select(Issuance).where(Issuance.certificate_id == certificate.id)).one()
    store_pdf(session, issuance)
    session.commit()


def test_the_pdf_is_shown_under_its_folio_and_never_sent_twice(
    app: Flask, session: Session, client: FlaskClient
) -> None:
    certificate = CertificateFactory(issued=True)
    visit(client, certificate.action.otec)
    make_pdf(app, session, certificate)
    address = f"/acciones/{certificate.action.code}/certificados/1.pdf"

    first = client.get(address)
    again = client.get(address, headers={"If-None-Match": first.headers["ETag"]})

    (issuance,) = certificates.issuances_of(session, certificate.action_id)
    assert first.data.startswith(b"%PDF")
    assert first.headers["Content-Disposition"] == f"inline; filename=certificado-{issuance.folio}.pdf"
    assert again.status_code == 304
    assert issuance.document is not None
    assert first.headers["ETag"] == f'"{issuance.document.sha256}"'


def test_a_participant_sees_the_own_line_of_the_certificate_and_not_the_pdf_of_all(
    app: Flask, session: Session, client: FlaskClient
) -> None:
    certificate = CertificateFactory(issued=True)
    first, second = rows_of(session, certificate.action)["participants"]
    Visitor(client).enter(first.person, Profile.PARTICIPANT)
    make_pdf(app, session, certificate)
    base = f"/acciones/{certificate.action.code}/certificados/1"

    text = words(page_of(client.get(base)))

    assert first.person.full_name in text
    assert second.person.full_name not in text
    assert client.get(f"{base}.pdf").status_code == 403


def test_each_folio_of_the_chain_tells_what_it_is_worth_today(session: Session, client: FlaskClient) -> None:
    certificate = CertificateFactory(reissued=True)
    visitor = visit(client, certificate.action.otec)
    new, old = certificates.issuances_of(session, certificate.action_id)
    base = f"/acciones/{certificate.action.code}/certificados"

    replaced, valid = words(visitor.read(f"{base}/1")), words(visitor.read(f"{base}/2"))

    assert f"Ya no es válido: lo reemplazó el folio {new.folio}" in replaced
    assert "Este certificado está vigente." in valid
    assert f"{old.folio} del" in valid
    assert client.get(f"{base}/3").status_code == 404
