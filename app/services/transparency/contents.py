"""What the log says of each kind of fact: what anybody may read, and the whole record, of which it keeps a salted hash only."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, defer, joinedload, selectinload
from sqlalchemy.sql.base import ExecutableOption

from app.domain.log_format import FactKind
from app.models import (
    AnnulmentDecision,
    AnnulmentRequest,
    Certificate,
    Issuance,
    IssuanceVoid,
    Participant,
    RetroactiveDecision,
    RetroactiveRequest,
)

Values = dict[str, Any]


@dataclass(frozen=True)
class Told:
    """`public` holds nothing personal; `record` is all that makes the fact."""

    public: Values
    record: Values


@dataclass(frozen=True)
class Teller:
    """How facts of one kind are read and told; `columns` are those of the record, whatever the table gets later."""

    model: type[Any]
    loads: tuple[ExecutableOption, ...]
    public: Callable[[Any], Values]
    columns: tuple[str, ...]
    more: Callable[[Any], Values] = lambda _: {}

    def told(self, fact: Any) -> Told:
        return Told(self.public(fact), {name: getattr(fact, name) for name in self.columns} | self.more(fact))


def told(session: Session, kind: FactKind, ids: Sequence[int]) -> dict[int, Told]:
    """What the log says of these facts, by id."""
    teller = TELLERS[kind]
    rows = session.scalars(select(teller.model).where(teller.model.id.in_(ids)).options(*teller.loads))
    return {row.id: teller.told(row) for row in rows}


def _of_issuance(issuance: Issuance) -> Values:
    return _issued(issuance) | {"at": issuance.issued_at, "snapshot_sha256": issuance.snapshot_sha256}


def _of_annulment_request(request: AnnulmentRequest) -> Values:
    return _issued(request.issuance) | {"number": request.sequence, "at": request.requested_at}


def _of_annulment_decision(decision: AnnulmentDecision) -> Values:
    return _issued(decision.request.issuance) | {"number": decision.request.sequence} | _decided(decision)


def _of_void(void: IssuanceVoid) -> Values:
    return _issued(void.issuance) | {"at": void.voided_at}


def _of_retroactive_request(request: RetroactiveRequest) -> Values:
    return {"course": request.participant.action.code, "at": request.requested_at}


def _of_retroactive_decision(decision: RetroactiveDecision) -> Values:
    return {"course": decision.request.participant.action.code} | _decided(decision)


def _issued(issuance: Issuance) -> Values:
    return {"course": issuance.certificate.action.code, "folio": str(issuance.folio)}


def _decided(decision: AnnulmentDecision | RetroactiveDecision) -> Values:
    return {"outcome": "granted" if decision.granted else "denied", "at": decision.decided_at}


def _attached(request: RetroactiveRequest) -> Values:
    return {"attachments": [one.sha256 for one in request.attachments]}


_TO_ACTION = joinedload(Issuance.certificate).joinedload(Certificate.action)
# Its hash says all about the snapshot, which may be as large as a course.
_WITHOUT_SNAPSHOT = defer(Issuance.snapshot, raiseload=True)
_ASKED = ("id", "sequence", "reason", "requested_at", "requested_by_id", "requested_for_id")
_DECIDED = ("id", "request_id", "requested_by_id", "granted", "reason", "decided_at", "decided_by_id")

TELLERS: Mapping[FactKind, Teller] = {
    FactKind.ISSUANCE: Teller(
        Issuance,
        (_TO_ACTION, _WITHOUT_SNAPSHOT),
        _of_issuance,
        (
            *("id", "certificate_id", "sequence", "folio_number", "folio_year", "document_reference", "policy_id"),
            *("verification_code", "snapshot_sha256", "evidence", "issued_at", "issued_by_id", "issued_for_id"),
        ),
    ),
    FactKind.ANNULMENT_REQUEST: Teller(
        AnnulmentRequest,
        (joinedload(AnnulmentRequest.issuance).options(_TO_ACTION, _WITHOUT_SNAPSHOT),),
        _of_annulment_request,
        (*_ASKED, "issuance_id"),
    ),
    FactKind.ANNULMENT_DECISION: Teller(
        AnnulmentDecision,
        (
            joinedload(AnnulmentDecision.request)
            .joinedload(AnnulmentRequest.issuance)
            .options(_TO_ACTION, _WITHOUT_SNAPSHOT),
        ),
        _of_annulment_decision,
        _DECIDED,
    ),
    FactKind.ISSUANCE_VOID: Teller(
        IssuanceVoid,
        (joinedload(IssuanceVoid.issuance).options(_TO_ACTION, _WITHOUT_SNAPSHOT),),
        _of_void,
        ("id", "issuance_id", "reason", "voided_at", "voided_by_id"),
    ),
    FactKind.RETROACTIVE_REQUEST: Teller(
        RetroactiveRequest,
        (
            joinedload(RetroactiveRequest.participant).joinedload(Participant.action),
            selectinload(RetroactiveRequest.attachments),
        ),
        _of_retroactive_request,
        (*_ASKED, "participant_id", "class_held_id"),
        _attached,
    ),
    FactKind.RETROACTIVE_DECISION: Teller(
        RetroactiveDecision,
        (
            joinedload(RetroactiveDecision.request)
            .joinedload(RetroactiveRequest.participant)
            .joinedload(Participant.action),
        ),
        _of_retroactive_decision,
        _DECIDED,
    ),
}
