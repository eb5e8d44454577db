"""Issuing: when it may be done, what is kept of it, and folios without gaps."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from sqlalchemy.orm import Session

from app.domain.deadlines import local_date
from app.domain.document import CertificateDocument
from app.domain.errors import Refusal
from app.domain.permissions import Actor, Profile
from app.domain.terms import ActionStatus
from app.domain.verification_code import LENGTH
from app.models import Certificate, FolioCounter, TrainingAction
from app.services import certificates, voids
from tests.factories import CertificateFactory, PersonFactory, TrainingActionFactory, mark_everybody
from tests.support.database import Work
from tests.support.stories import REFERENCE, actor_of

MINUTE = timedelta(minutes=1)


def issuer_of(certificate: Certificate) -> Actor:
    otec = certificate.action.otec
    return actor_of(PersonFactory(profiles=[(Profile.PROVIDER_NATIONAL_ADMIN, otec, None)]))


def issue(session: Session, certificate: Certificate, *, sha256: str | None = None, actor: Actor | None = None) -> str:
    """The folio of an issue made by the service itself."""
    actor = actor or issuer_of(certificate)
    draft = certificates.review(session, certificate.action, document_reference=REFERENCE, actor=actor).document
    issuance = certificates.issue(
        session,
        certificate_id=certificate.id,
        document_reference=REFERENCE,
        reviewed_sha256=sha256 or draft.content_sha256(),
        actor=actor,
        public_url="https://constancia.example",
    )
    return str(issuance.folio)


@pytest.mark.parametrize(
    ("zone", "first_instant"),
    [
        ("America/Santiago", datetime(2026, 11, 21, 3, tzinfo=UTC)),
        ("America/Punta_Arenas", datetime(2026, 11, 21, 3, tzinfo=UTC)),
        ("Pacific/Easter", datetime(2026, 11, 21, 5, tzinfo=UTC)),
    ],
)
def test_the_earliest_issue_is_the_local_day_after_the_end(
    session: Session, zone: str, first_instant: datetime
) -> None:
    action = TrainingActionFactory(ends_on=date(2026, 11, 20), time_zone=zone, participants=1)

    with time_machine.travel(first_instant - MINUTE, tick=False):
        before = certificates.why_not_issuable(session, action)
    with time_machine.travel(first_instant, tick=False):
        after = certificates.why_not_issuable(session, action)

    assert before == "El curso termina el 20/11/2026. Podrá emitir el certificado desde el 21/11/2026."
    assert after is None


@pytest.mark.parametrize(
    ("traits", "sentence"),
    [
        ({"status": ActionStatus.LIQUIDATED, "participants": 1}, "El curso está liquidado"),
        ({"status": ActionStatus.CANCELLED, "participants": 1}, "El curso está anulado"),
        ({"participants": 0}, "El curso no tiene participantes"),
        ({"finished": False, "participants": 1}, "Podrá emitir el certificado desde"),
    ],
    ids=["liquidated", "cancelled", "nobody", "not finished"],
)
def test_a_course_that_may_not_be_certified_says_why(
    session: Session, traits: dict[str, object], sentence: str
) -> None:
    action: TrainingAction = TrainingActionFactory(**traits)

    reason = certificates.why_not_issuable(session, action)

    assert reason is not None
    assert sentence in reason


@pytest.mark.parametrize("steps", [("issue",), ("issue", "request"), ("issue", "request", "deny")])
def test_a_valid_certificate_is_not_issued_again(session: Session, steps: tuple[str, ...]) -> None:
    certificate = CertificateFactory(steps=steps)

    with pytest.raises(Refusal, match="no se puede emitir"):
        issue(session, certificate)


def test_what_was_accepted_is_what_was_kept(session: Session) -> None:
    certificate = CertificateFactory(issued=True)

    issuance = certificates.latest_issuance(session, certificate.id)
    document = CertificateDocument.from_snapshot(issuance.snapshot)

    assert document.content_sha256() == issuance.evidence["accepted_sha256"]
    assert document.sha256() == issuance.snapshot_sha256
    assert issuance.evidence["text_shown"] == certificates.ACCEPTANCE_TEXT
    assert document.folio == str(issuance.folio)
    assert document.policy_id == issuance.policy_id == "GCA-1"


def test_what_changes_afterwards_does_not_change_the_snapshot(session: Session) -> None:
    certificate = CertificateFactory(issued=True)
    before = certificates.latest_issuance(session, certificate.id).snapshot
    certificate.action.name = "Otro nombre"
    session.flush()
    session.expire_all()

    assert certificates.latest_issuance(session, certificate.id).snapshot == before
    assert before["action_name"] != "Otro nombre"


def test_pending_fingerprints_are_left_out_of_what_is_printed(session: Session) -> None:
    action = TrainingActionFactory(participants=1, classes=2)
    mark_everybody(action, validation="pending")
    actor = actor_of(PersonFactory(profiles=[(Profile.PROVIDER_NATIONAL_ADMIN, action.otec, None)]))

    draft = certificates.review(session, action, document_reference=REFERENCE, actor=actor).document

    assert [line.percentage for line in draft.participants] == ["0.00"]


def test_another_draft_than_the_reviewed_one_is_not_issued(session: Session) -> None:
    with pytest.raises(Refusal, match="cambiaron mientras usted revisaba"):
        issue(session, CertificateFactory(), sha256="0" * 64)


def test_a_reissue_takes_a_new_folio_and_names_the_old_one(session: Session) -> None:
    certificate = CertificateFactory(reissued=True)

    new, old = certificates.issuances_of(session, certificate.action_id)

    assert (old.sequence, new.sequence) == (1, 2)
    assert new.folio != old.folio
    assert [previous["folio"] for previous in new.snapshot["previous_folios"]] == [str(old.folio)]
    assert old.snapshot["previous_folios"] == []


def test_folios_of_a_year_follow_each_other(session: Session) -> None:
    year = local_date(datetime.now(UTC), certificates.FOLIO_ZONE).year

    folios = [issue(session, CertificateFactory()) for _ in range(3)]

    assert folios == [f"{number}-{year}" for number in (1, 2, 3)]


def test_a_refused_issue_gives_its_folio_back(session: Session, work: Work) -> None:
    waiting = [(certificate.id, issuer_of(certificate)) for certificate in (CertificateFactory() for _ in range(3))]

    def issue_one(number: int, *, then: type[Exception] | None = None) -> str:
        with work() as inner:
            folio = issue(inner, inner.get_one(Certificate, waiting[number][0]), actor=waiting[number][1])
            if then:
                raise then
        return folio

    first = issue_one(0)
    with pytest.raises(ZeroDivisionError):
        issue_one(1, then=ZeroDivisionError)
    second = issue_one(2)

    assert (first.partition("-")[0], second.partition("-")[0]) == ("1", "2")
    assert session.query(FolioCounter).one().last_number == 2


@pytest.mark.parametrize(
    ("instant", "year"),
    [(datetime(2027, 1, 1, 2, 59, tzinfo=UTC), 2026), (datetime(2027, 1, 1, 3, tzinfo=UTC), 2027)],
    ids=["last minute of 2026", "first of 2027"],
)
def test_the_year_of_a_folio_is_the_one_of_the_capital(session: Session, instant: datetime, year: int) -> None:
    certificate = CertificateFactory()

    with time_machine.travel(instant, tick=False):
        assert issue(session, certificate) == f"1-{year}"


def test_verification_codes_hold_no_letter_that_is_read_as_another(session: Session) -> None:
    codes = {
        certificates.latest_issuance(session, CertificateFactory(issued=True).id).verification_code for _ in range(3)
    }

    assert len(codes) == 3
    assert all(len(code) == LENGTH and not set(code) & set("ILOU") for code in codes)


@pytest.mark.parametrize("steps", [(), ("issue", "request"), ("issue", "request", "grant")])
def test_only_a_certificate_at_rest_is_voided(session: Session, steps: tuple[str, ...]) -> None:
    certificate = CertificateFactory(steps=steps)

    with pytest.raises(Refusal, match="Solo se anula de oficio"):
        voids.void(session, certificate_id=certificate.id, reason="Origen.", actor_id=PersonFactory().id)


def test_the_certificate_of_a_liquidated_course_is_voided_no_more(session: Session) -> None:
    certificate = CertificateFactory(issued=True)
    certificate.action.status = ActionStatus.LIQUIDATED

    with pytest.raises(Refusal, match="El curso está liquidado"):
        voids.void(session, certificate_id=certificate.id, reason="Origen.", actor_id=PersonFactory().id)


def test_the_certificate_of_an_action_is_one(session: Session) -> None:
    action = TrainingActionFactory()

    assert certificates.of_action(session, action.id).id == certificates.of_action(session, action.id).id


def test_the_last_issue_is_the_new_one_within_its_transaction_too(session: Session) -> None:
    certificate = CertificateFactory(steps=("issue", "request", "grant"))
    replaced = certificates.latest_issuance(session, certificate.id)

    folio = issue(session, certificate)

    assert str(certificates.latest_issuance(session, certificate.id).folio) == folio != str(replaced.folio)
