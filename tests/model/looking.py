"""The database read into facts, and a fingerprint of all of it, to say that something left no trace."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Executable, Select, func, select, text
from sqlalchemy.orm import Session

from app.db import db
from app.domain.folio import Folio
from app.domain.states import CertificateState
from app.models import (
    AnnulmentDecision,
    AnnulmentRequest,
    Certificate,
    ClaimedRequest,
    Document,
    Effect,
    FolioCounter,
    HistoryEvent,
    HumanTask,
    Issuance,
    IssuanceVoid,
    ProcessInstance,
    TaskStatus,
    TrainingAction,
    state_expression,
)
from app.services import effects
from app.services.history import EventKind
from tests.model.facts import CourseFacts, Facts, IssueFacts, RequestFacts

Fingerprint = Mapping[str, tuple[int, str]]
ROWS = "SELECT '{0}', count(*), md5(string_agg(md5(t::text), '' ORDER BY md5(t::text))) FROM {0} t"
FINGERPRINT = text(" UNION ALL ".join(ROWS.format(table.name) for table in db.metadata.sorted_tables))
NOBODY_ANY_MORE = "nobody any more"

STATES = select(TrainingAction.code, state_expression()).join(Certificate, Certificate.action_id == TrainingAction.id)
ISSUES = (
    select(TrainingAction.code, Issuance.__table__, IssuanceVoid.id.label("void_id"))
    .join(Certificate, Certificate.action_id == TrainingAction.id)
    .join(Issuance, Issuance.certificate_id == Certificate.id)
    .outerjoin(IssuanceVoid, IssuanceVoid.issuance_id == Issuance.id)
    .order_by(Issuance.sequence)
)
REQUESTS = (
    select(AnnulmentRequest.__table__, AnnulmentDecision.granted, AnnulmentDecision.decided_by_id)
    .outerjoin(AnnulmentDecision, AnnulmentDecision.request_id == AnnulmentRequest.id)
    .order_by(AnnulmentRequest.sequence)
)
TASKS = (
    select(TrainingAction.code, HumanTask.key, HumanTask.status, HumanTask.completed_by_id)
    .join(Certificate, Certificate.action_id == TrainingAction.id)
    .join(ProcessInstance, ProcessInstance.certificate_id == Certificate.id)
    .join(HumanTask, HumanTask.instance_id == ProcessInstance.id)
    .order_by(HumanTask.id)
)
HISTORY = (
    select(TrainingAction.code, HistoryEvent.kind, HistoryEvent.actor_id, HistoryEvent.data)
    .join(Certificate, Certificate.action_id == TrainingAction.id)
    .join(HistoryEvent, HistoryEvent.certificate_id == Certificate.id)
    # What a worker adds is looked at once all effects are performed.
    .where(HistoryEvent.kind != EventKind.DOCUMENT_STORED)
    .order_by(HistoryEvent.id)
)
KIND_OF_EFFECT = func.coalesce(Effect.payload["template"].astext, Effect.kind)


@dataclass
class Looking:
    """`names` and `codes` are who and what there is in the model's words."""

    session: Session
    names: Mapping[int | None, str | None]
    codes: tuple[str, ...]

    def fingerprint(self) -> Fingerprint:
        """Of every table, how many rows there are and a hash of what they say."""
        return {name: (number, said) for name, number, said in self._rows(FINGERPRINT)}

    def facts(self) -> Facts:
        issues = self._rows(ISSUES)
        folios: dict[int, list[int]] = {year: [] for (year,) in self._rows(select(FolioCounter.year))}
        for row in sorted(issues, key=lambda row: row.folio_number):
            folios[row.folio_year].append(row.folio_number)
        return Facts(
            courses=self._courses(issues),
            folios=folios,
            effects=Counter(
                dict(map(tuple, self._rows(select(KIND_OF_EFFECT, func.count()).group_by(KIND_OF_EFFECT))))
            ),
            claimed=self._rows(select(func.count()).select_from(ClaimedRequest))[0][0],
        )

    def last_task(self, code: str, key: str) -> int:
        return int(self._rows(last_task(code, key))[0][0])

    def waiting_effects(self) -> list[int]:
        return [id for (id,) in self._rows(select(Effect.id).where(effects.waits()).order_by(Effect.id))]

    def documents(self) -> tuple[list[int], list[int], int]:
        """Every issue, the issues that have their PDF, and how often the histories say so."""
        told = select(func.count()).where(HistoryEvent.kind == EventKind.DOCUMENT_STORED)
        issues, stored = select(Issuance.id).order_by(Issuance.id), select(Document.issuance_id)
        return (
            [id for (id,) in self._rows(issues)],
            [id for (id,) in self._rows(stored.order_by(Document.issuance_id))],
            self._rows(told)[0][0],
        )

    def _rows(self, query: Executable) -> list[Any]:
        """Read and over with: an open transaction here would stand in the way of the product's own."""
        rows = list(self.session.execute(query))
        self.session.rollback()
        return rows

    def _courses(self, issues: list[Any]) -> dict[str, CourseFacts]:
        states = {code: CertificateState(state) for code, state in self._rows(STATES)}
        requests = _grouped(self._rows(REQUESTS), "issuance_id")
        by_course, tasks, history = (
            _grouped(rows, "code") for rows in (issues, self._rows(TASKS), self._rows(HISTORY))
        )
        return {
            code: CourseFacts(
                states.get(code, CertificateState.PENDING_ISSUANCE),
                tuple(self._issue(row, requests[row.id]) for row in by_course[code]),
                tuple((row.key, self._answered(row)) for row in tasks[code]),
                tuple((row.kind, self.names[row.actor_id], row.data.get("folio", "")) for row in history[code]),
            )
            for code in self.codes
        }

    def _issue(self, row: Any, requests: list[Any]) -> IssueFacts:
        folio = str(Folio(row.folio_number, row.folio_year))
        assert row.snapshot["folio"] == folio
        told = ((self.names[one.requested_by_id], one.granted, self.names[one.decided_by_id]) for one in requests)
        voided, requested = row.void_id is not None, tuple(RequestFacts(*one) for one in told)
        return IssueFacts(folio, row.document_reference, self.names[row.issued_by_id], voided, requested)

    def _answered(self, task: Any) -> str | None:
        return NOBODY_ANY_MORE if task.status is TaskStatus.CANCELLED else self.names[task.completed_by_id]


def last_task(code: str, key: str) -> Select[Any]:
    """The id of the task of this key that was opened last about the course, waiting or not; 0 if there was none."""
    return (
        select(func.coalesce(func.max(HumanTask.id), 0))
        .join(HumanTask.instance)
        .join(ProcessInstance.certificate)
        .join(Certificate.action)
        .where(TrainingAction.code == code, HumanTask.key == key)
    )


def _grouped(rows: list[Any], column: str) -> Mapping[Any, list[Any]]:
    groups: defaultdict[Any, list[Any]] = defaultdict(list)
    for row in rows:
        groups[getattr(row, column)].append(row)
    return groups
