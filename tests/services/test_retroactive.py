"""Retroactive attendance: who may ask, when and how often, and who decides."""

from threading import Barrier, Thread

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.domain.errors import Refusal
from app.domain.permissions import Actor, Profile
from app.domain.terms import ActionStatus
from app.models import (
    AttendanceMark,
    Certificate,
    HistoryEvent,
    ProcessInstance,
    RecordedKind,
    RetroactiveDecision,
    RetroactiveRequest,
)
from app.process import runner
from app.services import retroactive, retroactive_found
from app.services.retroactive import Attachment, Subject
from app.unit_of_work import unit_of_work
from tests.factories import CertificateFactory, PersonFactory, TrainingActionFactory, rows_of
from tests.support.database import Work
from tests.support.stories import WHY_RETROACTIVE, actor_of, first_class
from tests.support.tables import all_rows

PROCESS = "retroactive_attendance"
NO_FILES: list[Attachment] = []


def provider_of(certificate: Certificate) -> Actor:
    return actor_of(PersonFactory(profiles=[(Profile.PROVIDER_NATIONAL_ADMIN, certificate.action.otec, None)]))


def ask(session: Session, certificate: Certificate, subject: Subject, actor: Actor) -> RetroactiveRequest:
    return retroactive.request(
        session,
        certificate_id=certificate.id,
        subject=subject,
        reason="Falló el lector.",
        attachments=NO_FILES,
        requested_by_id=actor.person_id,
    )


def decide(session: Session, certificate: Certificate, actor: Actor) -> RetroactiveDecision:
    return retroactive.decide(
        session,
        certificate_id=certificate.id,
        subject=first_class(certificate),
        granted=True,
        reason="Procede.",
        decided_by_id=actor.person_id,
    )


def test_a_class_without_any_mark_may_be_asked_about(session: Session) -> None:
    certificate = CertificateFactory(action=TrainingActionFactory(participants=1, classes=1))

    assert retroactive.why_not_requestable(session, certificate.action, first_class(certificate)) is None


def test_nothing_is_asked_where_nothing_is_missing(session: Session) -> None:
    certificate = CertificateFactory()

    with pytest.raises(Refusal, match="no le falta ninguna marca"):
        ask(session, certificate, first_class(certificate), provider_of(certificate))


def test_a_class_that_goes_on_is_not_asked_about(session: Session) -> None:
    certificate = CertificateFactory(exit_lost=True)
    rows_of(session, certificate.action)["classes"][0].instructors[0].ended_at = None

    with pytest.raises(Refusal, match="todavía no está cerrada"):
        ask(session, certificate, first_class(certificate), provider_of(certificate))


@pytest.mark.parametrize(
    ("status", "sentence"),
    [("liquidated", "está liquidado: su asistencia ya no cambia"), ("cancelled", "está anulado")],
)
def test_a_course_that_is_over_is_asked_nothing_about(session: Session, status: str, sentence: str) -> None:
    certificate = CertificateFactory(exit_lost=True)
    certificate.action.status = ActionStatus(status)

    with pytest.raises(Refusal, match=sentence):
        ask(session, certificate, first_class(certificate), provider_of(certificate))


def test_the_same_class_is_not_asked_about_twice(session: Session) -> None:
    certificate = CertificateFactory(retroactive_asked=True)

    with pytest.raises(Refusal, match=r"Ya hay una solicitud por esta clase, enviada el \d\d/"):
        ask(session, certificate, first_class(certificate), provider_of(certificate))


def test_once_approved_it_is_not_asked_again(session: Session) -> None:
    certificate = CertificateFactory(retroactive_granted=True)

    with pytest.raises(Refusal, match="ya fue aprobada el"):
        ask(session, certificate, first_class(certificate), provider_of(certificate))


def test_after_a_denial_it_may_be_asked_again_and_the_first_stays(session: Session) -> None:
    certificate = CertificateFactory(
        steps=("lose_exit", "ask_retroactive", "deny_retroactive", "ask_retroactive", "grant_retroactive")
    )

    requests = retroactive_found.about(session, first_class(certificate))

    assert [(one.sequence, one.decision and one.decision.granted) for one in requests] == [(2, True), (1, False)]


@pytest.mark.parametrize(("reason", "sentence"), [(" ", "Falta el motivo."), ("ñ" * 501, "tiene 501 caracteres")])
def test_a_request_has_a_reason_of_1_to_500(session: Session, reason: str, sentence: str) -> None:
    certificate = CertificateFactory(exit_lost=True)

    with pytest.raises(Refusal, match=sentence):
        retroactive.request(
            session,
            certificate_id=certificate.id,
            subject=first_class(certificate),
            reason=reason,
            attachments=NO_FILES,
            requested_by_id=provider_of(certificate).person_id,
        )


def test_who_asks_never_decides(session: Session) -> None:
    certificate = CertificateFactory(exit_lost=True)
    actor = provider_of(certificate)
    ask(session, certificate, first_class(certificate), actor)

    with pytest.raises(Refusal, match="Quien pide asistencia retroactiva no la resuelve"):
        decide(session, certificate, actor)


def test_the_database_itself_keeps_who_asks_from_deciding(session: Session) -> None:
    CertificateFactory(retroactive_asked=True)
    asked = session.query(RetroactiveRequest).one()
    decision = RetroactiveDecision(
        request_id=asked.id,
        requested_by_id=asked.requested_by_id,
        granted=True,
        reason="Sí.",
        decided_at=asked.requested_at,
        decided_by_id=asked.requested_by_id,
    )

    session.add(decision)

    with pytest.raises(IntegrityError, match="who_asks_never_decides"):
        session.flush()


def test_a_mark_is_retroactive_if_and_only_if_a_decision_is_behind_it(session: Session) -> None:
    CertificateFactory(retroactive_granted=True)

    changed = update(AttendanceMark).where(AttendanceMark.kind == RecordedKind.RETROACTIVE)
    for statement in (changed.values(kind=RecordedKind.IN), changed.values(kind=RecordedKind.OUT)):
        with pytest.raises(IntegrityError, match="retroactive_by_decision"), session.begin_nested():
            session.execute(statement)


def test_it_is_decided_once(session: Session) -> None:
    certificate = CertificateFactory(retroactive_denied=True)

    with pytest.raises(Refusal, match="No hay una solicitud por resolver"):
        decide(session, certificate, actor_of(PersonFactory(profiles=[(Profile.REGIONAL_DIRECTOR, None, "13")])))


def test_the_history_tells_what_happened_and_keeps_the_reason_to_itself(session: Session) -> None:
    CertificateFactory(retroactive_granted=True)

    events = session.scalars(select(HistoryEvent).order_by(HistoryEvent.id)).all()

    assert [event.kind for event in events] == ["retroactive_requested", "retroactive_granted"]
    assert not [event for event in events if WHY_RETROACTIVE in str(event.data)]


def test_two_participants_may_have_requests_open_at_once(session: Session, work: Work) -> None:
    certificate = CertificateFactory(retroactive_asked=True)
    first = first_class(certificate)
    other = Subject(rows_of(session, certificate.action)["participants"][1].id, first.class_held_id)
    actor = provider_of(certificate)

    with work() as inner:
        runner.start(inner, PROCESS, certificate_id=certificate.id, actor=actor, subject=str(other))

    cases = session.scalars(select(ProcessInstance.subject).order_by(ProcessInstance.id)).all()
    assert cases == [str(first), str(other)]


def test_a_second_case_about_the_same_class_is_refused_and_leaves_no_trace(session: Session, work: Work) -> None:
    certificate = CertificateFactory(retroactive_asked=True)
    actor, subject = provider_of(certificate), str(first_class(certificate))
    session.commit()
    before = all_rows(session)

    with pytest.raises(Refusal, match="Ya hay un trámite abierto"), work() as inner:
        runner.start(inner, PROCESS, certificate_id=certificate.id, actor=actor, subject=subject)

    assert all_rows(session) == before


def test_of_two_who_ask_in_the_same_instant_one_is_told_of_the_other(live: Flask, live_session: Session) -> None:
    certificate = CertificateFactory(exit_lost=True)
    subject, actors = first_class(certificate), [provider_of(certificate), provider_of(certificate)]
    certificate_id = certificate.id
    live_session.commit()
    together, refused = Barrier(2), []

    def send(actor: Actor) -> None:
        with live.app_context():
            together.wait()
            try:
                with unit_of_work() as session:
                    ask(session, session.get_one(Certificate, certificate_id), subject, actor)
            except Refusal as refusal:
                refused.append(refusal.sentence)

    threads = [Thread(target=send, args=(actor,)) for actor in actors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    live_session.rollback()
    assert len(live_session.query(RetroactiveRequest).all()) == 1
    assert [sentence[:39] for sentence in refused] == ["Ya hay una solicitud por esta clase, en"]
