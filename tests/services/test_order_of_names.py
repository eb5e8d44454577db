"""Lists of people follow the Spanish alphabet, whatever collation the database server has."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Person
from tests.factories import PersonFactory

ALPHABET = ["Álvarez", "Araneda", "de la Cruz", "Nuñez", "Nuzo", "Ñancu", "Ñuñoa", "Órdenes", "Peña", "Zúñiga"]


def test_accents_do_not_count_and_enye_follows_n(session: Session) -> None:
    for surname in reversed(ALPHABET):
        PersonFactory(first_surname=surname, second_surname="Soto", given_names="Ana")

    ordered = session.scalars(select(Person.first_surname).order_by(Person.sort_name)).all()

    assert list(ordered) == ALPHABET
