"""The certificate as a page: what the PDF says, for who may see it, readable with any device and on paper."""

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.adapters.pdf.certificate import render_certificate
from app.domain.certificate_text import text_of
from app.domain.document import CertificateDocument
from app.domain.permissions import Profile
from app.models import Certificate, Issuance
from app.services import certificates
from tests.factories import CertificateFactory, TrainingActionFactory, rows_of
from tests.support import documents as reading
from tests.web.offices import visit
from tests.web.test_certificate_page import make_pdf
from tests.web.visitor import Visitor, page_of, words


def latest(session: Session, certificate: Certificate) -> Issuance:
    return certificates.latest_issuance(session, certificate.id)


def address_of(issuance: Issuance) -> str:
    return f"/v/{issuance.verification_code}/documento"


def test_the_page_says_all_that_the_pdf_says(session: Session, client: FlaskClient) -> None:
    certificate = CertificateFactory(reissued=True)
    issuance = latest(session, certificate)
    document = CertificateDocument.from_snapshot(issuance.snapshot)

    page = "".join(words(visit(client, certificate.action.otec).read(address_of(issuance))).split())

    text = text_of(document)
    texts = [
        text.title,
        text.folio,
        text.issued_on,
        text.lead,
        text.course,
        text.basis,
        text.issuer_name,
        text.signature,
    ]
    texts += [*text.issuer, text.code or "", text.verification_url or "", text.roll_title, text.reference.value]
    texts += [value for fact in text.facts for value in (fact.label, fact.value)]
    texts += [value for one in text.institutions for value in (one.role, one.rut or "", one.name)]
    texts += [value for one in text.replaced for value in (one.folio, one.issued_on, one.why)]
    texts += [value for one in text.participants for value in (one.rut, one.name, one.shown, one.exact)]
    on_paper = "".join("".join(reading.texts(render_certificate(document))).split())
    for value in texts:
        assert "".join(value.split()) in page
        assert "".join(value.split()) in on_paper


def test_who_follows_the_link_of_the_pdf_without_a_session_is_asked_to_sign_in(
    session: Session, client: FlaskClient
) -> None:
    address = address_of(latest(session, CertificateFactory(issued=True)))

    asked = client.get(address)

    assert asked.headers["Location"] == "/CertificadoAsistencia/Login"
    with client.session_transaction() as kept:
        assert kept["wanted_page"] == address


def test_the_code_may_be_typed_in_its_groups(session: Session, client: FlaskClient) -> None:
    certificate = CertificateFactory(issued=True)
    code = latest(session, certificate).verification_code
    grouped = "-".join(code[at : at + 4] for at in range(0, len(code), 4)).lower()

    assert str(latest(session, certificate).folio) in words(
        visit(client, certificate.action.otec).read(f"/v/{grouped}/documento")
    )


def test_another_institution_cannot_tell_it_from_a_code_that_is_none(session: Session, client: FlaskClient) -> None:
    issuance = latest(session, CertificateFactory(issued=True))
    visit(client, TrainingActionFactory().otec)

    strange, none = client.get(address_of(issuance)), client.get(f"/v/{'0' * 26}/documento")

    assert (strange.status_code, none.status_code) == (404, 404)
    assert words(page_of(strange, 404)) == words(page_of(none, 404))


def test_a_participant_reads_the_own_line_and_no_way_to_the_pdf_of_all(
    app: Flask, session: Session, client: FlaskClient
) -> None:
    certificate = CertificateFactory(issued=True)
    first, second = rows_of(session, certificate.action)["participants"]
    make_pdf(app, session, certificate)
    visitor = Visitor(client)
    visitor.enter(first.person, Profile.PARTICIPANT)

    page = visitor.read(address_of(latest(session, certificate)))

    assert first.person.full_name in words(page)
    assert second.person.full_name not in words(page)
    assert page.select('a[href$=".pdf"]') == []


def test_a_replaced_certificate_says_so_before_anything_else(session: Session, client: FlaskClient) -> None:
    certificate = CertificateFactory(reissued=True)
    new, old = certificates.issuances_of(session, certificate.action_id)

    text = words(visit(client, certificate.action.otec).read(address_of(old)))

    assert text.index(f"lo reemplazó el folio {new.folio}") < text.index("Acción de capacitación")


def test_the_certificate_leads_to_its_page_and_the_page_back_and_to_the_pdf(
    app: Flask, session: Session, client: FlaskClient
) -> None:
    certificate = CertificateFactory(issued=True)
    visitor = visit(client, certificate.action.otec)
    make_pdf(app, session, certificate)
    base = f"/acciones/{certificate.action.code}/certificados/1"

    (way,) = visitor.read(base).select('main a[href^="/v/"]')
    links = {str(link["href"]) for link in visitor.read(str(way["href"])).select("a[href]")}

    assert {base, f"{base}.pdf"} <= links
