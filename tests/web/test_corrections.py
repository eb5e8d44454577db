"""The page of a course's corrections: what was before and after, who and when, late and contradictory marks."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.domain.permissions import Profile
from app.models import AttendanceMark, Correction, TrainingAction
from tests.factories import CertificateFactory, TrainingActionFactory, compute, rows_of
from tests.support.database import rewriting
from tests.support.queries import statements
from tests.web.people import as_provider
from tests.web.visitor import Visitor, words


def correction(session: Session, action: TrainingAction, **after: Any) -> Correction:
    """Of the mark with which the first participant left the first class, three days after it was taken."""
    rows = rows_of(session, action)
    marked_at = rows["classes"][0].instructors[0].ended_at
    before = {
        "mark_id": "m-1",
        "action_code": action.code,
        "class_id": rows["classes"][0].class_id,
        "rut": rows["participants"][0].person.rut.wire,
        "kind": "out",
        "marked_at": marked_at.isoformat(),
        "validation": "pending",
        "device_id": "",
    }
    row = Correction(
        record="marks",
        natural_key="m-1",
        before=before,
        after=before | after,
        corrected_at=marked_at + timedelta(days=3, hours=1),
        source="flask intake load carga",
    )
    session.add(row)
    session.flush()
    return row


@pytest.fixture
def action(session: Session) -> TrainingAction:
    made: TrainingAction = TrainingActionFactory(participants=1, classes=1, attended=True)
    return made


def read(client: FlaskClient, action: TrainingAction) -> BeautifulSoup:
    return as_provider(client, action).read(f"/acciones/{action.code}/correcciones")


def test_a_fingerprint_validated_days_later_says_so(
    client: FlaskClient, session: Session, action: TrainingAction
) -> None:
    correction(session, action, validation="valid")
    text = words(read(client, action), "#correcciones")

    assert "Huella validada 3 días después" in text
    assert "Huella: antes Pendiente de validación → ahora Validada" in text
    assert "flask intake load carga" in text
    assert rows_of(session, action)["participants"][0].person.full_name in text


def test_a_corrected_hour_is_told_before_and_after(
    client: FlaskClient, session: Session, action: TrainingAction
) -> None:
    later = rows_of(session, action)["classes"][0].instructors[0].ended_at + timedelta(minutes=5)
    correction(session, action, marked_at=later.isoformat())
    text = words(read(client, action), "#correcciones")

    assert "Marca corregida" in text
    assert re.search(r"Hora de la marca: antes \S+ a las \d\d:00 → ahora \S+ a las \d\d:05", text)


def test_a_class_closed_afterwards_says_so(client: FlaskClient, session: Session, action: TrainingAction) -> None:
    kept = rows_of(session, action)["classes"][0].instructors[0]
    before = {
        "action_code": action.code,
        "class_id": "c",
        "instructor_rut": kept.person.rut.wire,
        "started_at": kept.started_at.isoformat(),
        "ended_at": None,
    }
    after = before | {"ended_at": kept.ended_at.isoformat()}
    session.add(
        Correction(
            record="classes",
            natural_key="c",
            before=before,
            after=after,
            corrected_at=datetime.now(UTC),
            source="carga",
        )
    )
    text = words(read(client, action), "#correcciones")

    assert "Clase cerrada después" in text
    assert "Término de la clase: antes vacío" in text


def test_marks_that_contradict_each_other_are_listed(
    client: FlaskClient, session: Session, action: TrainingAction
) -> None:
    with rewriting(session):
        session.query(AttendanceMark).filter_by(kind="out").delete()
    compute(action)
    text = words(read(client, action), "#por-revisar")

    assert "sin marca de salida" in text


def test_marks_that_came_after_the_issue_are_listed(client: FlaskClient, session: Session) -> None:
    certificate = CertificateFactory(issued=True)
    mark = session.query(AttendanceMark).first()
    assert mark is not None
    mark.received_at = datetime.now(UTC) + timedelta(minutes=1)
    page = read(client, certificate.action)

    assert len(page.select("#tardias tbody tr")) == 1


def test_the_corrections_of_a_course_are_not_those_of_another(
    client: FlaskClient, session: Session, action: TrainingAction
) -> None:
    other = TrainingActionFactory(participants=1, classes=1, otec=action.otec)
    correction(session, other, validation="valid")

    assert "Nada se ha corregido en este curso." in words(read(client, action))


def test_corrections_come_page_by_page_with_no_question_per_row(
    client: FlaskClient, session: Session, action: TrainingAction
) -> None:
    correction(session, action, validation="valid")
    visitor = as_provider(client, action)
    with statements(session) as one:
        visitor.read(f"/acciones/{action.code}/correcciones")
    for number in range(24):
        correction(session, action, device_id=f"d-{number}")
    with statements(session) as many:
        first = visitor.read(f"/acciones/{action.code}/correcciones")
    second = visitor.read(first.select_one("a[rel=next]")["href"])  # type: ignore[index,arg-type]

    assert len(one) == len(many)
    assert [len(page.select("#correcciones > li")) for page in (first, second)] == [20, 5]


def test_a_participant_does_not_see_the_corrections_of_others(
    client: FlaskClient, session: Session, action: TrainingAction
) -> None:
    visitor = Visitor(client)
    visitor.enter(rows_of(session, action)["participants"][0].person, Profile.PARTICIPANT)

    page = visitor.read(f"/acciones/{action.code}/correcciones", 403)

    assert page.select("#correcciones") == []
