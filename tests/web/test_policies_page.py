"""The page of the attendance policies: listed, explained, and one added."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.domain.permissions import Profile
from app.models import DatedPolicy
from tests.web.people import enter
from tests.web.visitor import Visitor, errors_of, page_of, words


def new_policy(visitor: Visitor, **typed: str) -> Any:
    page = visitor.read("/politicas")
    chosen = {
        str(tag["name"]): str(tag.select_one("option[selected]")["value"])  # type: ignore[index]
        for tag in page.select("main form select[name]")
    }
    known = visitor.fill(page, "Agregar la política")
    said = {"policy_id": "GCA-2", "applies_from": "01/01/2027", "note": "Resolución 12"}
    return visitor.client.post("/politicas", data=known | chosen | said | typed)


def test_the_policies_are_listed_each_with_its_explanation(client: FlaskClient, session: Session) -> None:
    text = words(enter(client, Profile.SENCE_NATIONAL_ADMIN).read("/politicas"))

    assert "Todos los programas, cursos que empiezan desde el 01/01/2000." in text
    assert "Quien entra hasta 20 minutos después del inicio cuenta desde el inicio; después, desde la marca." in text


def test_the_administrator_adds_one_and_it_is_what_was_answered(client: FlaskClient, session: Session) -> None:
    visitor = enter(client, Profile.SENCE_NATIONAL_ADMIN)

    response = new_policy(
        visitor, grace_minutes="15", late_entry="no_credit", line="3", threshold_1="60", threshold="80"
    )

    assert response.status_code == 303
    row = session.query(DatedPolicy).filter_by(policy_id="GCA-2").one()
    assert (row.line, f"{row.applies_from}", row.note) == ("3", "2027-01-01", "Resolución 12")
    assert row.fields["grace"] == 15 * 60
    assert row.fields["late_entry"] == "no_credit"
    assert (row.fields["threshold"], row.fields["programme_thresholds"]) == ("4/5", {"1": "3/5"})
    assert "GCA-2" in words(visitor.read("/politicas"))


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"policy_id": "gca 2"}, "letras mayúsculas"),
        ({"grace_minutes": "-1"}, "número entero"),
        ({"grace_minutes": "2000"}, "número entero"),
        ({"threshold": "101"}, "porcentaje de 0 a 100"),
        ({"threshold_6": "x"}, "porcentaje de 0 a 100"),
        ({"applies_from": " "}, "Falta la fecha"),
        ({"applies_from": "31/02/2027"}, "no existe en el calendario"),
        ({"applies_from": "mañana"}, "No es una fecha."),
        ({"rounding": "al azar"}, "Elija una respuesta de la lista."),
        ({"line": "9"}, "Elija una respuesta de la lista."),
        ({"note": ""}, "Falta por qué se agrega."),
    ],
    ids=str,
)
def test_an_impossible_policy_is_not_added(
    client: FlaskClient, session: Session, typed: dict[str, str], sentence: str
) -> None:
    page = page_of(new_policy(enter(client, Profile.SENCE_NATIONAL_ADMIN), **typed), 422)

    assert sentence in " ".join(errors_of(page))
    assert session.query(DatedPolicy).count() == 1


def test_a_name_taken_is_refused_with_what_was_typed_kept(client: FlaskClient, session: Session) -> None:
    page = page_of(new_policy(enter(client, Profile.SENCE_NATIONAL_ADMIN), policy_id="GCA-1"), 409)

    assert "Ya hay una política GCA-1" in " ".join(errors_of(page))
    assert page.select_one("#applies_from")["value"] == "01/01/2027"  # type: ignore[index]


def test_nobody_else_opens_the_policies(client: FlaskClient, session: Session) -> None:
    page = enter(client, Profile.REGIONAL_DIRECTOR, region="13").read("/politicas", 403)

    assert page.select("#policy_id") == []
