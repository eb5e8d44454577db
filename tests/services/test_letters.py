"""What the letters say: both forms, of every occasion, from the rows as the processes leave them."""

import re
from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.adapters.letters import written
from app.domain.rut import Rut
from app.models import Effect, Person, TaskStatus, TimerKind
from app.services import mail
from tests.factories import OrganisationFactory
from tests.support.letters import (
    DIRECTOR,
    ISSUER,
    NATIONAL,
    SITE,
    ask_about_task,
    certificate_at,
    everything,
    national_admin,
    send_all,
    text_of,
    waiting_task,
)
from tests.support.stories import WHY_ANNUL, WHY_DECIDED, WHY_RETROACTIVE

A_RUT = re.compile(r"\d{1,3}(?:\.\d{3}){2}-?[\dkK]|\d{6,9}-[\dkK]\b")
ADDRESS = re.compile(r"https?://[^\s\"<>]+")


@pytest.mark.parametrize(
    ("steps", "what"),
    [
        (("issue", "request"), "anulación"),
        (("issue", "request", "deny", "request"), "reposición"),
        (("lose_exit", "ask_retroactive"), "asistencia retroactiva"),
    ],
)
def test_who_directs_the_region_is_told_where_to_decide(session: Session, steps: tuple[str, ...], what: str) -> None:
    certificate = certificate_at(*steps)

    (letter,) = send_all(session).to(DIRECTOR)

    assert letter["Subject"] == f"Por resolver: {what}, curso {certificate.action.code}"
    for form in ("plain", "html"):
        assert f"{SITE}/bandeja/{waiting_task(session).id}" in text_of(letter, form)
        assert certificate.action.otec.name in text_of(letter, form)
        assert "Dirección Regional Metropolitana de Santiago" in " ".join(text_of(letter, form).split())


def test_who_asked_gets_a_receipt(session: Session) -> None:
    certificate = certificate_at("issue", "request")

    receipt = send_all(session).to(ISSUER)[-1]

    assert receipt["Subject"] == f"Recibimos su solicitud de anulación, curso {certificate.action.code}"
    assert f"{SITE}/acciones/{certificate.action.code}/solicitudes" in text_of(receipt)
    assert "el certificado sigue vigente" in text_of(receipt)


def test_where_a_term_has_to_pass_before_anybody_decides_only_who_asked_is_told(session: Session) -> None:
    certificate_at("issue", "request")
    task = waiting_task(session)
    task.status, task.closed_at = TaskStatus.CANCELLED, datetime.now(UTC)

    sent = send_all(session)

    assert sent.to(DIRECTOR) == []
    assert sent.to(ISSUER)[-1]["Subject"].startswith("Recibimos su solicitud de anulación")
    assert "a más tardar" not in text_of(sent.to(ISSUER)[-1])


@pytest.mark.parametrize(
    ("steps", "subject", "page"),
    [
        (("issue", "request", "grant"), "Se aprobó su solicitud de anulación", ""),
        (("issue", "request", "deny"), "Se rechazó su solicitud de anulación", "/solicitudes"),
        (("issue", "request", "deny", "request", "deny"), "Se rechazó su solicitud de reposición", "/solicitudes"),
        (
            ("lose_exit", "ask_retroactive", "grant_retroactive"),
            "Se aprobó su solicitud de asistencia retroactiva",
            "/asistencia-retroactiva/",
        ),
        (
            ("lose_exit", "ask_retroactive", "deny_retroactive"),
            "Se rechazó su solicitud de asistencia retroactiva",
            "/asistencia-retroactiva/",
        ),
    ],
)
def test_who_asked_is_told_the_decision(session: Session, steps: tuple[str, ...], subject: str, page: str) -> None:
    certificate = certificate_at(*steps)

    letter = send_all(session).to(ISSUER)[-1]

    assert letter["Subject"] == f"{subject}, curso {certificate.action.code}"
    assert f"{SITE}/acciones/{certificate.action.code}{page}" in text_of(letter)


def test_who_issued_is_told_the_folio_and_where_the_certificate_is(session: Session) -> None:
    certificate = certificate_at("issue")

    (letter,) = send_all(session).to(ISSUER)

    assert str(certificate.issuances[0].folio) in letter["Subject"]
    assert f"{SITE}/acciones/{certificate.action.code}/certificados/1\n" in text_of(letter)


@pytest.mark.parametrize(
    ("kind", "subject", "said"),
    [
        (TimerKind.REMINDER_50, "Recordatorio", "Ya pasó la mitad del plazo"),
        (TimerKind.REMINDER_80, "Recordatorio", "Ya pasó el 80 % del plazo"),
        (TimerKind.REMINDER_100, "Plazo cumplido", "El plazo venció el"),
    ],
)
def test_a_reminder_says_how_far_the_term_is(session: Session, kind: TimerKind, subject: str, said: str) -> None:
    certificate = certificate_at("issue", "request")
    ask_about_task(session, kind)

    letter = send_all(session).to(DIRECTOR)[-1]

    assert letter["Subject"] == f"{subject}: {waiting_task(session).name}, curso {certificate.action.code}"
    assert said in text_of(letter)


def test_the_national_level_is_told_whom_to_call_and_the_office_that_the_task_is_still_its_own(
    session: Session,
) -> None:
    certificate_at("issue", "request")
    national_admin()
    ask_about_task(session, TimerKind.ESCALATION)

    sent = send_all(session)
    national, office = sent.to(NATIONAL)[-1], sent.to(DIRECTOR)[-1]

    assert national["Subject"].startswith("Pasó al nivel central: ")
    assert office["Subject"].startswith("Sin resolver en el plazo máximo: ")
    for form in ("plain", "html"):
        assert "el nivel central la ve, pero no decide" in " ".join(text_of(national, form).split())
        assert "Sigue en su bandeja: resuélvala cuanto antes." in " ".join(text_of(office, form).split())


def test_nobody_is_reminded_of_what_was_decided_meanwhile(session: Session) -> None:
    certificate_at("issue", "request", "grant")
    ask_about_task(session, TimerKind.REMINDER_50)
    ask_about_task(session, TimerKind.ESCALATION)

    assert send_all(session).to(DIRECTOR) == []


def test_every_letter_has_both_forms_and_the_headers_of_a_machine(session: Session) -> None:
    messages = everything(session).messages

    assert len(messages) >= 15
    assert {message.get_content_type() for message in messages} == {"multipart/alternative"}
    assert {tuple(part.get_content_type() for part in m.iter_parts()) for m in messages} == {
        ("text/plain", "text/html")
    }
    assert {message["Auto-Submitted"] for message in messages} == {"auto-generated"}
    assert len({message["Message-ID"] for message in messages}) == len(messages)


def test_no_letter_holds_a_rut_wherever_somebody_typed_one(session: Session) -> None:
    rut = Rut.from_body(12_345_678)
    otec = OrganisationFactory(name=f"Capacita {rut.wire} SpA")

    messages = everything(session, name=f"Curso de {rut.screen} y {rut.wire}", otec=otec).messages

    found = [
        A_RUT.findall(f"{m['Subject']} {m['To']} {m['Message-ID']} {text_of(m)} {text_of(m, 'html')}") for m in messages
    ]
    assert found == [[]] * len(messages)


def test_no_letter_tells_a_reason(session: Session) -> None:
    texts = [" ".join(f"{text_of(m)} {text_of(m, 'html')}".split()) for m in everything(session).messages]

    assert [why for why in (WHY_ANNUL, WHY_DECIDED, WHY_RETROACTIVE) for text in texts if why in text] == []


def test_every_link_only_shows_a_page_that_asks_who_one_is(session: Session, app: Flask) -> None:
    addresses = {
        a for m in everything(session).messages for f in ("plain", "html") for a in ADDRESS.findall(text_of(m, f))
    }
    client = app.test_client()

    assert len(addresses) >= 8
    for address in addresses:
        assert address.startswith(f"{SITE}/")
        parts = urlsplit(address)
        assert parts.query == parts.fragment == ""
        answer = client.get(parts.path)
        assert (answer.status_code, answer.headers["Location"]) == (302, "/CertificadoAsistencia/Login")


def test_html_shows_a_name_as_it_is_written(session: Session) -> None:
    certificate_at("issue", name='<img src="https://mal.example/x.png"> & más')

    html = text_of(send_all(session).to(ISSUER)[0], "html")

    assert "&lt;img src=&#34;https://mal.example" in html
    assert "<img" not in html


def test_nothing_in_a_letter_is_fetched_or_filled_in(session: Session) -> None:
    for message in everything(session).messages:
        assert not re.search(
            r"<(img|link|script|iframe|form|input|style|video|object)\b|url\(|\ssrc=", text_of(message, "html")
        )


BREAK = "Curso\r\nBcc: otro@mal.example\r\n\r\n<b>Hola</b>\u2028Bcc: otro@mal.example\x85\x0bfin"


def test_a_line_break_in_a_name_makes_no_header_and_no_line(session: Session) -> None:
    otec = OrganisationFactory(name=BREAK)
    certificate_at("issue", "request", name=BREAK, otec=otec)
    session.query(Person).filter(Person.email == ISSUER).update({"given_names": BREAK})
    session.expire_all()

    messages = send_all(session).messages

    assert len(messages) == 3
    for message in messages:
        headers = message.as_bytes().partition(b"\r\n\r\n")[0]
        assert set(message.keys()) == {
            *("From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "Content-Language"),
            *("Content-Type", "MIME-Version"),
        }
        assert re.search(rb"^bcc:", headers, re.M | re.I) is None
        (line,) = (line for line in text_of(message).splitlines() if line.startswith("Nombre: "))
        assert line.split() == ["Nombre:", *BREAK.split()]


def test_a_code_in_a_subject_cannot_break_it() -> None:
    values = {"course_code": "A\r\nBcc: x@y.example", "folio": "1-2026", "organisation": "O", "issued_on": "hoy"}

    letter = written("certificate_issued", {**values, "facts": [], "page_url": SITE})

    assert letter.subject == "Certificado emitido con folio 1-2026, curso A Bcc: x@y.example"


def test_the_same_letter_made_twice_is_the_same_to_the_byte(session: Session) -> None:
    certificate_at("issue", "request")

    first, second = send_all(session).messages, send_all(session).messages

    assert [one.as_bytes() for one in first] == [one.as_bytes() for one in second]


def test_the_message_id_follows_from_the_effect(session: Session) -> None:
    certificate_at("issue")
    effect = session.scalars(select(Effect).where(Effect.kind == mail.SEND)).one()

    (letter,) = send_all(session).messages

    assert re.fullmatch(r"<[0-9a-f]{32}@constancia\.example>", letter["Message-ID"])
    effect.payload = {**effect.payload, "identity": (other := f"{effect.identity}/otra")}
    effect.identity = other
    session.flush()
    assert send_all(session).messages[0]["Message-ID"] != letter["Message-ID"]
