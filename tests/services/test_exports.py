"""Descargar Asistencia Total in every format: what the files hold, whatever people are called, and large ones as a job."""

import csv
from datetime import datetime
from io import BytesIO, StringIO

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.adapters.attendance_csv import guarded
from app.domain.export_formats import ExportFormat
from app.domain.permissions import Actor, Profile
from app.models import Participant, Person, TrainingAction
from app.services import attendance, exports
from app.services.attendance_rows import from_data, rows_of, to_data
from tests.factories import ParticipantFactory, PersonFactory, TrainingActionFactory
from tests.support.stories import actor_of

HOSTILE = '=HYPERLINK("http://x","y") <img src=\'http://x\'> & Ñuñoa'
TABLES = (ExportFormat.CSV, ExportFormat.CSV_TOTALS)


@pytest.fixture
def action(session: Session) -> TrainingAction:
    found: TrainingAction = TrainingActionFactory(participants=3, classes=2, attended=True)
    return found


@pytest.fixture
def issuer(action: TrainingAction) -> Actor:
    return actor_of(PersonFactory(profiles=[(Profile.PROVIDER_NATIONAL_ADMIN, action.otec, None)]))


def content(session: Session, action: TrainingAction, format: ExportFormat, actor: Actor) -> bytes:
    return exports.make(session, action, format, actor=actor).content


def table(data: bytes) -> list[list[str]]:
    return list(csv.reader(StringIO(data.decode(), newline="")))


def paper(data: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(data)).pages).split())


def test_the_classes_are_one_csv_with_a_row_a_participant_and_class(
    session: Session, action: TrainingAction, issuer: Actor
) -> None:
    head, *rows = table(content(session, action, ExportFormat.CSV, issuer))

    assert head[:3] == ["RUT Participante", "Nombre Participante", "Clase"]
    assert len(rows) == 3 * 2
    assert {row[6] for row in rows} == {"5:00:00"}
    assert datetime.fromisoformat(rows[0][4]).utcoffset() is not None


def test_the_totals_are_another_csv_with_exact_figures(session: Session, action: TrainingAction, issuer: Actor) -> None:
    head, *rows = table(content(session, action, ExportFormat.CSV_TOTALS, issuer))

    assert head[:4] == ["RUT Participante", "Nombre Participante", "Tiempo acreditado", "Porcentaje Asistencia"]
    assert [row[2:6] for row in rows] == [["10:00:00", "100.00", "100", "100.00"]] * 3


def test_the_pdf_holds_every_participant_with_the_figures(
    session: Session, action: TrainingAction, issuer: Actor
) -> None:
    text = paper(content(session, action, ExportFormat.PDF, issuer))

    names = session.scalars(select(Person).join(Participant).where(Participant.action_id == action.id)).all()
    assert len(names) == 3
    assert [person.full_name for person in names if person.full_name not in text] == []
    assert "100 % (100,00)" in text
    assert "No es un certificado" in text


@pytest.mark.parametrize("begin", ["=1", "+1", "-1", "@SUM", "\t=1", "\r=1", "\n=1"])
def test_a_text_that_begins_a_formula_is_guarded_in_csv(begin: str) -> None:
    assert guarded(begin) == f"'{begin}"


@pytest.mark.parametrize("text", ["", "María", "a=1", " =1", "12.345.678-5", "100.00"])
def test_other_texts_stay_as_they_are(text: str) -> None:
    assert guarded(text) == text


@pytest.mark.parametrize("format", TABLES)
def test_a_hostile_name_is_no_formula_in_csv(
    session: Session, action: TrainingAction, issuer: Actor, format: ExportFormat
) -> None:
    ParticipantFactory(action=action, person=PersonFactory(given_names=HOSTILE))

    names = {row[1] for row in table(content(session, action, format, issuer))[1:]}

    assert [name for name in names if HOSTILE in name] != []
    assert [name for name in names if name.startswith("=")] == []


def test_a_hostile_name_stays_text_in_the_workbook_and_on_paper(
    session: Session, action: TrainingAction, issuer: Actor
) -> None:
    ParticipantFactory(action=action, person=PersonFactory(given_names=HOSTILE))

    sheet = load_workbook(BytesIO(content(session, action, ExportFormat.XLSX, issuer)))["Asistencia total"]

    assert [cell.data_type for cell in sheet["B"] if str(cell.value).startswith(HOSTILE)] == ["s"]
    assert "<img src='http://x'>" in paper(content(session, action, ExportFormat.PDF, issuer))


def test_a_very_long_word_does_not_spoil_the_pdf(session: Session, action: TrainingAction, issuer: Actor) -> None:
    ParticipantFactory(action=action, person=PersonFactory(given_names="x" * 500))

    assert "xxxxx" in paper(content(session, action, ExportFormat.PDF, issuer))


def test_a_participant_takes_the_own_rows_only(session: Session, action: TrainingAction) -> None:
    own = session.scalars(select(Participant).where(Participant.action_id == action.id)).first()
    assert own is not None
    actor = Actor(own.person_id, own.person.full_name, Profile.PARTICIPANT)

    rows = table(content(session, action, ExportFormat.CSV_TOTALS, actor))[1:]

    assert [row[0] for row in rows] == [own.person.rut.screen]
    assert exports.size_of(session, action, actor) == 2


def test_time_in_another_course_is_among_the_remarks(session: Session, action: TrainingAction, issuer: Actor) -> None:
    other = TrainingActionFactory(participants=1, classes=1, attended=True)
    (twin,) = session.scalars(select(Participant).where(Participant.action_id == other.id))
    first = session.scalars(select(Participant).where(Participant.action_id == action.id)).first()
    assert first is not None
    twin.person = first.person
    session.flush()

    rows = table(content(session, action, ExportFormat.CSV_TOTALS, issuer))[1:]

    assert [row[0] for row in rows if "coincide con otra acción" in row[-1]] == [first.person.rut.screen]


@pytest.mark.parametrize(("rows", "at_once"), [(0, True), (2000, True), (2001, False)])
def test_up_to_two_thousand_rows_are_made_at_once(rows: int, at_once: bool) -> None:
    assert exports.is_made_at_once(rows, ExportFormat.XLSX) == at_once


def test_rows_put_aside_come_back_as_they_were(session: Session, action: TrainingAction) -> None:
    computed = attendance.compute(session, action)
    rows = rows_of(computed, attendance.class_rows(session, action), action.time_zone)

    assert len(rows.sessions) == 6
    assert from_data(to_data(rows)) == rows


def test_a_pdf_nobody_could_read_is_refused() -> None:
    assert exports.why_not(exports.PDF_LIMIT, ExportFormat.PDF) is None
    assert "Descargue Excel o CSV" in (exports.why_not(exports.PDF_LIMIT + 1, ExportFormat.PDF) or "")
    assert exports.why_not(exports.PDF_LIMIT + 1, ExportFormat.XLSX) is None
