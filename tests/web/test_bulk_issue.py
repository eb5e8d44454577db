"""Emisión masiva at the pages: chosen together, reviewed, accepted once, each issued by itself."""

from collections.abc import Mapping
from io import BytesIO
from zipfile import ZipFile

import pytest
from bs4 import BeautifulSoup, Tag
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.models import AttendanceMark, Effect, Issuance, Organisation, Participant, ProcessInstance, TrainingAction
from app.process import issuance_case
from app.web.portal.selection import CRITERIA
from tests.factories import OrganisationFactory, TrainingActionFactory
from tests.support.database import rewriting
from tests.support.effects import perform_now
from tests.support.jobs import work_off
from tests.support.queries import statements
from tests.web.people import ADMIN, enter
from tests.web.visitor import Visitor, errors_of, page_of, words

PAGE = "/emision-masiva"


@pytest.fixture
def otec(session: Session) -> Organisation:
    found: Organisation = OrganisationFactory()
    return found


@pytest.fixture
def courses(otec: Organisation) -> list[TrainingAction]:
    return [TrainingActionFactory(otec=otec, participants=2, classes=2, attended=True) for _ in range(3)]


@pytest.fixture
def visitor(client: FlaskClient, courses: list[TrainingAction], otec: Organisation) -> Visitor:
    """Somebody of the OTEC who has searched for all of its courses."""
    visitor = enter(client, ADMIN, otec)
    searched_for_everything(visitor)
    return visitor


def searched_for_everything(visitor: Visitor) -> None:
    with visitor.client.session_transaction() as kept:
        kept[CRITERIA] = ["3", "5", ""]


def press(visitor: Visitor, address: str, button: str, typed: Mapping[str, str] | None = None) -> str:
    """Fill in the form that has the button, press it; the address it leads to."""
    page = visitor.read(address)
    form = next(form for form in page.select("main form") if button in text_of(form))
    held = {str(tag["name"]): str(tag.get("value", "")) for tag in form.select("input[name]")} | dict(typed or {})
    pressed = next(tag for tag in form.select("button") if button in text_of(tag))
    held |= {str(pressed["name"]): "1"} if pressed.get("name") else {}
    answer = visitor.client.post(str(form["action"]), data=held)
    assert answer.status_code == 303, errors_of(page_of(answer, answer.status_code))
    return str(answer.headers["Location"])


def text_of(tag: Tag) -> str:
    return " ".join(tag.text.split())


def press_and_wait(
    app: Flask, session: Session, visitor: Visitor, address: str, button: str, typed: Mapping[str, str] | None = None
) -> str:
    """The same, and the workers do what it asked for."""
    led_to = press(visitor, address, button, typed)
    with app.app_context():
        work_off(session)
    return led_to


def reviewed(app: Flask, session: Session, visitor: Visitor, courses: list[TrainingAction]) -> str:
    numbers = {f"documento-{course.code}": f"F-{place}" for place, course in enumerate(courses)}
    return press_and_wait(app, session, visitor, PAGE, "Revisar los que tienen número", numbers)


def issued(app: Flask, session: Session, visitor: Visitor, courses: list[TrainingAction]) -> str:
    return press_and_wait(app, session, visitor, reviewed(app, session, visitor, courses), "Acepto emitir")


def issuances(session: Session) -> list[Issuance]:
    session.commit()
    return list(session.scalars(select(Issuance).order_by(Issuance.folio_number)))


def lose_a_mark(session: Session, course: TrainingAction) -> None:
    of_course = select(Participant.id).where(Participant.action_id == course.id)
    mark = select(AttendanceMark.id).where(AttendanceMark.participant_id.in_(of_course)).limit(1)
    with rewriting(session):
        session.execute(delete(AttendanceMark).where(AttendanceMark.id == mark.scalar_subquery()))
    session.commit()


def test_what_was_chosen_is_reviewed_accepted_once_and_issued(
    app: Flask, session: Session, visitor: Visitor, courses: list[TrainingAction]
) -> None:
    address = reviewed(app, session, visitor, courses[:2])
    assert "Se pueden emitir 2 de 2." in words(visitor.read(address))

    press_and_wait(app, session, visitor, address, "Acepto emitir los 2 certificados")

    assert [(one.document_reference, one.folio_number) for one in issuances(session)] == [("F-0", 1), ("F-1", 2)]
    assert "Emitidos 2 de 2." in words(visitor.read(address))


def test_a_course_that_changed_since_is_not_issued_and_stops_no_other(
    app: Flask, session: Session, visitor: Visitor, courses: list[TrainingAction]
) -> None:
    address = reviewed(app, session, visitor, courses)
    lose_a_mark(session, courses[0])

    press_and_wait(app, session, visitor, address, "Acepto emitir")

    page = visitor.read(address)
    assert [(one.document_reference, one.folio_number) for one in issuances(session)] == [("F-1", 1), ("F-2", 2)]
    assert "Los datos del curso cambiaron mientras usted revisaba." in words(page, "#cursos")
    assert session.query(Effect).filter(Effect.gave_up_at.is_not(None)).count() == 0
    # Of the one that was refused nothing stays, not even a case that was begun.
    assert session.query(ProcessInstance).count() == 2


def test_only_what_is_missing_is_tried_again(
    app: Flask, session: Session, visitor: Visitor, courses: list[TrainingAction]
) -> None:
    address = reviewed(app, session, visitor, courses)
    lose_a_mark(session, courses[0])
    press_and_wait(app, session, visitor, address, "Acepto emitir")

    again = press_and_wait(app, session, visitor, address, "Reintentar el que falta")
    press_and_wait(app, session, visitor, again, "Acepto emitir el certificado")

    assert again != address
    assert [(one.document_reference, one.folio_number) for one in issuances(session)] == [
        ("F-1", 1),
        ("F-2", 2),
        ("F-0", 3),
    ]


def test_a_course_issued_meanwhile_by_somebody_else_tells_so(
    app: Flask, session: Session, visitor: Visitor, courses: list[TrainingAction]
) -> None:
    first, second = (reviewed(app, session, visitor, courses[:1]) for _ in range(2))

    for address in (first, second):
        press_and_wait(app, session, visitor, address, "Acepto emitir")

    assert len(issuances(session)) == 1
    assert "no se puede emitir" in words(visitor.read(second), "#cursos")


def test_an_acceptance_sent_twice_issues_once(
    app: Flask, session: Session, visitor: Visitor, courses: list[TrainingAction]
) -> None:
    address = issued(app, session, visitor, courses[:1])

    repeated = visitor.client.post(address, data=tokens_of(visitor.read(PAGE)))

    assert errors_of(page_of(repeated, 409)) == ["Esta emisión ya fue aceptada. Vea abajo cómo va."]
    assert len(issuances(session)) == 1


def test_an_effect_done_twice_issues_once(
    app: Flask, session: Session, visitor: Visitor, courses: list[TrainingAction]
) -> None:
    issued(app, session, visitor, courses[:1])
    effect = session.query(Effect).filter_by(kind="jobs/bulk_issue").one()
    effect.done_at, effect.begun_at, effect.attempts = None, None, 0
    session.commit()

    with app.app_context():
        perform_now([effect.id])

    assert len(issuances(session)) == 1


def test_what_failed_for_good_says_what_to_do(
    app: Flask, session: Session, visitor: Visitor, courses: list[TrainingAction], monkeypatch: pytest.MonkeyPatch
) -> None:
    address = reviewed(app, session, visitor, courses[:1])
    monkeypatch.setattr(issuance_case, "issue_reviewed", lambda *_, **__: 1 / 0)

    press_and_wait(app, session, visitor, address, "Acepto emitir")

    assert "No se pudo hacer. Reinténtelo;" in words(visitor.read(address), "#cursos")
    assert issuances(session) == []


def test_nobody_else_sees_it(
    app: Flask, session: Session, visitor: Visitor, courses: list[TrainingAction], otec: Organisation
) -> None:
    address = reviewed(app, session, visitor, courses[:1])
    colleague = enter(app.test_client(), ADMIN, otec)
    session.commit()

    pages = ("", "/avance", "/resultado.xlsx", "/certificados.zip")
    assert [colleague.client.get(f"{address}{page}").status_code for page in pages] == [404] * len(pages)


def test_a_number_that_cannot_be_is_told_and_what_was_typed_stays(
    visitor: Visitor, courses: list[TrainingAction]
) -> None:
    page = visitor.read(PAGE)
    fields = {f"documento-{courses[0].code}": "<b>", f"documento-{courses[1].code}": "F-2"}

    answer = page_of(visitor.client.post(PAGE, data=tokens_of(page) | fields), 422)

    assert errors_of(answer) == [
        f"Curso {courses[0].code}: El número lleva solo letras, cifras, guion, barra, punto y espacio. Quite lo demás."
    ]
    assert {str(tag["name"]): str(tag["value"]) for tag in answer.select("#cursos-por-emitir input")} == {
        **fields,
        f"documento-{courses[2].code}": "",
    }


def tokens_of(page: BeautifulSoup) -> dict[str, str]:
    return {str(tag["name"]): str(tag["value"]) for tag in page.select("main form")[-1].select("input[type=hidden]")}


def test_the_result_is_a_spreadsheet(
    app: Flask, session: Session, visitor: Visitor, courses: list[TrainingAction]
) -> None:
    address = issued(app, session, visitor, courses[:2])

    book = load_workbook(BytesIO(visitor.client.get(f"{address}/resultado.xlsx").data))

    rows = [[cell.value for cell in row[:5]] for row in book["Emisión masiva"].iter_rows(min_row=2)]
    year = issuances(session)[0].folio_year
    assert rows == [
        [course.code, course.name, f"F-{place}", "Emitido", f"{place + 1}-{year}"]
        for place, course in enumerate(courses[:2])
    ]


@pytest.mark.parametrize("of_the_search", [False, True])
def test_the_pdfs_come_as_one_zip(
    app: Flask, session: Session, visitor: Visitor, courses: list[TrainingAction], of_the_search: bool
) -> None:
    address = issued(app, session, visitor, courses[:2])
    made = session.scalars(select(Effect.id).where(Effect.kind == "documents/render")).all()
    session.commit()
    with app.app_context():
        perform_now(made)
    source = (
        "/CertificadoAsistencia/BusquedaAccion/Certificados.zip" if of_the_search else f"{address}/certificados.zip"
    )

    answer = visitor.client.get(source)

    archive = ZipFile(BytesIO(answer.data))
    stored = {
        f"certificado-{one.folio}-{one.certificate.action.code}.pdf": one.document.sha256
        for one in issuances(session)
        if one.document
    }
    storage = app.extensions["storage"]
    assert archive.testzip() is None
    assert len(stored) == 2
    assert {name: archive.read(name) for name in archive.namelist()} == {
        name: storage.read(sha256) for name, sha256 in stored.items()
    }


def test_no_row_of_the_pages_asks_the_database_by_itself(
    app: Flask, session: Session, visitor: Visitor, courses: list[TrainingAction]
) -> None:
    asked = []
    for some in (courses[:1], courses[1:]):
        address = issued(app, session, visitor, some)
        with statements(session) as sent:
            visitor.read(address)
        asked.append(len(sent))

    assert asked[0] == asked[1]
