"""What passed to the national level: seen by SENCE's administrators, decided by nobody but the office."""

from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.domain.permissions import Profile
from app.models import Certificate, HumanTask, TaskStatus
from tests.factories import CertificateFactory, PersonFactory, TrainingActionFactory, director_of
from tests.support.timers import fire, move
from tests.web.offices import director, requested, waiting
from tests.web.people import enter
from tests.web.visitor import page_of, words

SENCE = Profile.SENCE_NATIONAL_ADMIN


def escalated(session: Session, region: str = "13") -> Certificate:
    """A request that nobody decided: forty days have passed since it was sent."""
    action = TrainingActionFactory(region=region, participants=2, classes=2, attended=True)
    people = PersonFactory.create_batch(1, email="directora@sence.example", profiles=[director_of(region)])
    certificate: Certificate = CertificateFactory(action=action, director=people[0], requested=True)
    now, task = datetime.now(UTC), waiting(session, certificate)
    task.opened_at -= timedelta(days=40)
    task.due_at = now - timedelta(days=25)
    move(task.timers, to=now - timedelta(days=10))
    session.flush()
    fire(session, now)
    return certificate


def task_of(session: Session, certificate: Certificate) -> HumanTask:
    return waiting(session, certificate)


def test_the_national_level_sees_what_escalated_and_how_late_it_is(client: FlaskClient, session: Session) -> None:
    late, in_time = escalated(session), requested()

    text = words(enter(client, SENCE).read("/bandeja"))

    assert late.action.code in text
    assert in_time.action.code not in text
    assert "1 tarea pasó al nivel central" in text
    assert "Dirección Regional Metropolitana de Santiago" in text
    assert "Vencida hace" in text
    assert "días hábiles" in text


@pytest.mark.parametrize(("region", "sees"), [("13", True), ("05", False)])
def test_the_administrator_of_a_region_sees_that_of_the_region(
    client: FlaskClient, session: Session, region: str, sees: bool
) -> None:
    late = escalated(session)

    text = words(enter(client, Profile.SENCE_REGIONAL_ADMIN, region=region).read("/bandeja"))

    assert (late.action.code in text) == sees
    assert ("Ninguna tarea ha pasado al nivel central." in text) != sees


def test_the_director_still_has_it_and_reads_that_it_escalated(client: FlaskClient, session: Session) -> None:
    late = escalated(session)

    text = words(director(client).read("/bandeja"))

    assert late.action.code in text
    assert "Pasó al nivel central el" in text


def test_the_page_says_whom_to_call_and_offers_no_decision(client: FlaskClient, session: Session) -> None:
    late = escalated(session)
    called = PersonFactory(profiles=[director_of("13")])

    page = enter(client, SENCE).read(f"/bandeja/{task_of(session, late).id}")

    assert called.full_name in words(page, "#a-quien-llamar")
    assert page.select_one('#a-quien-llamar a[href="mailto:directora@sence.example"]') is not None
    assert page.select("main form") == []


def test_where_nobody_holds_the_office_the_page_says_so(client: FlaskClient, session: Session) -> None:
    late = escalated(session)
    task_of(session, late).region = "05"
    session.flush()

    page = enter(client, SENCE).read(f"/bandeja/{task_of(session, late).id}")

    assert "Nadie tiene hoy esta oficina" in words(page, "#a-quien-llamar")


@pytest.mark.parametrize("has_token", [True, False])
def test_the_national_level_cannot_decide(client: FlaskClient, session: Session, has_token: bool) -> None:
    address = f"/bandeja/{task_of(session, late := escalated(session)).id}"
    visitor = enter(client, SENCE)
    tokens = visitor.fill(visitor.read("/feriados"), "Agregar el feriado") if has_token else {}

    page = page_of(client.post(address, data=tokens | {"granted": "1", "reason": "Se aprueba."}), 403)

    assert "puede consultar, pero no hacer esto" in words(page)
    assert task_of(session, late).status is TaskStatus.OPEN


def test_what_did_not_escalate_is_not_found_there(client: FlaskClient, session: Session) -> None:
    in_time = requested()

    page = enter(client, SENCE).read(f"/bandeja/{task_of(session, in_time).id}", 404)

    assert in_time.action.code not in words(page)


def test_once_decided_it_leaves_the_inbox_and_its_page_says_who_decided(client: FlaskClient, session: Session) -> None:
    late = escalated(session)
    task_id = task_of(session, late).id
    decider = PersonFactory(profiles=[director_of("13")])
    CertificateFactory(action=late.action, director=decider, steps=("grant",))
    visitor = enter(client, SENCE)

    assert f"{decider.full_name} aprobó la anulación" in words(visitor.read(f"/bandeja/{task_id}", 409))
    assert late.action.code not in words(visitor.read("/bandeja"))


def test_the_course_tells_in_its_time_line_that_it_escalated(client: FlaskClient, session: Session) -> None:
    late = escalated(session)

    text = words(enter(client, SENCE).read(f"/acciones/{late.action.code}"))

    assert "Sin resolver en el plazo máximo: pasó al nivel central" in text
