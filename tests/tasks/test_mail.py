"""Mail as an effect: asked for with the action or not at all, sent by a worker once, an incident when nobody can send it."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.adapters.mail import PostOffice
from app.models import Effect, Incident, Person
from app.services import mail
from app.unit_of_work import unit_of_work
from tests.support.database import Work
from tests.support.effects import eventually, perform_all
from tests.support.letters import DIRECTOR, ISSUER, Bag, certificate_at, text_of
from tests.support.post import SENDER, Post, Serve
from tests.support.queue import WorkerProcess


def letters_asked(session: Session) -> list[Effect]:
    session.expire_all()
    return list(session.scalars(select(Effect).where(Effect.kind == mail.SEND).order_by(Effect.id)))


def test_a_decision_goes_to_who_asked_and_nobody_is_called_to_decide_any_more(
    app: Flask, session: Session, post: Post
) -> None:
    certificate = certificate_at("issue", "request", "grant")

    perform_all(app, session)

    (decision,) = (m for m in post.messages if "emitido" not in m["Subject"])
    assert (decision["Subject"], ISSUER in decision["To"]) == (
        f"Se aprobó su solicitud de anulación, curso {certificate.action.code}",
        True,
    )
    assert {effect.done_at is not None for effect in letters_asked(session)} == {True}


def test_a_request_that_waits_calls_the_director_and_leaves_a_receipt(app: Flask, session: Session, post: Post) -> None:
    certificate = certificate_at("issue", "request")

    perform_all(app, session)

    (called,) = (m for m in post.messages if DIRECTOR in m["To"])
    assert f"curso {certificate.action.code}" in called["Subject"]
    assert "https://constancia.example/bandeja/" in text_of(called)
    assert f"Recibimos su solicitud de anulación, curso {certificate.action.code}" in {
        m["Subject"] for m in post.messages
    }


def ask_and_fail(session: Session) -> None:
    mail.ask(session, "decision", identity="x:1", recipients=[1], about={"annulment_request_id": 1})
    raise ZeroDivisionError


def test_nothing_is_sent_of_what_is_rolled_back(session: Session, work: Work) -> None:
    with pytest.raises(ZeroDivisionError), work() as inner:
        ask_and_fail(inner)

    assert letters_asked(session) == []


def test_asking_twice_is_asking_once_for_each_recipient(session: Session) -> None:
    for _ in range(2):
        mail.ask(session, "reminder", identity="timer:1", recipients=[3, 4, 3], about={"task_id": 1, "timer_id": 1})

    assert [e.identity for e in letters_asked(session)] == ["mail/reminder/timer:1/3", "mail/reminder/timer:1/4"]


def test_a_letter_nobody_wrote_is_not_asked_for(session: Session) -> None:
    with pytest.raises(ValueError, match="felicitación"):
        mail.ask(session, "felicitación", identity="x", recipients=[1], about={})


def test_an_effect_holds_ids_only(session: Session) -> None:
    certificate_at("issue", "request")

    for effect in letters_asked(session):
        assert set(effect.payload) == {"identity", "template", "person_id", "about"}
        assert all(isinstance(value, int) for value in effect.payload["about"].values())


def test_who_has_no_address_gets_nothing_and_nothing_goes_wrong(app: Flask, session: Session, post: Post) -> None:
    certificate_at("issue")
    session.query(Person).update({"email": ""})

    perform_all(app, session)

    (effect,) = letters_asked(session)
    assert effect.done_at is not None
    assert post.messages == []
    assert session.scalars(select(Incident)).all() == []


@pytest.mark.parametrize("refusal", ["server", "address"])
def test_an_address_that_is_wrong_for_good_is_an_incident_after_one_try(
    app: Flask, session: Session, post: Post, refusal: str
) -> None:
    certificate_at("issue")
    if refusal == "server":
        post.answers["RCPT"] = "550 <{address}> user unknown"
    else:
        session.query(Person).filter(Person.email == ISSUER).update({"email": "nadie@"})

    perform_all(app, session)

    (effect,) = letters_asked(session)
    incident = session.scalars(select(Incident)).one()
    assert (effect.attempts, effect.gave_up_at is not None) == (1, True)
    assert "correo" in incident.reason
    assert ISSUER not in f"{incident.reason} {incident.detail} {effect.last_error}"


def test_a_server_that_asks_for_patience_is_tried_again(app: Flask, session: Session, post: Post) -> None:
    certificate_at("issue")
    post.answers["DATA"] = "451 later"
    perform_all(app, session)
    (effect,) = letters_asked(session)
    assert (effect.attempts, effect.gave_up_at, post.messages) == (1, None, [])

    post.answers.clear()
    effect.due_at -= timedelta(minutes=5)
    perform_all(app, session)

    assert len(post.messages) == 1
    assert letters_asked(session)[0].done_at is not None


def test_a_real_worker_sends(
    live: Flask, live_session: Session, mail_server: Serve, celery_worker_process: WorkerProcess
) -> None:
    server = mail_server()
    certificate_at("issue", "request")
    live_session.commit()

    with celery_worker_process(mail_url=f"smtp://127.0.0.1:{server.port}", mail_from=SENDER):
        assert eventually(lambda: len(server.messages) == 3)

    assert [str(message["From"]) for message in server.messages] == [SENDER] * 3
    assert len({message["Message-ID"] for message in server.messages}) == 3


def test_a_crash_between_sending_and_recording_sends_the_same_message_again(
    app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    bag = Bag()
    monkeypatch.setitem(app.extensions, "post_office", PostOffice(bag, SENDER, "https://constancia.example"))
    certificate_at("issue")
    (effect,) = letters_asked(session)
    payload = effect.payload
    session.commit()

    for _ in range(2):
        with app.app_context(), unit_of_work() as inner:
            mail.send(inner, payload, post_office=app.extensions["post_office"])

    first, second = bag.messages
    assert first.as_bytes() == second.as_bytes()
