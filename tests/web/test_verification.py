"""/v/: what anybody learns of a certificate by its code, in each of its states, and what nobody learns."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.adapters.signer import Nobody
from app.domain.document import grouped_code
from app.domain.verification_code import new_code
from app.models import Certificate, Issuance
from app.services import voids
from app.web.filters import local_date
from tests.factories import CertificateFactory, PersonFactory
from tests.support.queries import all_statements
from tests.support.stored import store_pdf
from tests.web.visitor import Visitor, errors_of, page_of, words


def issues(session: Session, certificate: Certificate) -> list[Issuance]:
    return sorted(session.query(Issuance).filter_by(certificate_id=certificate.id), key=lambda one: one.sequence)


def latest(session: Session, **traits: object) -> Issuance:
    return issues(session, CertificateFactory(**traits))[-1]


def read(client: FlaskClient, code: str, status: int = 200) -> str:
    return words(Visitor(client).read(f"/v/{code}", status))


@pytest.mark.parametrize(
    ("traits", "standing", "sentence"),
    [
        ({"issued": True}, "Vigente", "Es válido: fue emitido y no se ha anulado."),
        ({"requested": True}, "Vigente, con solicitud de anulación en revisión", "Es válido. Se pidió anularlo"),
        ({"steps": ("issue", "request", "deny")}, "Vigente", "Es válido: fue emitido y no se ha anulado."),
        ({"steps": ("issue", "request", "grant")}, "Anulado el {day}", "Ya no es válido y todavía no hay otro"),
        ({"reissued": True}, "Vigente", "Es válido: fue emitido y no se ha anulado."),
    ],
    ids=["issued", "requested", "denied", "granted", "reissued"],
)
def test_the_page_says_what_the_certificate_is_worth_today(
    session: Session, client: FlaskClient, traits: dict[str, object], standing: str, sentence: str
) -> None:
    issuance = latest(session, **traits)
    requests = issuance.requests
    day = local_date(requests[-1].decision.decided_at) if requests and requests[-1].decision else ""
    visitor = Visitor(client)

    page = visitor.read(f"/v/{issuance.verification_code}")

    assert words(page, "main .app-state") == standing.format(day=day)
    assert words(page, "#vigencia").startswith(sentence)


def test_a_replaced_certificate_names_the_folio_that_replaces_it(session: Session, client: FlaskClient) -> None:
    first, second = issues(session, CertificateFactory(reissued=True))

    page = read(client, first.verification_code)

    assert f"Reemplazado por el folio {second.folio}" in page
    assert f"Ya no es válido. Anulado el {local_date(first.requests[-1].decision.decided_at)}" in page  # type: ignore[union-attr]
    assert second.verification_code not in page


def test_what_sence_voided_says_so_with_its_day(session: Session, client: FlaskClient) -> None:
    issuance = latest(session, issued=True)
    fact = voids.void(
        session, certificate_id=issuance.certificate_id, reason="Rectificación.", actor_id=PersonFactory().id
    )

    assert f"Anulado el {local_date(fact.voided_at)}" in read(client, issuance.verification_code)


def test_it_tells_the_document_and_nobodys_name_or_rut(session: Session, client: FlaskClient) -> None:
    issuance = latest(session, issued=True)
    document = store_pdf(session, issuance)
    printed = issuance.snapshot

    response = client.get(f"/v/{issuance.verification_code}")
    page = words(page_of(response))

    for value in (str(issuance.folio), printed["otec"]["name"], printed["action_name"], printed["action_code"]):
        assert value in page
    assert f"Participantes {len(printed['participants'])}" in page
    assert document.sha256 in page
    assert grouped_code(issuance.verification_code) in page
    assert "Sello de certificados de Constancia (demostración)" in page
    names = [one["name"] for one in (*printed["participants"], printed["issuer"])]
    ruts = [one["rut_screen"] for one in (*printed["participants"], printed["issuer"])]
    ruts += [printed[party]["rut"] for party in ("otec", "otic", "company") if printed[party]]
    assert [secret for secret in names + ruts if secret in response.text] == []
    assert re.findall(r"\d{1,2}\.\d{3}\.\d{3}-[\dK]", page) == ["12.345.678-5"]


def test_before_the_pdf_is_there_the_page_says_that_its_signature_is_under_way(
    session: Session, client: FlaskClient
) -> None:
    assert "Firma en proceso: el PDF todavía no está." in read(client, latest(session, issued=True).verification_code)


def test_where_nobody_signs_a_pdf_that_is_not_there_does_not_wait_for_a_signature(
    app: Flask, session: Session, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.extensions, "signer", Nobody())

    page = read(client, latest(session, issued=True).verification_code)

    assert "El PDF todavía no está." in page
    assert "Firma en proceso" not in page


@pytest.mark.parametrize("how", [str.lower, grouped_code, lambda code: grouped_code(code).replace("-", "%20")])
def test_a_code_may_be_typed_in_groups_or_not(session: Session, client: FlaskClient, how: object) -> None:
    issuance = latest(session, issued=True)

    assert str(issuance.folio) in read(client, how(issuance.verification_code))  # type: ignore[operator]


def test_a_typed_code_leads_to_its_certificate(session: Session, client: FlaskClient) -> None:
    code = latest(session, issued=True).verification_code
    page = Visitor(client).read("/v/")
    (form,) = page.select('main form[method="get"]')

    sent = client.get(str(form["action"]), query_string={"codigo": grouped_code(code).lower()})

    assert sent.headers["Location"] == f"/v/{code}"


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("", "Escriba el código"),
        ("7F3K", "faltan 23"),
        ("7F3K9QWM2XRT4BCD8HJN5PVY6Z9", "Alguna letra o número no calza"),
    ],
)
def test_a_mistyped_code_is_told_kindly_and_kept(client: FlaskClient, session: Session, typed: str, told: str) -> None:
    page = page_of(client.get("/v/", query_string={"codigo": typed}), 422)

    assert told in errors_of(page)[0]
    assert page.select_one("#codigo")["value"] == typed  # type: ignore[index]


@pytest.mark.parametrize("path", ["/v/7F3K", "/v/12-2026", "/v/%00", "/v/%F0%9F%98%80"])
def test_an_address_that_is_no_code_leads_to_where_one_can_be_typed(
    client: FlaskClient, session: Session, path: str
) -> None:
    assert page_of(client.get(path), 404).select_one("#codigo") is not None


def test_no_folio_and_no_number_leads_to_a_certificate(session: Session, client: FlaskClient) -> None:
    issuance = latest(session, issued=True)

    for guess in (str(issuance.folio), str(issuance.id), issuance.certificate.action.code):
        assert client.get(f"/v/{guess}").status_code == 404


def test_an_unknown_code_costs_what_a_known_one_costs(session: Session, client: FlaskClient) -> None:
    """The same statements; their time is the database's, which looks both up in the same index."""
    known, unknown = latest(session, issued=True).verification_code, new_code()
    sent: dict[str, list[str]] = {}
    for code in (known, unknown):
        client.get(f"/v/{code}")
        with all_statements(session) as sent[code]:
            client.get(f"/v/{code}")

    assert sent[known] == sent[unknown]
    assert len(sent[known]) == 1
    assert "Ningún certificado tiene este código." in read(client, unknown, 404)


def test_nothing_of_it_is_indexed_kept_or_tied_to_a_visitor(session: Session, client: FlaskClient) -> None:
    code = latest(session, issued=True).verification_code
    answers: list[TestResponse] = [
        client.get("/v/"),
        client.get(f"/v/{code}"),
        client.get(f"/v/{new_code()}"),
        client.post(f"/v/{code}/persona", data={"rut": "1-9"}),
        client.post(f"/v/{code}/archivo"),
        client.post("/v/archivo"),
    ]

    for answer in answers:
        assert answer.headers["X-Robots-Tag"] == "noindex, nofollow, noarchive"
        assert page_of(answer, answer.status_code).select_one('meta[name="robots"]')["content"].startswith("noindex")  # type: ignore[index,union-attr]
        assert answer.headers["Cache-Control"] == "no-store"
        assert "Set-Cookie" not in answer.headers


def test_an_address_that_asks_too_often_waits(app: Flask, session: Session, client: FlaskClient) -> None:
    code = new_code()
    answers = [client.get(f"/v/{code}").status_code for _ in range(61)]

    assert answers == [404] * 60 + [429]
    assert client.get("/v/", environ_base={"REMOTE_ADDR": "203.0.113.9"}).status_code == 200


def test_the_pdf_leads_here(session: Session, client: FlaskClient) -> None:
    issuance = latest(session, issued=True)

    printed = issuance.snapshot["verification_url"]

    assert str(issuance.folio) in read(client, printed.rpartition("/v/")[2])


def test_every_page_leads_to_the_verification(session: Session, client: FlaskClient) -> None:
    page = Visitor(client).read("/CertificadoAsistencia/")

    assert page.select('footer a[href="/v/"]')
