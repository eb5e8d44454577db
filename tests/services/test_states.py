"""The state of a certificate: the rule table and its SQL twin agree over every history, and say what the handbook says."""

from datetime import UTC, datetime
from itertools import count, product

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.states import CertificateState, LatestIssuance, derive
from app.models import (
    AnnulmentDecision,
    AnnulmentRequest,
    Certificate,
    Issuance,
    IssuanceVoid,
    Organisation,
    Person,
    TrainingAction,
    state_expression,
)
from app.services import certificates
from tests.factories import CertificateFactory, OrganisationFactory, PersonFactory, TrainingActionFactory

# What was decided of each request of one issue, in order; None waits. Lawful or not: the two must agree on all.
DECISIONS = [(), (None,), (True,), (False,), (False, None), (False, True), (False, False), (True, None), (True, False)]
Told = tuple[tuple[bool | None, ...], bool]
OF_ONE_ISSUE: list[Told] = list(product(DECISIONS, (False, True)))
# What an earlier issue may have left behind must not leak into the state of the latest.
EARLIER: list[Told] = [
    ((), False),
    ((), True),
    ((None,), False),
    ((True,), False),
    ((False,), False),
    ((False, True), False),
]
HISTORIES: list[tuple[Told, ...]] = [(), *((one,) for one in OF_ONE_ISSUE), *product(EARLIER, OF_ONE_ISSUE)]
NOW = datetime(2026, 11, 2, 15, tzinfo=UTC)


def facts_of(history: tuple[Told, ...]) -> LatestIssuance:
    if not history:
        return LatestIssuance()
    decisions, voided = history[-1]
    return LatestIssuance(
        exists=True,
        voided=voided,
        has_open_request=decisions[-1:] == (None,),
        last_request_granted=decisions[-1:] == (True,),
        last_request_denied=decisions[-1:] == (False,),
    )


class Writer:
    """Writes histories as rows, without asking whether the rules would let them happen."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.otec: Organisation = OrganisationFactory()
        self.provider: Person = PersonFactory()
        self.director: Person = PersonFactory()
        self.folios = count(1)

    def write(self, history: tuple[Told, ...]) -> int:
        action: TrainingAction = TrainingActionFactory(otec=self.otec, otic=None, company=None)
        certificate = Certificate(action=action)
        self.session.add(certificate)
        for sequence, (decisions, voided) in enumerate(history, start=1):
            issuance = self.issuance(certificate, sequence)
            if voided:
                issuance.void = IssuanceVoid(reason="Origen.", voided_at=NOW, voided_by_id=self.director.id)
            # In order, as facts happen: the newest has the highest id.
            self.session.flush()
            for number, granted in enumerate(decisions, start=1):
                self.request(issuance, number, granted)
        return action.id

    def issuance(self, certificate: Certificate, sequence: int) -> Issuance:
        folio = next(self.folios)
        issuance = Issuance(
            certificate=certificate,
            sequence=sequence,
            folio_number=folio,
            folio_year=2026,
            document_reference="F-1",
            policy_id="GCA-1",
            verification_code=f"CODIGO{folio}",
            snapshot={},
            snapshot_sha256="0" * 64,
            evidence={},
            issued_at=NOW,
            issued_by_id=self.provider.id,
            issued_for_id=self.otec.id,
        )
        self.session.add(issuance)
        return issuance

    def request(self, issuance: Issuance, number: int, granted: bool | None) -> None:
        request = AnnulmentRequest(
            issuance=issuance,
            sequence=number,
            reason="Falta uno.",
            requested_at=NOW,
            requested_by_id=self.provider.id,
            requested_for_id=self.otec.id,
        )
        self.session.add(request)
        self.session.flush()
        if granted is not None:
            request.decision = AnnulmentDecision(
                requested_by_id=self.provider.id,
                granted=granted,
                reason="Visto.",
                decided_at=NOW,
                decided_by_id=self.director.id,
            )


def test_python_and_sql_derive_the_same_state_over_every_history(session: Session) -> None:
    writer = Writer(session)
    expected = {writer.write(history): derive(facts_of(history)) for history in HISTORIES}
    session.flush()

    derived = session.execute(select(Certificate.action_id, state_expression())).all()

    assert len(HISTORIES) == 1 + 18 + 6 * 18
    assert {action_id: CertificateState(state) for action_id, state in derived} == expected
    assert set(expected.values()) == set(CertificateState)


@pytest.mark.parametrize(
    ("steps", "state"),
    [
        ((), CertificateState.PENDING_ISSUANCE),
        (("issue",), CertificateState.ISSUED),
        (("issue", "request"), CertificateState.PENDING_VALIDATION),
        (("issue", "request", "grant"), CertificateState.APPROVED_FOR_REISSUE),
        (("issue", "request", "deny"), CertificateState.REJECTED),
        (("issue", "request", "grant", "issue"), CertificateState.ISSUED),
        (("issue", "request", "deny", "request"), CertificateState.PENDING_VALIDATION),
        (("issue", "request", "deny", "request", "grant"), CertificateState.APPROVED_FOR_REISSUE),
        (("issue", "request", "deny", "request", "deny"), CertificateState.REJECTED),
        (("issue", "void"), CertificateState.VOIDED),
        (("issue", "void", "issue"), CertificateState.ISSUED),
        (("issue", "request", "deny", "void"), CertificateState.VOIDED),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, tuple) else str(value),
)
def test_each_story_of_the_handbook_ends_in_its_state(
    session: Session, steps: tuple[str, ...], state: CertificateState
) -> None:
    certificate = CertificateFactory(steps=steps)

    assert certificates.state_of_action(session, certificate.action_id) is state


def test_an_action_nobody_touched_waits_for_its_issue(session: Session) -> None:
    action = TrainingActionFactory()

    assert certificates.state_of_action(session, action.id) is CertificateState.PENDING_ISSUANCE
