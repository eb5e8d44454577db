"""Moves a case where nobody acts: what it waited for has come, or a fact begins it. Functions here never commit."""

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session, joinedload

from app import faults
from app.domain.errors import EffectFailed, Refusal
from app.models import AwaitedEvent, AwaitedStatus, Certificate, HistoryEvent, InstanceStatus, ProcessInstance
from app.process import definitions, engine, operations, packages, runner, settling, stuck
from app.process.stuck import CaseStuck
from app.services import certificates, kept
from app.services.history import MESSAGES, EventKind

logger = logging.getLogger(__name__)


def happen(session: Session, payload: Mapping[str, Any]) -> None:
    """What a case waited for has come: go on to the next wait. Nothing where the case went on without it meanwhile.

    Raises EffectFailed when the diagram has no way on or an operation refuses: then nothing of it stays.
    """
    instance, row = _locked(session, payload["awaited_id"])
    if not row.is_open:
        return

    # By the database's clock, which has told that it is due.
    row.status, row.closed_at = AwaitedStatus.HAPPENED, func.clock_timestamp()
    session.flush()
    call = operations.Call(session=session, instance=instance)
    with _told_to_operators(instance.certificate), stuck.naming(instance):
        engine.require_readable(instance.engine_version)
        position = engine.happen(
            packages.of(instance.definition).program,
            instance.state,
            engine_task_id=row.engine_task_id,
            calls=call,
        )
    settling.settle(session, instance, position)
    session.flush()
    faults.point("awaited.happened")


def start(session: Session, payload: Mapping[str, Any]) -> None:
    """A case that a fact begins, in the name of who is behind the fact: one for each fact and process.

    Where a case of the process is open about the certificate, or new ones begin otherwise by now, nothing. Raises what
    `happen` raises.
    """
    event, process_id = session.get_one(HistoryEvent, payload["event_id"]), payload["process_id"]
    certificate = certificates.locked(session, event.certificate_id)
    why_not = _why_not(session, event, process_id)
    if why_not is not None:
        logger.info("case not begun", extra={"event": event.id, "process_id": process_id, "why": why_not})
        return

    assert event.actor_id is not None, "a fact with nobody behind it"
    with _told_to_operators(certificate):
        runner.begin(
            session,
            definitions.current(session, process_id),
            certificate,
            started_by_id=event.actor_id,
            begun_by_event_id=event.id,
        )
    session.flush()
    faults.point("case.begun_by_fact")


def _why_not(session: Session, event: HistoryEvent, process_id: str) -> str | None:
    same = ProcessInstance.process_id == process_id
    if session.scalar(select(exists().where(same, ProcessInstance.begun_by_event_id == event.id))):
        return "begun already"
    about = ProcessInstance.certificate_id == event.certificate_id
    if session.scalar(select(exists().where(same, about, ProcessInstance.status == InstanceStatus.OPEN))):
        return "one is open"
    begins_with = definitions.current(session, process_id).begins_with
    return None if begins_with == MESSAGES[EventKind(event.kind)] else "begins otherwise now"


def _locked(session: Session, awaited_id: int) -> tuple[ProcessInstance, AwaitedEvent]:
    """Case and row as they are once the case's row is ours: somebody may have moved it while we waited."""
    of_row = select(AwaitedEvent.instance_id).where(AwaitedEvent.id == awaited_id).scalar_subquery()
    with_diagram = select(ProcessInstance).options(joinedload(ProcessInstance.definition, innerjoin=True))
    case = with_diagram.where(ProcessInstance.id == of_row).with_for_update(of=ProcessInstance)
    instance = session.scalars(case.execution_options(populate_existing=True)).one()
    kept.forget_all(session)
    return instance, session.get_one(AwaitedEvent, awaited_id, with_for_update=True, populate_existing=True)


@contextmanager
def _told_to_operators(certificate: Certificate) -> Iterator[None]:
    """A case that cannot go on becomes an incident that says where. What an operation refuses with may name people."""
    try:
        yield
    except CaseStuck as error:
        raise EffectFailed(f"{error.problem} Pida a un analista de procesos que lo revise y reintente.") from error
    except Refusal as refusal:
        course = f"Curso {certificate.action.code}"
        raise EffectFailed(
            f"{course}: las reglas no permiten ahora el paso que sigue. Revise el curso y, cuando lo permitan, reintente."
        ) from refusal
