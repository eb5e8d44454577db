"""The CUS: kept as a hash, checked without telling who exists, renewed when the parameters grow."""

import statistics
import time

import pytest
from argon2 import PasswordHasher, extract_parameters
from argon2.low_level import Type
from flask import Flask
from sqlalchemy.orm import Session

from app.domain.errors import Refusal
from app.domain.rut import Rut
from app.models import Credential, Person
from app.services import accounts
from tests.factories import PersonFactory

CUS = "buena-clave-ñ"
NOBODY = Rut.from_body(9_876_543)

pytestmark = pytest.mark.usefixtures("real_hashes")


@pytest.fixture
def person(session: Session) -> Person:
    person: Person = PersonFactory()
    accounts.set_cus(session, rut=person.rut, cus=CUS)
    return person


def stored(session: Session, person: Person) -> str:
    return session.get_one(Credential, person.id).cus_hash


def test_the_right_cus_gives_the_person(session: Session, person: Person) -> None:
    assert accounts.verify_cus(session, rut=person.rut, cus=CUS) is person


@pytest.mark.parametrize("wrong", ["", CUS.upper(), f"{CUS} ", "x" * 5000])
def test_a_wrong_cus_gives_nobody(session: Session, person: Person, wrong: str) -> None:
    assert accounts.verify_cus(session, rut=person.rut, cus=wrong) is None


def test_a_person_without_cus_cannot_enter(session: Session) -> None:
    assert accounts.verify_cus(session, rut=PersonFactory().rut, cus=CUS) is None


def test_only_an_argon2id_hash_is_kept(session: Session, person: Person) -> None:
    assert extract_parameters(stored(session, person)).type is Type.ID
    assert CUS not in stored(session, person)


def test_an_unknown_rut_takes_as_long_as_a_known_one(session: Session, person: Person) -> None:
    def taken(rut: Rut) -> float:
        start = time.process_time()
        accounts.verify_cus(session, rut=rut, cus="una-clave-mala")
        return time.process_time() - start

    pairs = [(taken(person.rut), taken(NOBODY)) for _ in range(5)]
    known, unknown = (statistics.median(times) for times in zip(*pairs, strict=True))

    assert 0.5 < unknown / known < 2


def test_a_hash_of_older_parameters_is_made_again_at_the_next_entry(session: Session, person: Person) -> None:
    session.get_one(Credential, person.id).cus_hash = PasswordHasher(time_cost=1, memory_cost=8192).hash(CUS)
    accounts.verify_cus(session, rut=person.rut, cus=CUS)

    assert extract_parameters(stored(session, person)).memory_cost == PasswordHasher().memory_cost
    assert accounts.verify_cus(session, rut=person.rut, cus=CUS) is person


def test_a_new_cus_replaces_the_old_one(session: Session, person: Person) -> None:
    accounts.set_cus(session, rut=person.rut, cus="otra-clave-larga")

    assert accounts.verify_cus(session, rut=person.rut, cus=CUS) is None


@pytest.mark.parametrize("cus", ["siete77", "x" * 201])
def test_a_cus_too_short_or_too_long_is_refused(session: Session, person: Person, cus: str) -> None:
    with pytest.raises(Refusal, match="entre 8 y 200"):
        accounts.set_cus(session, rut=person.rut, cus=cus)


def test_the_command_reads_the_cus_from_standard_input(app: Flask, session: Session, person: Person) -> None:
    session.commit()
    result = app.test_cli_runner().invoke(args=["user", "cus", person.rut.screen], input="desde-la-entrada\n")
    session.expire_all()

    assert result.exit_code == 0, result.output
    assert "desde-la-entrada" not in result.output
    assert accounts.verify_cus(session, rut=person.rut, cus="desde-la-entrada") is person


@pytest.mark.parametrize(
    ("rut", "cus", "sentence"),
    [
        (NOBODY.wire, "suficiente", "No hay una persona con el RUT"),
        ("12345678-0", "suficiente", "dígito verificador"),
        (None, "corta", "entre 8 y 200"),
    ],
    ids=["unknown RUT", "wrong RUT", "short CUS"],
)
def test_the_command_refuses_with_a_sentence(
    app: Flask, session: Session, person: Person, rut: str | None, cus: str, sentence: str
) -> None:
    session.commit()
    result = app.test_cli_runner().invoke(args=["user", "cus", rut or person.rut.wire], input=f"{cus}\n")

    assert result.exit_code == 1
    assert sentence in result.output
