"""/v/: one person proven by RUT, five times an hour, and a PDF told from what was made of it."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.adapters.pdf.certificate import render_certificate
from app.adapters.signer import Nobody
from app.adapters.storage import Storage
from app.domain.document import CertificateDocument
from app.domain.rut import Rut
from app.domain.verification_code import new_code
from app.factory import create_app
from app.models import Document, Issuance, SigningCertificate
from app.services import certificates
from app.services.verification import check_file
from app.web.public.verification import LARGEST
from tests.factories import CertificateFactory
from tests.support.database import rewriting
from tests.support.stored import store_pdf
from tests.web.visitor import Visitor, errors_of, page_of, words

STRANGER = Rut.from_body(24_999_999).screen


@pytest.fixture
def issuance(session: Session) -> Issuance:
    return certificates.latest_issuance(session, CertificateFactory(issued=True).id)


def ask(client: FlaskClient, issuance: Issuance, rut: str) -> TestResponse:
    return client.post(f"/v/{issuance.verification_code}/persona", data={"rut": rut})


def send(client: FlaskClient, code: str | None, content: bytes, name: str = "certificado.pdf") -> TestResponse:
    address = f"/v/{code}/archivo" if code else "/v/archivo"
    return client.post(address, data={"archivo": (BytesIO(content), name)})


def told(response: TestResponse, what: str = "archivo") -> str:
    article = "del" if what == "archivo" else "de-la"
    return words(page_of(response), f"#resultado-{article}-{what}")


def stored(app: Flask, document: Document) -> bytes:
    storage: Storage = app.extensions["storage"]
    return storage.read(document.sha256)


def test_a_person_is_proven_by_rut_however_it_is_typed(
    session: Session, client: FlaskClient, issuance: Issuance
) -> None:
    person = issuance.snapshot["participants"][0]

    for typed in (person["rut_screen"], Rut.parse(person["rut_screen"]).wire.lower()):
        answer = told(ask(client, issuance, typed), "persona")
        assert answer.startswith("Ese RUT está en este certificado")
        assert f"En él consta con {person['shown']} % de asistencia." in answer
        assert person["name"] not in answer


def test_who_is_not_listed_is_not_proven(client: FlaskClient, issuance: Issuance) -> None:
    assert "Ese RUT no está en este certificado" in told(ask(client, issuance, STRANGER), "persona")


def test_the_issuer_is_no_participant(client: FlaskClient, issuance: Issuance) -> None:
    issuer = issuance.snapshot["issuer"]["rut_screen"]

    assert "Ese RUT no está en este certificado" in told(ask(client, issuance, issuer), "persona")


def test_a_mistyped_rut_is_told_and_is_no_try(client: FlaskClient, issuance: Issuance) -> None:
    for typed in ("", "12.345.678-9", "hola", "1" * 5000) * 2:
        page = page_of(ask(client, issuance, typed), 422)
        assert "RUT" in errors_of(page)[0]

    assert ask(client, issuance, issuance.snapshot["participants"][0]["rut_screen"]).status_code == 200


def test_five_tries_an_hour_for_a_code_whoever_makes_them_and_however_it_is_written(
    client: FlaskClient, issuance: Issuance
) -> None:
    code, rut = issuance.verification_code, issuance.snapshot["participants"][0]["rut_screen"]
    written = [code, code.lower(), f"{code[:4]}-{code[4:]}", code, code, code]
    tries = [
        client.post(f"/v/{one}/persona", data={"rut": rut}, environ_base={"REMOTE_ADDR": f"203.0.113.{number}"})
        for number, one in enumerate(written)
    ]

    assert [one.status_code for one in tries] == [200] * 5 + [429]
    assert "Ya se hicieron cinco intentos con este código en una hora." in errors_of(page_of(tries[-1], 429))[0]
    assert rut not in tries[-1].headers.get("Location", "")
    assert client.get(f"/v/{code}").status_code == 200


def test_the_tries_of_one_code_take_none_from_another(
    session: Session, client: FlaskClient, issuance: Issuance
) -> None:
    other = certificates.latest_issuance(session, CertificateFactory(issued=True).id)
    for _ in range(6):
        ask(client, issuance, STRANGER)

    assert ask(client, other, other.snapshot["participants"][0]["rut_screen"]).status_code == 200


def test_the_tries_are_counted_over_processes_and_all_at_once(live: Flask, live_session: Session) -> None:
    issuance = certificates.latest_issuance(live_session, CertificateFactory(issued=True).id)
    live_session.commit()
    address = f"/v/{issuance.verification_code}/persona"
    processes = [live, create_app(live.extensions["settings"])]

    def attempt(number: int) -> int:
        return processes[number % 2].test_client().post(address, data={"rut": STRANGER}).status_code

    with ThreadPoolExecutor(4) as several:
        answers = list(several.map(attempt, range(12)))

    assert sorted(answers) == [200] * 5 + [429] * 7


def test_an_unknown_code_tells_no_more_than_that(session: Session, client: FlaskClient) -> None:
    answer = client.post(f"/v/{new_code()}/persona", data={"rut": STRANGER})

    assert "Ningún certificado tiene este código." in errors_of(page_of(answer, 404))[0]


def test_the_stored_pdf_is_known_as_the_original(
    app: Flask, session: Session, client: FlaskClient, issuance: Issuance
) -> None:
    original = stored(app, store_pdf(session, issuance))

    answer = told(send(client, issuance.verification_code, original))

    assert answer.startswith("Es el PDF original de este certificado")
    assert "Su huella (SHA-256) es la que se guardó al emitirlo" in answer
    assert "Su firma electrónica está intacta, cubre el archivo entero y es nuestra." in answer


def test_a_file_alone_finds_its_certificate(
    app: Flask, session: Session, client: FlaskClient, issuance: Issuance
) -> None:
    original = stored(app, store_pdf(session, issuance))

    page = page_of(send(client, None, original))

    assert f"Es el PDF original del folio {issuance.folio}" in words(page, "#resultado-del-archivo")
    assert page.select(f'a[href="/v/{issuance.verification_code}"]')


def test_a_few_hundred_flipped_bytes_are_each_detected(
    app: Flask, session: Session, client: FlaskClient, issuance: Issuance
) -> None:
    """Spread over all of the file, its signature included, and at both its ends."""
    original = stored(app, store_pdf(session, issuance))
    places = {*range(0, len(original), len(original) // 250), len(original) - 1, len(original) - 2}
    session.commit()

    found = [check_file(session, original[:at] + bytes([original[at] ^ 1]) + original[at + 1 :]) for at in places]

    assert len(found) > 250
    assert [one for one in found if one.code is not None] == []
    assert check_file(session, original).code == issuance.verification_code


@pytest.mark.parametrize(
    "change", [lambda pdf: pdf + b"\n", lambda pdf: pdf[:9] + b"!" + pdf[10:], lambda pdf: pdf[:-1]]
)
def test_a_changed_file_is_told_from_a_strange_one(
    app: Flask, session: Session, client: FlaskClient, issuance: Issuance, change: object
) -> None:
    original = stored(app, store_pdf(session, issuance))

    answer = told(send(client, issuance.verification_code, change(original)))  # type: ignore[operator]

    assert "El archivo fue modificado: no lo acepte" in answer
    assert "Su firma electrónica no calza con el contenido, o no cubre el archivo entero." in answer


def test_the_pdf_of_another_certificate_is_told(
    app: Flask, session: Session, client: FlaskClient, issuance: Issuance
) -> None:
    other = certificates.latest_issuance(session, CertificateFactory(issued=True).id)
    original = stored(app, store_pdf(session, other))

    answer = told(send(client, issuance.verification_code, original))

    assert "El archivo es de otro certificado" in answer
    assert f"Es el PDF original del folio {other.folio}, no de este." in answer


def test_a_file_we_signed_and_never_stored_is_not_the_original(
    app: Flask, session: Session, client: FlaskClient, issuance: Issuance
) -> None:
    store_pdf(session, issuance)
    forged = replace(CertificateDocument.from_snapshot(issuance.snapshot), document_reference="F-9")
    signed = app.extensions["signer"].sign(render_certificate(forged)).content

    answer = told(send(client, issuance.verification_code, signed))

    assert "El archivo no es el original" in answer
    assert "Su firma electrónica está intacta, cubre el archivo entero y es nuestra." in answer


def test_an_intact_signature_of_somebody_else_is_not_ours(
    app: Flask, session: Session, client: FlaskClient, issuance: Issuance
) -> None:
    original = stored(app, store_pdf(session, issuance))
    # As if it came from another installation.
    with rewriting(session):
        session.query(Document).update({"signed_with": None, "sha256": "0" * 64})
        session.query(SigningCertificate).delete()
    session.commit()

    answer = told(send(client, issuance.verification_code, original))

    assert "No es un PDF emitido aquí" in answer
    assert "cubre el archivo entero y no es nuestra. Firmó: Sello de certificados" in answer


def test_a_pdf_without_signature_is_told(session: Session, client: FlaskClient, issuance: Issuance) -> None:
    document = CertificateDocument.from_snapshot(issuance.snapshot)

    answer = told(send(client, issuance.verification_code, render_certificate(document)))

    assert "No es un PDF emitido aquí" in answer
    assert "No lleva firma electrónica." in answer


def test_where_nobody_signs_the_original_is_known_by_its_hash(
    app: Flask, session: Session, client: FlaskClient, issuance: Issuance
) -> None:
    original = stored(app, store_pdf(session, issuance, signer=Nobody()))

    answer = told(send(client, issuance.verification_code, original))

    assert answer.startswith("Es el PDF original de este certificado")
    assert "No lleva firma electrónica." in answer
    assert "El PDF no lleva firma electrónica." in words(Visitor(client).read(f"/v/{issuance.verification_code}"))


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "Elija el archivo PDF que le entregaron."),
        (b"\xff\xd8\xff", "El archivo no es un PDF."),
        (b"%PDF-1.7" + b"0" * LARGEST, "El archivo pesa más de 5 MB"),
    ],
    ids=["empty", "not a pdf", "too long"],
)
def test_what_is_no_certificate_at_all_is_told(
    client: FlaskClient, issuance: Issuance, content: bytes, sentence: str
) -> None:
    for code in (issuance.verification_code, None):
        assert errors_of(page_of(send(client, code, content), 422))[0].startswith(sentence)


def test_a_form_without_a_file_is_told(client: FlaskClient, issuance: Issuance) -> None:
    answer = client.post(f"/v/{issuance.verification_code}/archivo", data={"archivo": "texto"})

    assert errors_of(page_of(answer, 422)) == ["Elija el archivo PDF que le entregaron."]


def test_far_more_than_a_certificate_is_not_even_read(client: FlaskClient, issuance: Issuance) -> None:
    assert send(client, issuance.verification_code, b"%PDF-" + b"0" * (LARGEST + 2**20)).status_code == 413


def test_files_are_checked_so_often_for_an_address_and_no_more(client: FlaskClient, session: Session) -> None:
    answers = [client.post("/v/archivo").status_code for _ in range(21)]

    assert answers == [422] * 20 + [429]
