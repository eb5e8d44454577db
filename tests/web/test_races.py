"""Two at once on one thing: one wins, the others are told who did what and when, and nothing is done twice."""

import json
import urllib.request

import pytest
from flask import Flask
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from app.domain.permissions import Profile
from app.models import (
    AnnulmentDecision,
    ApiAnswer,
    AttendanceMark,
    Effect,
    HistoryEvent,
    HumanTask,
    Incident,
    IncidentResolution,
    Person,
    ProcessInstance,
    TaskStatus,
)
from app.services import tokens
from app.web.filters import local_date
from tests.factories import CertificateFactory, PersonFactory, TrainingActionFactory
from tests.support.incidents import give_up
from tests.support.wire import Answer, ask, at_once, cookie_of, send
from tests.web.machine import ADDRESS, mark
from tests.web.offices import task_address
from tests.web.visitor import Visitor

PEOPLE = 6
WORDS = {True: "aprobó la anulación", False: "rechazó la anulación"}


def enter(live: Flask, person: Person, profile: Profile) -> Visitor:
    visitor = Visitor(live.test_client())
    visitor.enter(person, profile)
    return visitor


def test_of_directors_deciding_at_once_one_does_and_the_others_read_who_what_and_when(
    live: Flask, live_session: Session, live_server: str
) -> None:
    certificate = CertificateFactory(requested=True)
    directors = [PersonFactory(profiles=[(Profile.REGIONAL_DIRECTOR, None, "13")]) for _ in range(PEOPLE)]
    live_session.commit()
    address = task_address(live_session, certificate)
    live_session.commit()
    forms = []
    for number, person in enumerate(directors):
        visitor = enter(live, person, Profile.REGIONAL_DIRECTOR)
        button = "Aprobar" if number % 2 else "Rechazar"
        forms.append((cookie_of(visitor), visitor.fill(visitor.read(address), button, reason="Se revisó.")))

    answers = at_once(forms, lambda prepared: send(live_server + address, *prepared))

    decision = live_session.scalars(select(AnnulmentDecision)).one()
    told = f"{decision.decided_by.full_name} {WORDS[decision.granted]} el {local_date(decision.decided_at)}"
    assert sorted(status for status, _ in answers) == [303] + [409] * (PEOPLE - 1)
    assert all(told in body for status, body in answers if status == 409)
    events = select(func.count()).select_from(HistoryEvent).where(HistoryEvent.actor_id == decision.decided_by_id)
    assert live_session.scalars(events).one() == 1


def test_one_key_sent_many_times_at_once_acts_once_and_answers_all_alike(
    live: Flask, live_session: Session, live_server: str
) -> None:
    action = TrainingActionFactory(participants=1, classes=1)
    token = tokens.create(live_session, rut=action.otec.rut, label="Lector 1")
    live_session.commit()
    body = json.dumps({"marks": [mark(live_session, action)]}).encode()
    live_session.commit()
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": "k", "Content-Type": "application/json"}

    def post(_: int) -> Answer:
        return ask(urllib.request.Request(live_server + ADDRESS, body, headers))

    answers = at_once(range(PEOPLE), post)

    assert len(set(answers)) == 1
    assert answers[0][0] == 200
    assert json.loads(answers[0][1])["records"][0]["outcome"] == "accepted"
    for table in (AttendanceMark, ApiAnswer, Effect):
        assert live_session.scalars(select(func.count()).select_from(table)).one() == 1


def test_of_operators_retrying_one_incident_at_once_one_does_and_the_others_are_told(
    live: Flask, live_session: Session, live_server: str
) -> None:
    operators = [PersonFactory(profiles=[(Profile.OPERATOR, None, None)]) for _ in range(PEOPLE)]
    number = give_up(live_session, "a")
    live_session.commit()
    address = f"/incidentes/{number}/descartar"
    forms = []
    for person in operators:
        visitor = enter(live, person, Profile.OPERATOR)
        forms.append((cookie_of(visitor), visitor.fill(visitor.read(address), "Descartar")))
    retrying = address.replace("descartar", "reintentar")

    answers = at_once(forms, lambda prepared: send(live_server + retrying, *prepared))

    live_session.expire_all()
    incident = live_session.get_one(Incident, number)
    assert incident.resolution is IncidentResolution.RETRIED
    assert incident.resolved_by is not None
    told = f"{incident.resolved_by.full_name} ya reintentó este incidente el"
    assert sorted(status for status, _ in answers) == [303] + [409] * (PEOPLE - 1)
    assert all(told in body for status, body in answers if status == 409)


def test_a_case_read_before_somebody_elses_step_cannot_be_saved(
    live: Flask, live_session: Session, engine: Engine
) -> None:
    CertificateFactory(requested=True)
    live_session.commit()

    with Session(engine) as late, Session(engine) as quick:
        (stale,) = late.scalars(select(ProcessInstance).where(ProcessInstance.process_id == "annulment"))
        (fresh,) = quick.scalars(select(ProcessInstance).where(ProcessInstance.process_id == "annulment"))
        fresh.state = {**fresh.state, "changed": 1}
        quick.commit()
        stale.state = {**stale.state, "changed": 2}

        with pytest.raises(StaleDataError):
            late.commit()


def test_a_task_that_closed_while_its_form_was_open_is_told_and_not_answered(
    live: Flask, live_session: Session, live_server: str
) -> None:
    certificate = CertificateFactory(requested=True)
    person = PersonFactory(profiles=[(Profile.REGIONAL_DIRECTOR, None, "13")])
    live_session.commit()
    address = task_address(live_session, certificate)
    task_id = int(address.rpartition("/")[2])
    live_session.commit()
    visitor = enter(live, person, Profile.REGIONAL_DIRECTOR)
    form = visitor.fill(visitor.read(address), "Aprobar", reason="Se revisó.")
    task = live_session.get_one(HumanTask, task_id)
    task.status, task.closed_at = TaskStatus.CANCELLED, task.opened_at
    live_session.commit()

    status, body = send(live_server + address, cookie_of(visitor), form)

    assert status == 409
    assert "Esta tarea ya no está pendiente." in body
    assert live_session.scalars(select(func.count()).select_from(AnnulmentDecision)).one() == 0
