"""What may go wrong with a request and its files: one sentence each, the text stays, nothing changes."""

import io
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.models import RetroactiveRequest
from app.services.retroactive import MAX_BYTES
from tests.factories import CertificateFactory
from tests.support.tables import all_rows
from tests.web.retroactive_pages import PDF, SEND, Sent, filled, form_address, provider, send
from tests.web.test_uploads import png
from tests.web.visitor import errors_of, page_of, words


@pytest.mark.parametrize(
    ("reason", "files", "sentences"),
    [
        ("", [], ["Falta el motivo. Escriba por qué falta la marca."]),
        ("ñ" * 501, [], ["El texto tiene 501 caracteres y el máximo es 500. Acórtelo y vuelva a enviar."]),
        ("Va.", [("nota.pdf", b"hola")], ["«nota.pdf» no es un PDF ni un JPEG. Conviértalo y vuelva a elegirlo."]),
        ("Va.", [("foto.jpg", png())], ["«foto.jpg» no es un PDF ni un JPEG. Conviértalo y vuelva a elegirlo."]),
        ("Va.", [("nada.pdf", b"")], ["«nada.pdf» está vacío. Elija otro archivo."]),
        (
            "Va.",
            [("libro.pdf", PDF + b"x" * MAX_BYTES)],
            ["«libro.pdf» pesa más de 5 MB. Redúzcalo y vuelva a elegirlo."],
        ),
        (
            "Va.",
            [(f"{n}.pdf", PDF) for n in range(6)],
            ["Son 6 archivos y el máximo es 5. Elija menos y vuelva a enviar."],
        ),
        (
            " ",
            [("a.pdf", PDF), ("b.exe", b"MZ"), ("c.pdf", b"")],
            [
                "Falta el motivo. Escriba por qué falta la marca.",
                "«b.exe» no es un PDF ni un JPEG. Conviértalo y vuelva a elegirlo. «c.pdf» está vacío. Elija otro archivo.",
            ],
        ),
    ],
    ids=["no reason", "501", "text as pdf", "png as jpg", "empty", "over 5 MB", "six files", "several at once"],
)
def test_a_mistake_gets_its_sentence_keeps_the_text_and_changes_nothing(
    session: Session, client: FlaskClient, reason: str, files: list[Sent], sentences: list[str]
) -> None:
    certificate = CertificateFactory(exit_lost=True)
    visitor = provider(client, certificate)
    session.commit()
    before = all_rows(session)

    page = page_of(send(visitor, certificate, reason, *files), 422)

    assert errors_of(page) == sentences
    assert page.select_one("textarea").text.strip() == reason.strip()  # type: ignore[union-attr]
    assert "Vuelva a elegir los archivos" in words(page)
    assert all_rows(session) == before


def test_five_files_of_exactly_5_mb_are_taken(session: Session, client: FlaskClient) -> None:
    certificate = CertificateFactory(exit_lost=True)
    whole = [(f"{n}.pdf", b"%PDF-" + bytes([n]) * (MAX_BYTES - 5)) for n in range(5)]

    sent = send(provider(client, certificate), certificate, "Va.", *whole)

    assert sent.status_code == 303
    assert [one.size for one in session.query(RetroactiveRequest).one().attachments] == [MAX_BYTES] * 5


def test_far_too_much_is_refused_with_a_sentence_before_it_is_read(client: FlaskClient) -> None:
    certificate = CertificateFactory(exit_lost=True)
    visitor = provider(client, certificate)

    page = page_of(send(visitor, certificate, "Va.", ("enorme.pdf", PDF + b"x" * 60 * 1024**2)), 413)

    assert "Lo que envió pesa demasiado" in words(page)


def test_no_other_form_takes_as_much(client: FlaskClient) -> None:
    certificate = CertificateFactory(issued=True)
    visitor = provider(client, certificate)
    address = f"/acciones/{certificate.action.code}/anulacion"
    form: dict[str, Any] = visitor.fill(visitor.read(address), SEND, reason="Va.")

    answer = client.post(address, data=form | {"attachments": (io.BytesIO(b"x" * 3 * 1024**2), "a.pdf")})

    assert answer.status_code == 413


def test_what_was_typed_survives_a_session_that_ended(app: Flask, client: FlaskClient) -> None:
    certificate = CertificateFactory(exit_lost=True)
    visitor = provider(client, certificate)
    form = filled(visitor, certificate, "Lo escribí todo.", ("libro.pdf", PDF * 200_000)) | {"csrf_token": "vencido"}
    app.config["WTF_CSRF_ENABLED"] = True

    page = page_of(client.post(form_address(certificate), data=form), 422)

    assert page.select_one("textarea").text.strip() == "Lo escribí todo."  # type: ignore[union-attr]
    assert "El formulario venció." in errors_of(page)[0]
