"""How one looks and how one acts: through connections of their own, of which the first changes nothing."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, insert, select
from sqlalchemy.exc import InternalError

from app.domain.rut import Rut
from app.models import Holiday, Person
from app.unit_of_work import reading, unit_of_work

PREPARED = "SELECT count(*) FROM pg_prepared_statements"


def person(number: int) -> dict[str, Any]:
    rut = Rut.from_body(11_000_000 + number)
    return {
        "given_names": "Ana",
        "first_surname": "Rojas",
        "email": "",
        "rut_body": rut.body,
        "check_digit": rut.check_digit,
    }


def test_the_server_refuses_any_change_by_who_only_looks(live: Flask) -> None:
    with live.app_context(), pytest.raises(InternalError, match="read-only"), reading() as session:
        session.execute(insert(Person).values(**person(1)))

    with live.app_context(), reading() as session:
        assert session.scalar(select(func.count()).select_from(Person)) == 0


def test_who_looks_after_acting_sees_it_and_may_act_again(live: Flask) -> None:
    with live.app_context():
        for number in (1, 2):
            with unit_of_work() as session:
                session.add(Person(**person(number)))
            with reading() as session:
                assert session.scalar(select(func.count()).select_from(Person)) == number


def test_what_was_prepared_stays_prepared_from_one_look_to_the_next(live: Flask) -> None:
    with live.app_context():
        for _ in range(8):
            with reading() as session:
                session.scalars(select(Holiday.id)).all()

        with reading() as session:
            found = session.connection().exec_driver_sql(PREPARED).scalar_one()

    assert found >= 1
