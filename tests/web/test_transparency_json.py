"""The public log for programs: what it answers can be checked with nothing else, and bad questions get a problem."""

from typing import Any, cast

import pytest
from cryptography.hazmat.primitives import serialization
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.adapters.log_key import is_signed
from app.domain import merkle
from app.domain.log_format import head_bytes
from app.models import LogHead
from app.services import transparency
from app.web.public import transparency_json
from tests.factories import CertificateFactory
from tests.support.transparency import leaves, log_key
from tests.web.machine import problem

Json = dict[str, Any]


@pytest.fixture
def heads(app: Flask, session: Session) -> list[LogHead]:
    """Of 1, 3 and 4 leaves."""
    found = []
    for trait in ("issued", "requested", "issued"):
        CertificateFactory(**{trait: True})
        found.append(transparency.seal(session, log_key(app)))
    return found


def answer(client: FlaskClient, address: str) -> Json:
    response = client.get(address)
    assert (response.status_code, response.mimetype) == (200, "application/json"), response.text
    return cast(Json, response.json)


def test_the_newest_head_is_signed_by_the_key_it_brings(client: FlaskClient, heads: list[LogHead]) -> None:
    told = answer(client, "/transparencia/cabeza.json")
    signed = head_bytes(heads[-1].size, bytes.fromhex(told["root"]), heads[-1].signed_at)

    assert told["size"] == 4
    assert told["timestamp"] == heads[-1].signed_at.timestamp() * 1000
    assert is_signed(bytes.fromhex(told["public_key"]), bytes.fromhex(told["signature"]), signed)


def test_every_head_has_an_address_of_its_own(client: FlaskClient, heads: list[LogHead]) -> None:
    for head in heads:
        assert answer(client, f"/transparencia/cabezas/{head.id}.json")["root"] == head.root.hex()


def test_a_leaf_is_proven_by_its_hash_alone(client: FlaskClient, session: Session, heads: list[LogHead]) -> None:
    for leaf in leaves(session):
        told = answer(client, f"/transparencia/prueba/{leaf.hash.hex()}.json")
        path, root = [bytes.fromhex(step) for step in told["path"]], bytes.fromhex(told["head"]["root"])

        assert merkle.proves_inclusion(leaf.hash, told["leaf"]["index"], told["head"]["size"], path, root)
        assert set(told["leaf"]) == {"index", "hash"}


def test_it_is_proven_in_an_older_head_too(client: FlaskClient, session: Session, heads: list[LogHead]) -> None:
    told = answer(client, f"/transparencia/prueba/{leaves(session)[1].hash.hex()}.json?hojas=3")

    assert told["head"]["root"] == heads[1].root.hex()


def test_a_head_is_proven_to_continue_another(client: FlaskClient, heads: list[LogHead]) -> None:
    told = answer(client, "/transparencia/consistencia.json?desde=1&hasta=4")
    path = [bytes.fromhex(step) for step in told["path"]]

    assert merkle.proves_consistency(1, 4, path, heads[0].root, heads[-1].root)
    assert (told["first"]["root"], told["second"]["root"]) == (heads[0].root.hex(), heads[-1].root.hex())


def test_a_public_key_is_given_as_other_programs_read_it(app: Flask, client: FlaskClient, heads: list[LogHead]) -> None:
    response = client.get(f"/transparencia/llaves/{log_key(app).id}.pem")
    read = serialization.load_pem_public_key(response.data)

    der = read.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    assert der == log_key(app).public_key


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("cabezas/999999.json", (404, "head_unknown")),
        (f"cabezas/{'9' * 30}.json", (404, "head_unknown")),
        (f"prueba/{'0' * 64}.json", (404, "leaf_unknown")),
        ("prueba/0a.json", (422, "hash_unreadable")),
        ("prueba/no.json", (422, "hash_unreadable")),
        (f"llaves/{'0' * 64}.pem", (404, "key_unknown")),
        ("llaves/%00.pem", (404, "key_unknown")),
        ("consistencia.json", (422, "size_unreadable")),
        ("consistencia.json?desde=1&hasta=x", (422, "size_unreadable")),
        ("consistencia.json?desde=1&hasta=2", (422, "head_unknown")),
        ("consistencia.json?desde=4&hasta=1", (422, "wrong_order")),
    ],
)
def test_a_bad_question_is_a_problem(
    client: FlaskClient, heads: list[LogHead], address: str, expected: tuple[int, str]
) -> None:
    assert problem(client.get(f"/transparencia/{address}")) == expected


def test_before_the_first_head_there_is_none(client: FlaskClient, session: Session) -> None:
    assert problem(client.get("/transparencia/cabeza.json")) == (404, "no_head_yet")


def test_an_empty_log_proves_nothing(app: Flask, client: FlaskClient, session: Session) -> None:
    transparency.seal(session, log_key(app))

    assert problem(client.get("/transparencia/consistencia.json?desde=0&hasta=0")) == (422, "empty_log")


def test_a_leaf_has_no_proof_in_a_head_before_it(client: FlaskClient, session: Session, heads: list[LogHead]) -> None:
    address = f"/transparencia/prueba/{leaves(session)[3].hash.hex()}.json"

    assert problem(client.get(f"{address}?hojas=3")) == (404, "leaf_unknown")
    assert problem(client.get(f"{address}?hojas=2")) == (422, "head_unknown")


def test_a_leaf_without_a_signed_head_has_no_proof(client: FlaskClient, session: Session) -> None:
    CertificateFactory(issued=True)
    transparency.integrate(session)

    assert problem(client.get(f"/transparencia/prueba/{leaves(session)[0].hash.hex()}.json")) == (404, "leaf_unknown")


def test_an_address_that_asks_too_often_waits(client: FlaskClient, session: Session) -> None:
    most = int(transparency_json.AN_ADDRESS.split()[0])
    for _ in range(most):
        client.get("/transparencia/cabeza.json")

    assert problem(client.get("/transparencia/cabeza.json")) == (429, "too_many_requests")
