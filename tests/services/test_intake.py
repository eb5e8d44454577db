"""What becomes of loaded rows: new, unchanged, a correction that keeps what was before, or refused."""

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models import (
    AttendanceMark,
    AttendanceResult,
    ClassHeld,
    ClassInstructor,
    Correction,
    Effect,
    Participant,
    Person,
    TrainingAction,
)
from app.services import attendance, effects
from app.services.intake import KINDS, ChunkReport, Row, load_chunk
from tests.factories import CertificateFactory
from tests.services.intake_files import (
    ACTION,
    ANA,
    BENJAMIN,
    CLASS,
    CODE,
    COURSE,
    ENTRY,
    EXIT,
    INSTRUCTOR,
    PARTICIPANTS,
    PEOPLE,
    PROFILES,
    FileRow,
)
from tests.web.machine import mark

KIND = {kind.name: kind for kind in KINDS}
OTHER = {**ACTION, "code": "6700002", "name": "Otra"}


def load(session: Session, name: str, *rows: FileRow, run: str = "r1") -> ChunkReport:
    numbered = [Row(line, row) for line, row in enumerate(rows, start=2)]
    return load_chunk(session, KIND[name], numbered, source="prueba", run=run)


def outcome(report: ChunkReport) -> tuple[int, int, int, int]:
    return report.new, report.unchanged, report.corrected, len(report.refused)


@pytest.fixture
def course(session: Session) -> TrainingAction:
    """The example course, loaded whole, its recomputation not yet done."""
    for name, rows in COURSE.items():
        assert not load(session, name, *rows, run=f"first:{name}").refused
    return session.scalars(select(TrainingAction).where(TrainingAction.code == CODE)).one()


def test_a_course_loads_whole_and_its_attendance_can_be_computed(session: Session, course: TrainingAction) -> None:
    attendance.recompute(session, {"action_id": course.id})

    ana = select(AttendanceResult.credited_seconds).join(Participant, Participant.id == AttendanceResult.participant_id)
    body = select(Person.id).where(Person.rut_body == 1000013).scalar_subquery()
    assert session.scalar(ana.where(Participant.person_id == body)) == 4 * 3600


@pytest.mark.parametrize("name", [kind.name for kind in KINDS])
def test_loading_the_same_rows_again_changes_nothing(session: Session, course: TrainingAction, name: str) -> None:
    report = load(session, name, *COURSE[name], run="second")

    assert outcome(report) == (0, len(COURSE[name]), 0, 0)
    assert report.actions == set()
    assert session.scalar(select(func.count()).select_from(Correction)) == 0


def test_another_value_under_the_same_key_is_a_correction_that_keeps_what_was_before(
    session: Session, course: TrainingAction
) -> None:
    report = load(session, "marks", {**ENTRY, "marked_at": "2026-03-02T09:30:00-03:00"})

    assert outcome(report) == (0, 0, 1, 0)
    correction = session.scalars(select(Correction)).one()
    assert (correction.record, correction.natural_key, correction.source) == ("marks", "M1", "prueba")
    assert correction.before == {**ENTRY, "marked_at": "2026-03-02T12:14:00+00:00"}
    assert correction.after == {**ENTRY, "marked_at": "2026-03-02T12:30:00+00:00"}
    stored = session.scalar(select(AttendanceMark.marked_at).where(AttendanceMark.mark_id == "M1"))
    assert stored == datetime(2026, 3, 2, 12, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "row", "field", "before"),
    [
        ("organisations", {**COURSE["organisations"][0], "name": "Capacitación Boldo"}, "name", "Capacitación Ñilhue"),
        ("people", {**PEOPLE[1], "given_names": "Anaís"}, "given_names", "Ana"),
        ("actions", {**ACTION, "credited_hours": "5"}, "credited_hours", 4.0),
        ("actions", {**ACTION, "company_rut": ""}, "company_rut", ACTION["company_rut"]),
        ("classes", {**CLASS, "ended_at": ""}, "ended_at", "2026-03-02T16:00:00+00:00"),
    ],
    ids=lambda part: part if isinstance(part, str) else "",
)
def test_every_kind_keeps_what_a_correction_replaced(
    session: Session, course: TrainingAction, name: str, row: FileRow, field: str, before: object
) -> None:
    assert load(session, name, row).corrected == 1

    correction = session.scalars(select(Correction)).one()
    assert correction.before[field] == before
    assert set(correction.before) == set(correction.after) == set(row)


def test_a_key_repeated_in_one_chunk_is_new_first_and_a_correction_then(
    session: Session, course: TrainingAction
) -> None:
    late, later = ({**ENTRY, "mark_id": "M9", "marked_at": f"2026-03-02T09:{minute}:00-03:00"} for minute in (20, 40))
    report = load(session, "marks", late, EXIT, later, later)

    assert outcome(report) == (1, 2, 1, 0)
    assert session.scalars(select(Correction)).one().before["marked_at"] == "2026-03-02T12:20:00+00:00"


@pytest.mark.parametrize(
    ("name", "row", "field", "reason"),
    [
        ("marks", {**ENTRY, "action_code": "9999999"}, "action_code", "No hay una acción"),
        ("marks", {**ENTRY, "class_id": "C99"}, "class_id", "Esa clase no existe"),
        ("marks", {**ENTRY, "rut": "9-4"}, "rut", "No hay una persona"),
        ("marks", {**ENTRY, "rut": INSTRUCTOR}, "rut", "no es participante"),
        ("participants", {**PARTICIPANTS[0], "rut": "9-4"}, "rut", "No hay una persona"),
        ("classes", {**CLASS, "class_id": "C02", "instructor_rut": "9-4"}, "instructor_rut", "No hay una persona"),
        ("actions", {**OTHER, "otec_rut": ACTION["company_rut"]}, "otec_rut", "No hay una OTEC"),
        ("actions", {**OTHER, "otic_rut": ACTION["otec_rut"]}, "otic_rut", "No hay una OTIC"),
        ("actions", {**OTHER, "company_rut": "9-4"}, "company_rut", "No hay una institución"),
        ("profiles", {**PROFILES[0], "organisation_rut": "9-4"}, "organisation_rut", "No hay una institución"),
    ],
    ids=lambda part: part if isinstance(part, str) else "",
)
def test_a_row_that_refers_to_nothing_is_refused_with_its_line(
    session: Session, course: TrainingAction, name: str, row: FileRow, field: str, reason: str
) -> None:
    report = load(session, name, COURSE[name][0], row)

    assert outcome(report) == (0, 1, 0, 1)
    (refused,) = report.refused
    assert (refused.file, refused.line, refused.field) == (f"{name}.csv", 3, field)
    assert reason in refused.reason


def test_a_refused_row_leaves_no_class_behind(session: Session, course: TrainingAction) -> None:
    load(session, "classes", {**CLASS, "class_id": "C02", "instructor_rut": "9-4"})

    assert list(session.scalars(select(ClassHeld.class_id))) == ["C01"]


def test_bad_rows_do_not_keep_good_ones_out(session: Session, course: TrainingAction) -> None:
    good = {**EXIT, "mark_id": "M3", "rut": BENJAMIN}
    bad = [{**ENTRY, "mark_id": "M4", "kind": "x"}, {**ENTRY, "mark_id": "M5", "rut": "9-4"}]
    report = load(session, "marks", bad[1], good, bad[0])

    assert outcome(report) == (1, 0, 0, 2)
    assert [refused.line for refused in report.refused] == [2, 4]


def test_an_exit_without_entry_is_no_fault_of_its_row(session: Session, course: TrainingAction) -> None:
    report = load(session, "marks", {**EXIT, "mark_id": "M8", "rut": BENJAMIN})

    assert outcome(report) == (1, 0, 0, 0)


EARLY_EXIT = {**EXIT, "mark_id": "M7", "rut": BENJAMIN, "marked_at": "2026-03-02T09:10:00-03:00"}
LATE_ENTRY = {**ENTRY, "mark_id": "M8", "rut": BENJAMIN, "marked_at": "2026-03-02T09:40:00-03:00"}


@pytest.mark.parametrize(
    "chunks",
    [[[EARLY_EXIT, LATE_ENTRY]], [[LATE_ENTRY, EARLY_EXIT]], [[LATE_ENTRY], [EARLY_EXIT]]],
    ids=["together", "the entry first in the file", "the entry stored before"],
)
def test_an_exit_before_its_entry_is_refused_and_the_entry_stays(
    session: Session, course: TrainingAction, chunks: list[list[FileRow]]
) -> None:
    *before, last = chunks
    for rows in before:
        load(session, "marks", *rows)
    report = load(session, "marks", *last)

    assert report.new == len(last) - 1
    (refused,) = report.refused
    assert (refused.file, refused.line, refused.field) == ("marks.csv", last.index(EARLY_EXIT) + 2, "marked_at")
    assert "anterior a toda entrada" in refused.reason
    assert outcome(load(session, "marks", *last)) == (0, len(last) - 1, 0, 1)


@pytest.mark.parametrize(
    "rows",
    [
        [EARLY_EXIT],
        [EARLY_EXIT, {**LATE_ENTRY, "marked_at": "2026-03-02T09:10:00-03:00"}],
        [EARLY_EXIT, LATE_ENTRY, {**LATE_ENTRY, "mark_id": "M6", "marked_at": "2026-03-02T09:01:00-03:00"}],
        [EARLY_EXIT, {**LATE_ENTRY, "rut": ANA}],
        [EARLY_EXIT, {**LATE_ENTRY, "kind": "x"}],
    ],
    ids=["without any entry", "at the very instant", "that comes back later", "of another person", "of a refused row"],
)
def test_other_exits_are_taken(session: Session, course: TrainingAction, rows: list[FileRow]) -> None:
    report = load(session, "marks", *rows)

    assert [refused.field for refused in report.refused if refused.field != "kind"] == []
    assert report.doubts == []


def test_an_exit_that_came_before_anybody_knew_of_its_entry_stays_and_the_entry_is_told(
    session: Session, course: TrainingAction
) -> None:
    load(session, "marks", EARLY_EXIT)
    report = load(session, "marks", LATE_ENTRY)

    assert outcome(report) == (1, 0, 0, 0)
    (doubt,) = report.doubts
    assert (doubt.line, doubt.field) == (2, "marked_at")
    assert outcome(load(session, "marks", LATE_ENTRY, EARLY_EXIT)) == (0, 2, 0, 0)


def test_the_fingerprint_of_an_exit_that_stayed_can_be_validated(session: Session, course: TrainingAction) -> None:
    load(session, "marks", {**EARLY_EXIT, "validation": "pending"})
    load(session, "marks", LATE_ENTRY)

    assert outcome(load(session, "marks", EARLY_EXIT)) == (0, 0, 1, 0)


def test_a_correction_cannot_put_an_exit_before_its_entry(session: Session, course: TrainingAction) -> None:
    report = load(session, "marks", {**EXIT, "marked_at": "2026-03-02T08:00:00-03:00"})

    assert outcome(report) == (0, 0, 0, 1)


def test_an_exit_and_its_entry_may_be_corrected_together(session: Session, course: TrainingAction) -> None:
    earlier = {**ENTRY, "marked_at": "2026-03-02T07:00:00-03:00"}, {**EXIT, "marked_at": "2026-03-02T08:00:00-03:00"}

    assert outcome(load(session, "marks", *reversed(earlier))) == (0, 0, 2, 0)


def test_an_entry_that_this_load_takes_away_refuses_no_exit(session: Session, course: TrainingAction) -> None:
    moved = {**ENTRY, "rut": BENJAMIN}

    assert outcome(load(session, "marks", moved, {**EXIT, "marked_at": "2026-03-02T08:00:00-03:00"})) == (0, 0, 2, 0)


def test_no_device_changes_what_a_decision_granted_and_the_other_rows_load(session: Session) -> None:
    action = CertificateFactory(retroactive_granted=True).action
    granted = session.query(AttendanceMark).filter(AttendanceMark.decision_id.is_not(None)).one()
    report = load(session, "marks", mark(session, action, mark_id=granted.mark_id), mark(session, action))

    assert outcome(report) == (1, 0, 0, 1)
    assert (report.refused[0].line, report.refused[0].field) == (2, "mark_id")
    assert "asistencia retroactiva" in report.refused[0].reason


def test_several_rows_of_one_class_are_its_facilitators(session: Session, course: TrainingAction) -> None:
    load(session, "classes", {**CLASS, "instructor_rut": BENJAMIN})

    assert session.scalar(select(func.count()).select_from(ClassHeld)) == 1
    assert session.scalar(select(func.count()).select_from(ClassInstructor)) == 2


def waiting(session: Session) -> Sequence[int]:
    return session.scalars(
        select(Effect.payload["action_id"].as_integer()).where(
            Effect.kind == attendance.RECOMPUTE, Effect.done_at.is_(None)
        )
    ).all()


def test_all_that_one_load_changes_in_a_course_is_one_recomputation(session: Session, course: TrainingAction) -> None:
    assert waiting(session) == [course.id]


def test_a_change_after_a_recomputation_asks_for_another(session: Session, course: TrainingAction) -> None:
    for effect in session.scalars(select(Effect)):
        effects.record_done(effect)
    session.flush()

    load(session, "marks", {**EXIT, "validation": "rejected"}, run="second")

    assert waiting(session) == [course.id]


def test_a_mark_corrected_to_another_course_recomputes_both(session: Session, course: TrainingAction) -> None:
    load(session, "actions", OTHER)
    load(session, "participants", {"action_code": OTHER["code"], "rut": ANA})
    load(session, "classes", {**CLASS, "action_code": OTHER["code"]})

    report = load(session, "marks", {**EXIT, "action_code": OTHER["code"]}, run="moved")

    other = session.scalars(select(TrainingAction.id).where(TrainingAction.code == OTHER["code"])).one()
    assert report.actions == {course.id, other}
