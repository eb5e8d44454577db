"""The page of the public log: anybody reads it, checks two heads against each other and has a head signed."""

from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.domain.log_format import head_bytes
from app.models import Effect, LogHead, Person
from app.services import transparency
from app.web.filters import local_date
from tests.factories import CertificateFactory
from tests.support.effects import perform_now
from tests.support.transparency import log_key
from tests.web.visitor import Visitor, errors_of, words

PAGE = "/transparencia/"


@pytest.fixture
def visitor(client: FlaskClient) -> Visitor:
    return Visitor(client)


@pytest.fixture
def sizes(app: Flask, session: Session) -> list[int]:
    """Heads of 1, 3 and 4 leaves."""
    found = []
    for trait in ("issued", "requested", "issued"):
        CertificateFactory(**{trait: True})
        found.append(transparency.seal(session, log_key(app)).size)
    return found


def check(visitor: Visitor, first: object, second: object, status: int = 200) -> str:
    page = visitor.read(f"{PAGE}?desde={first}&hasta={second}", status)
    return " ".join(errors_of(page)) if status == 422 else words(page)


def test_anybody_sees_the_newest_head_and_all_of_them(visitor: Visitor, session: Session, sizes: list[int]) -> None:
    newest = session.query(LogHead).order_by(LogHead.id.desc()).first()
    page = visitor.read(PAGE)

    assert newest is not None
    assert f"Hojas 4 Firmada {local_date(newest.signed_at)}" in words(page, "#ultima-cabeza")
    assert newest.root.hex() in words(page, "#ultima-cabeza")
    assert newest.key_id in words(page, "#ultima-cabeza")
    assert [row.select("td")[1].text.strip() for row in page.select("tbody tr")] == ["4", "3", "1"]


def test_before_the_first_head_the_page_says_so(visitor: Visitor, session: Session) -> None:
    assert words(visitor.read(PAGE)).count("Todavía no hay cabezas firmadas.") == 2


def test_nothing_personal_is_on_it(visitor: Visitor, session: Session, sizes: list[int]) -> None:
    page = visitor.read(PAGE).text
    people = session.query(Person).all()

    assert people
    assert [person.id for person in people if person.first_surname in page or f"{person.rut_body:,}" in page] == []


def ask_for_head(visitor: Visitor) -> TestResponse:
    return visitor.client.post(f"{PAGE}firmar", data=visitor.fill(visitor.read(PAGE), "Firmar una cabeza ahora"))


@pytest.mark.parametrize(("first", "second"), [(1, 3), (1, 4), (3, 4), (4, 4)])
def test_a_head_that_continues_another_is_told_to(visitor: Visitor, sizes: list[int], first: int, second: int) -> None:
    assert f"La cabeza de {second} hojas continúa la de {first}." in check(visitor, first, second)


def test_a_log_that_was_rewritten_is_told_to_be(
    app: Flask, visitor: Visitor, session: Session, sizes: list[int]
) -> None:
    key, at, root = log_key(app), datetime(2026, 3, 2, tzinfo=UTC), bytes(32)
    signature = key.sign(head_bytes(3, root, at))
    session.add(LogHead(size=3, root=root, signed_at=at, key_id=key.id, signature=signature))

    assert "La cabeza de 4 hojas no continúa la de 3" in check(visitor, 3, 4)


def test_a_head_that_nobody_signed_is_told_to_be(visitor: Visitor, session: Session, sizes: list[int]) -> None:
    head = session.query(LogHead).filter_by(size=3).one()
    session.add(LogHead(size=3, root=head.root, signed_at=head.signed_at, key_id=head.key_id, signature=bytes(64)))

    assert "o una firma no es válida" in check(visitor, 3, 4)


@pytest.mark.parametrize(
    ("first", "second", "sentence"),
    [
        ("", "4", "Escriba en «desde» un número de hojas, por ejemplo 12."),
        ("1", "cuatro", "Escriba en «hasta» un número de hojas, por ejemplo 12."),
        ("٣", "4", "Escriba en «desde» un número de hojas, por ejemplo 12."),
        ("9" * 19, "4", "Escriba en «desde» un número de hojas, por ejemplo 12."),
        ("2", "4", "No hay una cabeza firmada de 2 hojas. Elija una de la lista."),
        ("4", "1", "La primera cabeza tiene más hojas que la segunda. Cámbielas de lugar."),
    ],
)
def test_what_cannot_be_checked_is_told_with_what_to_do(
    visitor: Visitor, sizes: list[int], first: str, second: str, sentence: str
) -> None:
    assert check(visitor, first, second, status=422) == sentence


def test_every_head_can_be_reached(
    app: Flask, visitor: Visitor, session: Session, monkeypatch: pytest.MonkeyPatch, sizes: list[int]
) -> None:
    monkeypatch.setattr("app.web.public.transparency.SIZE", 2)
    first = visitor.read(PAGE)
    second = visitor.read(str(first.select("a[rel=next]")[0]["href"]))

    assert len(second.select("tbody tr")) == 1
    assert second.select("a[rel=next]") == []
    assert visitor.read(f"{PAGE}?despues=-5&despues={'9' * 40}").select("tbody tr") == []


def test_who_asks_for_a_head_gets_one_from_a_worker(app: Flask, visitor: Visitor, session: Session) -> None:
    CertificateFactory(issued=True)
    answer = ask_for_head(visitor)
    effects = session.query(Effect).filter_by(kind=transparency.SEAL).all()
    assert (answer.status_code, answer.headers["Location"]) == (302, PAGE)
    assert len(effects) == 1

    with app.app_context():
        perform_now([effect.id for effect in effects])

    assert session.query(LogHead).one().size == 1
    assert "aparece aquí en unos segundos" in words(visitor.read(PAGE))


def test_a_fresh_head_is_enough(visitor: Visitor, session: Session, sizes: list[int]) -> None:
    ask_for_head(visitor)

    assert "se firmó hace menos de un minuto" in words(visitor.read(PAGE))
    assert session.query(Effect).filter_by(kind=transparency.SEAL).all() == []


def test_nobody_has_heads_signed_without_end(visitor: Visitor, session: Session) -> None:
    answers = [ask_for_head(visitor).status_code for _ in range(6)]

    assert answers == [302] * 5 + [429]


def test_every_page_leads_to_it(visitor: Visitor) -> None:
    links = visitor.read("/CertificadoAsistencia/Ayuda").select("footer a")

    assert (PAGE, "Registro público") in [(link["href"], link.text) for link in links]
