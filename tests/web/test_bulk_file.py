"""The file of an emisión masiva: what a list may be like, and what is told about one that is not."""

from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import BulkIssueRow, Organisation, TrainingAction
from tests.factories import OrganisationFactory, TrainingActionFactory
from tests.web.people import ADMIN, enter
from tests.web.test_bulk_issue import PAGE, searched_for_everything, tokens_of
from tests.web.visitor import Visitor, errors_of, page_of

HEAD = "codigo_curso;documento\r\n"


@pytest.fixture
def otec(session: Session) -> Organisation:
    found: Organisation = OrganisationFactory()
    return found


@pytest.fixture
def course(otec: Organisation) -> TrainingAction:
    found: TrainingAction = TrainingActionFactory(otec=otec, code="6790001", name="=Frutas", participants=1, classes=1)
    return found


@pytest.fixture
def visitor(client: FlaskClient, course: TrainingAction, otec: Organisation) -> Visitor:
    visitor = enter(client, ADMIN, otec)
    searched_for_everything(visitor)
    return visitor


def send(visitor: Visitor, content: bytes) -> tuple[int, list[str]]:
    fields = tokens_of(visitor.read(PAGE))
    answer = visitor.client.post(
        PAGE, data={**fields, "archivo": (BytesIO(content), "lista.csv")}, content_type="multipart/form-data"
    )
    return answer.status_code, errors_of(page_of(answer, answer.status_code))


@pytest.mark.parametrize(
    "content",
    [
        b"codigo_curso,documento\n6790001,F-1\n",
        "\ufeffcodigo_curso;curso;documento\r\n6790001;Frutas;F-1\r\n".encode(),
        b"documento;codigo_curso\r\nF-1;6790001\r\n;6790002\r\n",
    ],
    ids=["commas", "as a spreadsheet saves it", "columns in another order, and a line left open"],
)
def test_a_list_is_read(visitor: Visitor, session: Session, content: bytes) -> None:
    assert send(visitor, content) == (303, [])

    session.commit()
    rows = session.scalars(select(BulkIssueRow)).all()
    assert [(row.action.code, row.document_reference) for row in rows] == [("6790001", "F-1")]


@pytest.mark.parametrize(
    ("content", "status", "sentence"),
    [
        ("código;ñ\n".encode("latin-1"), 422, "El archivo no está en UTF-8."),
        (b"", 422, "Al archivo le falta la columna codigo_curso"),
        (b"codigo_curso;numero\n6790001;F-1\n", 422, "Al archivo le falta la columna documento"),
        (f"{HEAD}6790001;F-1\r\n6790001;F-2\r\n".encode(), 422, "Línea 3: El curso 6790001 está dos veces."),
        (f"{HEAD};F-1\r\n".encode(), 422, "Línea 2: Falta el código del curso."),
        (f"{HEAD}6790001;<i>\r\n".encode(), 422, "Línea 2: El número lleva solo letras"),
        (f"{HEAD}6790001\r\n".encode(), 409, "No eligió ningún curso."),
        (f"{HEAD}6799999;F-1\r\n".encode(), 409, "No hay un curso suyo con el código 6799999."),
        (HEAD.encode() + b"".join(b"%d;F-1\r\n" % number for number in range(501)), 409, "el máximo es 500 a la vez"),
        (HEAD.encode() + b"x" * 1024 * 1024, 422, "pesa más de 1 MB"),
        (f"{HEAD}6790001;\0\r\n".encode(), 409, "No eligió ningún curso."),
    ],
    ids=lambda value: value[:40] if isinstance(value, str) else None,
)
def test_what_is_wrong_with_a_list_is_told(visitor: Visitor, content: bytes, status: int, sentence: str) -> None:
    told = send(visitor, content)

    assert told[0] == status
    assert any(sentence in line for line in told[1]), told[1]


def test_the_list_to_fill_in_names_what_can_be_issued(app: Flask, visitor: Visitor, otec: Organisation) -> None:
    TrainingActionFactory(otec=otec, code="6790000", finished=False, participants=1)
    TrainingActionFactory(code="6790009", participants=1)

    text = visitor.client.get(f"{PAGE}/lista.csv").data.decode("utf-8-sig")

    assert text == "codigo_curso;curso;documento\r\n6790001;'=Frutas;\r\n"
