"""The expediente: everything about one certificate, gathered as plain values. Nothing here changes a row."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.domain import offices
from app.domain.log_format import FactKind
from app.models import (
    AnnulmentDecision,
    AnnulmentRequest,
    Certificate,
    HistoryEvent,
    HumanTask,
    InstanceStatus,
    Issuance,
    IssuanceVoid,
    Participant,
    Person,
    ProcessInstance,
    RetroactiveDecision,
    RetroactiveRequest,
    TaskStatus,
    TrainingAction,
)
from app.process import answered, decided, diagrams, packages, waits
from app.process.decided import Decided
from app.process.drawing import Drawing, draw
from app.process.trail import taken
from app.process.waits import Wait
from app.services import history


@dataclass(frozen=True)
class Step:
    """What one office had to do: `who` did it, `closed_at` when; both None while it waits. `done` says what was decided.

    `answered` holds what else was answered, each with the label of its question.
    """

    name: str
    office: str
    opened_at: datetime
    due_at: datetime | None
    closed_at: datetime | None
    who: str | None
    done: str
    answered: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Called:
    """A process that a case is or was in because its own calls it."""

    process_id: str
    name: str
    drawing: Drawing


@dataclass(frozen=True)
class Case:
    """One trámite with the version of the diagram and the forms it ran on, and the way it took."""

    number: int
    process_id: str
    name: str
    version: int
    xml: str
    sha256: str
    forms: Mapping[str, Any]
    decision_tables: Mapping[str, str]
    started_at: datetime
    outcome: str
    steps: tuple[Step, ...]
    waits: tuple[Wait, ...]
    decided: tuple[Decided, ...]
    drawing: Drawing
    called: tuple[Called, ...]


@dataclass(frozen=True)
class CaseFile:
    """All facts in the order they came about."""

    action: TrainingAction
    issuances: Sequence[Issuance]
    requests: Sequence[AnnulmentRequest]
    voids: Sequence[IssuanceVoid]
    retroactive: Sequence[RetroactiveRequest]
    events: Sequence[HistoryEvent]
    cases: Sequence[Case]

    @property
    def facts(self) -> list[tuple[FactKind, int]]:
        """What of it is in the public log."""
        return [
            *((FactKind.ISSUANCE, one.id) for one in self.issuances),
            *((FactKind.ANNULMENT_REQUEST, one.id) for one in self.requests),
            *((FactKind.ANNULMENT_DECISION, one.decision.id) for one in self.requests if one.decision),
            *((FactKind.ISSUANCE_VOID, one.id) for one in self.voids),
            *((FactKind.RETROACTIVE_REQUEST, one.id) for one in self.retroactive),
            *((FactKind.RETROACTIVE_DECISION, one.decision.id) for one in self.retroactive if one.decision),
        ]


def gather(session: Session, action: TrainingAction) -> CaseFile:
    """Everything about the certificate of a course; of one that nothing happened to, nothing. As many queries for any size."""
    certificate_id = session.scalar(select(Certificate.id).where(Certificate.action_id == action.id))
    issuances = _issuances(session, certificate_id)
    return CaseFile(
        action=action,
        issuances=issuances,
        requests=[request for issuance in issuances for request in issuance.requests],
        voids=[issuance.void for issuance in issuances if issuance.void],
        retroactive=_retroactive(session, action),
        events=[] if certificate_id is None else list(reversed(history.events(session, certificate_id))),
        cases=[case_of(number, one) for number, one in enumerate(_instances(session, certificate_id), start=1)],
    )


def _issuances(session: Session, certificate_id: int | None) -> Sequence[Issuance]:
    decision = selectinload(Issuance.requests).joinedload(AnnulmentRequest.decision)
    return session.scalars(
        select(Issuance)
        .where(Issuance.certificate_id == certificate_id)
        .options(
            joinedload(Issuance.document),
            joinedload(Issuance.void),
            decision.joinedload(AnnulmentDecision.decided_by),
            selectinload(Issuance.requests).joinedload(AnnulmentRequest.requested_by),
        )
        .order_by(Issuance.sequence)
    ).all()


def _retroactive(session: Session, action: TrainingAction) -> Sequence[RetroactiveRequest]:
    return session.scalars(
        select(RetroactiveRequest)
        .join(RetroactiveRequest.participant)
        .where(Participant.action_id == action.id)
        .options(
            joinedload(RetroactiveRequest.participant).joinedload(Participant.person),
            joinedload(RetroactiveRequest.class_held),
            joinedload(RetroactiveRequest.requested_by),
            joinedload(RetroactiveRequest.decision).joinedload(RetroactiveDecision.decided_by),
            selectinload(RetroactiveRequest.attachments),
        )
        .order_by(RetroactiveRequest.id)
    ).all()


def _instances(session: Session, certificate_id: int | None) -> Sequence[ProcessInstance]:
    return session.scalars(_whole().where(ProcessInstance.certificate_id == certificate_id)).all()


def _whole() -> Select[ProcessInstance]:
    return (
        select(ProcessInstance)
        .options(
            joinedload(ProcessInstance.definition),
            selectinload(ProcessInstance.tasks).joinedload(HumanTask.completed_by),
            selectinload(ProcessInstance.awaited),
            selectinload(ProcessInstance.table_decisions),
        )
        .order_by(ProcessInstance.id)
    )


def open_cases(session: Session, action: TrainingAction) -> list[Case]:
    """What is under way about the certificate of a course."""
    about = select(Certificate.id).where(Certificate.action_id == action.id).scalar_subquery()
    is_open = ProcessInstance.status == InstanceStatus.OPEN
    found = session.scalars(_whole().where(ProcessInstance.certificate_id == about, is_open)).all()
    return [case_of(number, one) for number, one in enumerate(found, start=1)]


def one_case(session: Session, instance_id: int) -> Case:
    return case_of(1, session.scalars(_whole().where(ProcessInstance.id == instance_id)).one())


def case_of(number: int, instance: ProcessInstance) -> Case:
    definition = instance.definition
    diagram = diagrams.stored(definition.xml)
    return Case(
        number=number,
        process_id=instance.process_id,
        name=diagram.name,
        version=definition.version,
        xml=definition.xml,
        sha256=diagram.sha256,
        forms=definition.forms,
        decision_tables=definition.decision_tables,
        started_at=instance.started_at,
        outcome=diagram.ends.get(instance.outcome or "", "En curso"),
        steps=tuple(_step(task) for task in instance.tasks),
        waits=waits.of_case(instance),
        decided=decided.of_case(instance),
        drawing=draw(definition.xml, instance.state, awaited=_awaited(instance)),
        called=tuple(_called(instance)),
    )


def _awaited(instance: ProcessInstance) -> frozenset[str]:
    """The events that the case stands at; what hangs on a step happens only if that step still waits."""
    events = packages.of(instance.definition).events
    return frozenset(
        row.key
        for row in instance.awaited
        if row.closed_at is None and not (row.key in events and events[row.key].host)
    )


def _called(instance: ProcessInstance) -> Iterator[Called]:
    for process_id, one in packages.of(instance.definition).all_called.items():
        if taken(instance.state, process_id):
            drawing = draw(one.diagram.xml, instance.state, called=process_id, awaited=_awaited(instance))
            yield Called(process_id, one.diagram.name or process_id, drawing)


def _step(task: HumanTask) -> Step:
    by: Person | None = task.completed_by
    return Step(
        name=task.name,
        office=offices.named(task.office, task.region),
        opened_at=task.opened_at,
        due_at=task.due_at,
        closed_at=task.closed_at,
        who=by.full_name if by else None,
        done=_done(task),
        answered=answered.told(task),
    )


def _done(task: HumanTask) -> str:
    """What the person decided, in the words of the form; nothing where there was nothing to decide."""
    way = answered.way_taken(task)
    if way is not None:
        return way.outcome
    return task.status.label.lower() if task.status is TaskStatus.CANCELLED else ""
