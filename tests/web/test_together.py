"""Several people at once and a worker that is away, over real HTTP with real commits."""

import time
from typing import NoReturn

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.permissions import Profile
from app.models import FolioCounter, Issuance, TrainingAction
from app.services import certificates
from tests.factories import PersonFactory, TrainingActionFactory
from tests.support.queue import WorkerProcess
from tests.support.wire import at_once, cookie_of, send
from tests.web.visitor import Visitor

PEOPLE = 8
ACCEPT = "Acepto emitir el certificado"
PATIENCE_S = 60


def colleague(live: Flask, action: TrainingAction) -> Visitor:
    visitor = Visitor(live.test_client())
    person = PersonFactory(profiles=[(Profile.PROVIDER_NATIONAL_ADMIN, action.otec, None)])
    visitor.enter(person, Profile.PROVIDER_NATIONAL_ADMIN, action.otec)
    return visitor


def at_review(live: Flask, session: Session, how_many: int) -> tuple[str, list[Visitor]]:
    """A course whose number is entered, and so many people of its institution."""
    action = TrainingActionFactory(participants=3, classes=2, attended=True)
    people = [colleague(live, action) for _ in range(how_many)]
    session.commit()
    entered = people[0].send(f"/acciones/{action.code}/emitir", "Emitir Certificado", document_reference="4521")
    return entered.headers["Location"], people


def test_eight_acceptances_at_once_give_one_certificate(live: Flask, live_session: Session, live_server: str) -> None:
    review, people = at_review(live, live_session, PEOPLE)
    forms = [(cookie_of(person), person.fill(person.read(review), ACCEPT)) for person in people]

    answers = at_once(forms, lambda prepared: send(live_server + review, *prepared))

    assert sorted(status for status, _ in answers) == [303] + [409] * (PEOPLE - 1)
    assert all("aceptó emitir el certificado el" in body for status, body in answers if status == 409)
    assert live_session.scalar(select(func.count()).select_from(Issuance)) == 1
    assert live_session.scalar(select(FolioCounter.last_number)) == 1


def test_one_person_pressing_eight_times_gets_one_certificate_and_one_answer(
    live: Flask, live_session: Session, live_server: str
) -> None:
    review, (person,) = at_review(live, live_session, 1)
    cookie, form = cookie_of(person), person.fill(person.read(review), ACCEPT)

    answers = at_once(range(PEOPLE), lambda _: send(live_server + review, cookie, form))

    assert [status for status, _ in answers] == [303] * PEOPLE
    assert live_session.scalar(select(func.count()).select_from(Issuance)) == 1


def test_with_the_worker_away_the_issue_succeeds_and_the_pdf_comes_when_it_is_back(
    live: Flask, live_session: Session, live_server: str, celery_worker_process: WorkerProcess
) -> None:
    review, (person,) = at_review(live, live_session, 1)
    accepted = person.send(review, ACCEPT)
    page = person.read(accepted.headers["Location"])
    progress = live_server + str(page.select_one("[hx-get]")["hx-get"])  # type: ignore[index]
    cookie = cookie_of(person)
    assert send(progress, cookie)[0] == 204

    with celery_worker_process():
        link = wait_for(progress, cookie)

    issuance = live_session.scalars(select(Issuance)).one()
    assert ".pdf" in link
    assert issuance.document is not None
    assert certificates.latest_issuance(live_session, issuance.certificate_id).id == issuance.id


def wait_for(url: str, cookie: str) -> str:
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        status, body = send(url, cookie)
        if status == 200:
            return body
        time.sleep(0.2)
    return _too_late(url)


def _too_late(url: str) -> NoReturn:
    raise AssertionError(f"{url} never came")
