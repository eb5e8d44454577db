"""What was given up is one incident; an operator retries one or all of a kind, or dismisses it; the second one is told."""

import errno
import smtplib
from collections.abc import Callable

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from app.domain.errors import AlreadyDecided, NotAllowed, NotFound, Refusal
from app.domain.permissions import Actor, Profile
from app.models import Effect, Incident, IncidentResolution
from app.services import effects, incident_subjects, incidents, incidents_found, reasons
from tests.factories import CertificateFactory, TrainingActionFactory
from tests.support.database import Work
from tests.support.incidents import give_up
from tests.support.jobs import somebody
from tests.support.queue import Job, SentJobs
from tests.support.tables import all_rows

KIND = "attendance/recompute"


@pytest.fixture
def operator(session: Session) -> Actor:
    return somebody(Profile.OPERATOR)


@pytest.fixture
def given_up(work: Work) -> Callable[..., int]:
    def give(identity: str, kind: str = KIND, **payload: object) -> int:
        with work() as inner:
            return give_up(inner, identity, kind, **payload)

    return give


def incident(session: Session, number: int) -> Incident:
    session.commit()
    return session.get_one(Incident, number, populate_existing=True)


def test_an_effect_has_one_open_incident_however_often_it_is_seen(
    session: Session, work: Work, given_up: Callable[..., int]
) -> None:
    number = given_up("a")

    with work() as inner:
        effect = inner.scalars(select(Effect)).one()
        assert incidents.open_for_effect(inner, effect, "Otra vez.", "x") == number


def test_a_retried_effect_begins_anew_and_rings(
    session: Session, work: Work, operator: Actor, given_up: Callable[..., int], sent_jobs: SentJobs
) -> None:
    number = given_up("a")

    with work() as inner:
        incidents.retry(inner, number, operator)

    resolved = incident(session, number)
    assert (resolved.resolution, resolved.resolved_by_id) == (IncidentResolution.RETRIED, operator.person_id)
    assert resolved.effect is not None
    assert (resolved.effect.attempts, resolved.effect.gave_up_at) == (0, None)
    assert Job("bulk", "effects.perform", ["bulk"]) in sent_jobs()


def test_what_fails_again_is_a_new_incident(
    session: Session, work: Work, operator: Actor, given_up: Callable[..., int]
) -> None:
    first = given_up("a")
    with work() as inner:
        incidents.retry(inner, first, operator)

    second = given_up("a")

    assert second != first
    assert incident(session, second).resolved_at is None


def test_all_of_a_kind_are_retried_and_no_other(
    session: Session, work: Work, operator: Actor, given_up: Callable[..., int]
) -> None:
    numbers = [given_up(f"a{n}") for n in range(5)]
    other = given_up("other", "documents/render")

    with work() as inner:
        assert incidents.retry_all(inner, KIND, operator) == 5
        assert incidents.retry_all(inner, KIND, operator) == 0

    assert {incident(session, number).resolution for number in numbers} == {IncidentResolution.RETRIED}
    assert incident(session, other).resolution is None
    waiting = session.scalars(select(func.count()).select_from(Effect).where(effects.waits())).one()
    assert waiting == 5


def test_a_dismissed_effect_stays_undone(
    session: Session, work: Work, operator: Actor, given_up: Callable[..., int]
) -> None:
    number = given_up("a")

    with work() as inner:
        incidents.dismiss(inner, number, operator)

    dismissed = incident(session, number)
    assert dismissed.resolution is IncidentResolution.DISMISSED
    assert dismissed.effect is not None
    assert dismissed.effect.gave_up_at is not None


@pytest.mark.parametrize("second", [incidents.retry, incidents.dismiss])
def test_who_comes_second_is_told_who_did_what_and_nothing_changes(
    session: Session,
    work: Work,
    operator: Actor,
    given_up: Callable[..., int],
    second: Callable[[Session, int, Actor], Incident],
) -> None:
    number = given_up("a")
    with work() as inner:
        incidents.retry(inner, number, operator)
    name = incident(session, number).resolved_by
    assert name is not None
    session.commit()
    before = all_rows(session)
    session.commit()

    with work() as inner, pytest.raises(AlreadyDecided, match=f"{name.full_name} ya reintentó este incidente el"):
        second(inner, number, somebody(Profile.OPERATOR))

    session.commit()
    after = all_rows(session)
    assert {name: rows for name, rows in after.items() if name not in ("person", "profile_grant")} == {
        name: rows for name, rows in before.items() if name not in ("person", "profile_grant")
    }


def test_a_case_is_not_retried_from_here(session: Session, work: Work, operator: Actor) -> None:
    with work() as inner:
        number = incidents.open_for_instance(inner, 0, "process/annulment", "No sigue.", "Curso 1")

    with work() as inner, pytest.raises(Refusal, match="no se reintenta"):
        incidents.retry(inner, number, operator)


def test_there_is_no_incident_of_another_number(work: Work, operator: Actor) -> None:
    with work() as inner, pytest.raises(NotFound):
        incidents.retry(inner, 404, operator)


def test_only_an_operator_resolves(session: Session, work: Work, given_up: Callable[..., int]) -> None:
    number, admin = given_up("a"), somebody(Profile.SENCE_NATIONAL_ADMIN)

    for act in (
        lambda inner: incidents.retry(inner, number, admin),
        lambda inner: incidents.dismiss(inner, number, admin),
        lambda inner: incidents.retry_all(inner, KIND, admin),
    ):
        with work() as inner, pytest.raises(NotAllowed):
            act(inner)


def test_an_incident_says_which_course_it_is_about(session: Session, work: Work, given_up: Callable[..., int]) -> None:
    action = TrainingActionFactory()
    certificate = CertificateFactory(requested=True)
    session.commit()
    issuance = certificate.issuances[0]
    codes = [f"Curso {action.code}", f"Curso {certificate.action.code}", f"Curso {certificate.action.code}", ""]
    request_id, action_id, issuance_id = issuance.requests[0].id, action.id, issuance.id
    session.commit()
    numbers = [
        given_up("a", action_id=action_id),
        given_up("b", "documents/render", issuance_id=issuance_id),
        given_up("c", "mail/send", person_id=1, about={"annulment_request_id": request_id}),
        given_up("d", "tests/unknown"),
    ]

    found = session.scalars(select(Incident)).all()

    about = incident_subjects.of(session, found)
    assert [about[number] for number in numbers] == codes


def test_the_kinds_are_counted_with_their_latest_reason(session: Session, given_up: Callable[..., int]) -> None:
    given_up("a")
    given_up("b")
    given_up("c", "documents/render")
    session.commit()

    found = incidents_found.open_kinds(session)

    assert [(row.kind, row.count, row.retryable) for row in found] == [(KIND, 2, 2), ("documents/render", 1, 1)]
    assert {row.latest_reason for row in found} == {reasons.STORAGE_FULL}


def test_pages_follow_each_other_without_a_gap(session: Session, given_up: Callable[..., int]) -> None:
    numbers = [given_up(f"a{n}") for n in range(5)]
    session.commit()

    first = incidents_found.page(session, is_open=True, size=3)
    second = incidents_found.page(session, is_open=True, before=first.next_after, size=3)

    assert [row.id for row in [*first.incidents, *second.incidents]] == numbers[::-1]
    assert second.next_after is None


@pytest.mark.parametrize(
    ("error", "sentence", "detail"),
    [
        (OSError(errno.ENOSPC, "/secret/path"), reasons.STORAGE_FULL, "OSError (ENOSPC)"),
        (OSError(errno.EFBIG, "/secret/path"), reasons.FILE_TOO_LARGE, "OSError (EFBIG)"),
        (ConnectionRefusedError(errno.ECONNREFUSED, "10.0.0.1"), reasons.NO_CONNECTION, "ConnectionRefusedError"),
        (PermissionError(errno.EACCES, "/secret"), reasons.NO_PERMISSION, "PermissionError (EACCES)"),
        (TimeoutError("10.0.0.1"), reasons.NO_CONNECTION, "TimeoutError"),
        (smtplib.SMTPConnectError(421, b"busy"), reasons.MAIL_REFUSED_US, "SMTPConnectError (421)"),
        (smtplib.SMTPRecipientsRefused({"rosa@x": (550, b"no")}), reasons.MAIL_REFUSED_LETTER, "SMTPRecipientsRefused"),
        (OperationalError("SELECT", {"rut": "1-9"}, Exception("gone")), reasons.DATABASE_GONE, "OperationalError"),
        (IntegrityError("INSERT", {"rut": "1-9"}, Exception("x")), reasons.DATABASE_REFUSED, "IntegrityError"),
        (MemoryError(), reasons.NO_MEMORY, "MemoryError"),
        (reasons.TookTooLong(), reasons.TOO_LONG, "TookTooLong"),
        (KeyError("12345678-5"), reasons.UNKNOWN, "KeyError"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, BaseException) else "",
)
def test_an_error_is_told_in_plain_words_without_what_it_quotes(error: Exception, sentence: str, detail: str) -> None:
    told = reasons.of(error)

    assert told.sentence == sentence
    assert told.detail.startswith(detail)
    assert not any(secret in told.detail for secret in ("secret", "10.0.0.1", "rosa", "1-9", "12345678-5"))


def test_every_sentence_fits_and_says_what_to_do() -> None:
    sentences = [value for name, value in vars(reasons).items() if name.isupper() and isinstance(value, str)]

    assert len(sentences) >= 12
    for sentence in sentences:
        assert len(sentence) <= incidents.LONGEST_REASON
        assert any(word in sentence.lower() for word in ("reintente", "descártelo"))
