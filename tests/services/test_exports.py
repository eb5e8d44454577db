"""Descargar Asistencia Total in every format: what the files hold, whatever people are called, and large ones as a job."""

import csv
from collections.abc import Callable
from datetime import datetime, timedelta
from io import BytesIO, StringIO

import pytest
from flask import Flask, current_app
from openpyxl import load_workbook
from pypdf import PdfReader
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.adapters.attendance_csv import guarded
from app.domain.errors import NotFound, Refusal
from app.domain.export_formats import ExportFormat
from app.domain.permissions import Actor, Profile
from app.models import JobChunk, JobState, Participant, Person, ProfileGrant, TrainingAction
from app.services import attendance, exports, jobs
from app.services.attendance_rows import from_data, rows_of, to_data
from tests.factories import ParticipantFactory, PersonFactory, TrainingActionFactory
from tests.support.database import Work
from tests.support.jobs import national_admin, reread, waiting, work_off
from tests.support.stories import actor_of
from tests.tasks.test_effects import run

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


@pytest.mark.parametrize(("rows", "at_once"), [(0, True), (2000, True), (2001, False)])
def test_up_to_two_thousand_rows_are_made_at_once(rows: int, at_once: bool) -> None:
    assert exports.is_made_at_once(rows, ExportFormat.XLSX) == at_once


def test_rows_put_aside_come_back_as_they_were(session: Session, action: TrainingAction) -> None:
    computed = attendance.compute(session, action)
    rows = rows_of(computed, attendance.class_rows(session, action), action.time_zone)

    assert len(rows.sessions) == 6
    assert from_data(to_data(rows)) == rows


@pytest.fixture
def asked(work: Work, action: TrainingAction, issuer: Actor, monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    """Asks for a file in chunks of one participant each; the job's id."""
    monkeypatch.setattr(exports, "ROWS_A_CHUNK", 2)

    def ask(format: ExportFormat = ExportFormat.CSV) -> int:
        with work() as inner:
            return exports.ask(inner, inner.get_one(TrainingAction, action.id), format, actor=issuer).id

    return ask


@pytest.mark.parametrize("format", TABLES)
def test_a_job_makes_the_same_file_as_is_made_at_once(
    app: Flask,
    session: Session,
    action: TrainingAction,
    issuer: Actor,
    asked: Callable[..., int],
    format: ExportFormat,
) -> None:
    expected = content(session, action, format, issuer)
    job_id = asked(format)
    assert len(waiting(session)) == 3

    with app.app_context():
        work_off(session)
        job = reread(session, job_id)
        made = current_app.extensions["storage"].read(job.result_sha256)

    assert made == expected
    assert (job.state, job.done, job.result_filename) == (JobState.DONE, 4, format.filename(action.code))


def test_what_the_chunks_put_aside_is_gone_when_the_job_has_ended(
    app: Flask, session: Session, asked: Callable[..., int]
) -> None:
    asked()
    run(app, waiting(session)[0])
    assert parts(session) == 1

    with app.app_context():
        work_off(session)

    assert parts(session) == 0


def parts(session: Session) -> int:
    session.commit()
    return len(session.scalars(select(JobChunk).where(JobChunk.part.is_not(None))).all())


def test_an_export_cancelled_half_way_makes_no_file(
    app: Flask, session: Session, work: Work, issuer: Actor, asked: Callable[..., int]
) -> None:
    job_id = asked()
    run(app, waiting(session)[0])
    with work() as inner:
        jobs.cancel(inner, job_id, actor=issuer)

    with app.app_context():
        work_off(session)

    job = reread(session, job_id)
    assert (job.state, job.result_sha256, job.done) == (JobState.CANCELLED, None, 1)
    assert parts(session) == 0


def test_who_lost_the_profile_gets_no_file(
    app: Flask, session: Session, issuer: Actor, asked: Callable[..., int]
) -> None:
    job_id = asked()
    for granted in session.query(ProfileGrant).filter_by(person_id=issuer.person_id):
        session.delete(granted)
    session.commit()

    with app.app_context():
        work_off(session)

    job = reread(session, job_id)
    assert (job.state, job.result_sha256) == (JobState.FAILED, None)


def test_the_file_is_for_who_asked_acting_as_then(
    app: Flask, session: Session, work: Work, action: TrainingAction, issuer: Actor, asked: Callable[..., int]
) -> None:
    job_id = asked()
    with app.app_context():
        work_off(session)
    other_hat = Actor(issuer.person_id, "", Profile.PARTICIPANT)
    colleague = actor_of(PersonFactory(profiles=[(Profile.PROVIDER_NATIONAL_ADMIN, action.otec, None)]))

    assert exports.fetchable(session, job_id, issuer).id == job_id
    for actor in (other_hat, colleague, national_admin()):
        with pytest.raises(NotFound):
            exports.fetchable(session, job_id, actor)


def test_after_thirty_days_the_file_is_told_to_be_gone(
    app: Flask, session: Session, issuer: Actor, asked: Callable[..., int]
) -> None:
    job_id = asked()
    with app.app_context():
        work_off(session)
    job = reread(session, job_id)
    assert job.ended_at is not None
    job.ended_at -= timedelta(days=30, seconds=1)
    session.commit()

    with pytest.raises(Refusal, match="Pídalo de nuevo"):
        exports.fetchable(session, job_id, issuer)


def test_a_pdf_nobody_could_read_is_refused() -> None:
    assert exports.why_not(exports.PDF_LIMIT, ExportFormat.PDF) is None
    assert "Descargue Excel o CSV" in (exports.why_not(exports.PDF_LIMIT + 1, ExportFormat.PDF) or "")
    assert exports.why_not(exports.PDF_LIMIT + 1, ExportFormat.XLSX) is None
