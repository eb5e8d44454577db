"""Operations: what a service task of a diagram may do, by name. Each calls one verb of the services, and does no I/O."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from flask import current_app
from sqlalchemy.orm import Session

from app.domain.permissions import Actor
from app.models import HumanTask, ProcessInstance, TableDecision, TaskStatus
from app.process import acting, decision_tables, packages
from app.process.engine import Decisions, EngineError
from app.process.expression_types import BOOL, FILES, TEXT, Type
from app.services import annulments, certificates, documents, mail, retroactive


@dataclass(frozen=True)
class Call:
    """What an operation knows: the transaction, the case it is about, and who made the case move, if anybody did."""

    session: Session
    instance: ProcessInstance
    actor: Actor | None = None

    @property
    def certificate_id(self) -> int:
        return self.instance.certificate_id

    @property
    def acting(self) -> Actor:
        """Who acts; where a term or a fact moves the case, in whose name. Raises EffectFailed as `acting.of_case` does."""
        return self.actor or acting.of_case(self.session, self.instance)

    @property
    def answers(self) -> Mapping[str, Any]:
        """Everything people answered in this case so far; a later answer to the same question wins."""
        completed = [task for task in self.instance.tasks if task.status is TaskStatus.COMPLETED]
        return {key: value for task in sorted(completed, key=_closed) for key, value in (task.answers or {}).items()}

    def author_of(self, name: str) -> int:
        """The person whose answer counts: another than who moved the case, where a further step came after it."""
        given = (task for task in self.instance.tasks if name in (task.answers or {}))
        author = max(given, key=_closed).completed_by_id
        assert author is not None
        return author

    def perform(self, name: str) -> Decisions | None:
        """Run the operation called `name`. Raises EngineError for a name that the catalogue does not know."""
        if name not in OPERATIONS:
            raise EngineError(f"La operación «{name}» no existe.")
        return OPERATIONS[name].function(self)

    def decide(self, table: str, data: Decisions) -> Decisions:
        """What a decision table of the case's version gives for its data, noted down. Raises EngineError where it gives nothing."""
        tables = packages.of(self.instance.definition).all_tables
        decided = decision_tables.decided(tables, table, data)
        made = TableDecision(
            table_name=table,
            rules=list(decided.rules),
            read={input_.name: data[input_.name] for input_ in tables[table].inputs},
            given=dict(decided.outputs),
            decided_at=datetime.now(UTC),
        )
        self.instance.table_decisions.append(made)
        return decided.outputs


@dataclass(frozen=True)
class Operation:
    """An entry of the catalogue that analysts choose from: what it does, in Spanish, the answers it reads, whom it writes to."""

    function: Callable[[Call], Decisions | None]
    description: str
    reads: frozenset[str] = frozenset()
    letters: tuple[str, ...] = ()


def _closed(task: HumanTask) -> tuple[Any, int]:
    return (task.closed_at, task.id)


def _check_may_issue(call: Call) -> None:
    certificates.require_issuable(call.session, certificate_id=call.certificate_id)


def _issue(call: Call) -> None:
    issuance = certificates.issue(
        call.session,
        certificate_id=call.certificate_id,
        document_reference=call.answers["document_reference"],
        reviewed_sha256=call.answers["content_sha256"],
        actor=call.acting,
        public_url=current_app.extensions["settings"].base_url,
    )
    mail.ask_certificate_issued(call.session, issuance)


def _request_document(call: Call) -> None:
    documents.request(call.session, certificate_id=call.certificate_id)


def _request_annulment(call: Call) -> None:
    asked = annulments.request(
        call.session,
        certificate_id=call.certificate_id,
        reason=call.answers["reason"],
        requested_by_id=call.author_of("reason"),
    )
    mail.ask_request_received(call.session, asked, call.instance.certificate.action)


def _decide(call: Call) -> None:
    decision = annulments.decide(
        call.session,
        certificate_id=call.certificate_id,
        granted=call.answers["granted"],
        reason=call.answers["reason"],
        decided_by_id=call.author_of("granted"),
    )
    mail.ask_decision(call.session, decision.request)


def _request_retroactive(call: Call) -> None:
    asked = retroactive.request(
        call.session,
        certificate_id=call.certificate_id,
        subject=retroactive.Subject.parse(call.instance.subject),
        reason=call.answers["reason"],
        attachments=[retroactive.Attachment(**kept) for kept in call.answers["attachments"]],
        requested_by_id=call.author_of("reason"),
    )
    mail.ask_request_received(call.session, asked, call.instance.certificate.action)


def _decide_retroactive(call: Call) -> None:
    decision = retroactive.decide(
        call.session,
        certificate_id=call.certificate_id,
        subject=retroactive.Subject.parse(call.instance.subject),
        granted=call.answers["granted"],
        reason=call.answers["reason"],
        decided_by_id=call.author_of("granted"),
    )
    mail.ask_decision(call.session, decision.request)


RECEIVED = ("Correo a quien resuelve en la región y, como recibo, a quien pidió.",)
DECIDED = ("Correo a quien pidió, con lo resuelto.",)
# What the answers are that operations read, whichever form gives them.
ANSWERS: Mapping[str, Type] = {
    "document_reference": TEXT,
    "content_sha256": TEXT,
    "reason": TEXT,
    "granted": BOOL,
    "attachments": FILES,
}


OPERATIONS: Mapping[str, Operation] = {
    "certificates/check_may_issue": Operation(_check_may_issue, "Revisa que el certificado se pueda emitir hoy."),
    "certificates/issue": Operation(
        _issue,
        "Emite el certificado: folio, copia de lo impreso y código de verificación.",
        frozenset({"document_reference", "content_sha256"}),
        ("Correo a quien emitió, con el folio.",),
    ),
    "documents/request": Operation(_request_document, "Pide que se haga el PDF del certificado emitido."),
    "annulments/request": Operation(
        _request_annulment, "Registra la solicitud de anulación.", frozenset({"reason"}), RECEIVED
    ),
    "annulments/decide": Operation(
        _decide, "Registra la resolución de la Dirección Regional.", frozenset({"granted", "reason"}), DECIDED
    ),
    "retroactive/request": Operation(
        _request_retroactive,
        "Registra la solicitud de asistencia retroactiva con sus antecedentes.",
        frozenset({"reason", "attachments"}),
        RECEIVED,
    ),
    "retroactive/decide": Operation(
        _decide_retroactive,
        "Registra la resolución; si se aprueba, la marca retroactiva, y pide recalcular la asistencia.",
        frozenset({"granted", "reason"}),
        DECIDED,
    ),
}
