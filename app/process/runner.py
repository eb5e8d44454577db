"""Moves a case: starts it, answers its tasks, and keeps rows and engine state one truth. Functions here never commit."""

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session, joinedload

from app import faults
from app.domain.deadlines import local_date
from app.domain.errors import AlreadyDecided, NotFound, Refusal
from app.domain.offices import Office, holds
from app.domain.permissions import Actor
from app.models import Certificate, HumanTask, InstanceStatus, ProcessDefinition, ProcessInstance, TaskStatus
from app.process import answered, definitions, engine, forms, operations, packages, settling, stuck, waits
from app.services import certificates, kept

ALREADY_OPEN = "Ya hay un trámite abierto para este curso. Vuelva al curso y continúe el que está en marcha."


def start(
    session: Session, process_id: str, *, certificate_id: int, actor: Actor, subject: str = ""
) -> ProcessInstance:
    """A new case, run up to its first waiting task. Raises AlreadyDecided if one is open about the same `subject`."""
    instance = _begun(session, process_id, certificate_id, actor, subject)
    session.flush()
    return instance


def start_and_answer(
    session: Session,
    process_id: str,
    *,
    certificate_id: int,
    actor: Actor,
    answers: Mapping[str, Any],
    subject: str = "",
) -> ProcessInstance:
    """A new case whose first task is answered at once. Raises what `start` and `complete_task` raise."""
    return answer_at_once(session, _begun(session, process_id, certificate_id, actor, subject), actor, answers)


def answer_at_once(
    session: Session, instance: ProcessInstance, actor: Actor, answers: Mapping[str, Any]
) -> ProcessInstance:
    """Answer the waiting task of a case that this transaction began or moved, so that nobody else can be at it.

    Raises what `complete_task` raises, and Refusal if the diagram came to a step that asks something else.
    """
    task = waiting_task(instance)
    if task is None and instance.status is InstanceStatus.OPEN:
        raise Refusal(waits.sentence(instance))
    asked = packages.of(instance.definition).all_forms
    if task is None or not asked[task.form].needed <= answers.keys():
        raise Refusal("El trámite de este curso está en otro paso. Vuelva al curso y continúe desde ahí.")
    return _answer(session, instance, task, actor, answers)


def _begun(session: Session, process_id: str, certificate_id: int, actor: Actor, subject: str) -> ProcessInstance:
    # The certificate's row is the lock of all that may begin about it.
    certificate = certificates.locked(session, certificate_id)
    under_way = open_instance(session, process_id, certificate_id=certificate_id, subject=subject)
    if under_way is not None:
        raise AlreadyDecided(ALREADY_OPEN if waiting_task(under_way) else waits.sentence(under_way))

    definition = definitions.current(session, process_id)
    return begin(session, definition, certificate, started_by_id=actor.person_id, actor=actor, subject=subject)


def begin(
    session: Session,
    definition: ProcessDefinition,
    certificate: Certificate,
    *,
    started_by_id: int,
    actor: Actor | None = None,
    subject: str = "",
    begun_by_event_id: int | None = None,
) -> ProcessInstance:
    """A case that may begin, whoever or whatever begins it, up to its first wait. Raises CaseStuck and what operations raise."""
    instance = ProcessInstance(
        definition=definition,
        process_id=definition.process_id,
        certificate=certificate,
        certificate_id=certificate.id,
        subject=subject,
        status=InstanceStatus.OPEN,
        tasks=[],
        started_at=datetime.now(UTC),
        started_by_id=started_by_id,
        begun_by_event_id=begun_by_event_id,
    )
    call = operations.Call(session=session, instance=instance, actor=actor)
    with stuck.naming(instance):
        position = engine.start(packages.of(definition).program, calls=call)
    session.add(instance)
    settling.settle(session, instance, position)
    return instance


def complete_task(session: Session, *, task_id: int, actor: Actor, answers: Mapping[str, Any]) -> ProcessInstance:
    """Answer one waiting task and go on to the next wait, in one row-locked step.

    Raises NotFound if the actor does not hold the task's office, AlreadyDecided if it was answered meanwhile, and
    whatever Refusal an operation raises: then nothing of the step stays. Nor does it with CaseStuck, when the diagram
    has no way on or the case was stored by an engine that this one does not continue.
    """
    instance, task = _locked(session, task_id)
    return _answer(session, instance, task, actor, answers)


def _answer(
    session: Session, instance: ProcessInstance, task: HumanTask, actor: Actor, answers: Mapping[str, Any]
) -> ProcessInstance:
    if not holds(actor, task.office, organisation_id=task.organisation_id, region=task.region):
        raise NotFound
    if task.status is not TaskStatus.OPEN:
        raise AlreadyDecided(who_did_it(task))
    if task.office == Office.NATIONAL_LEVEL and instance.started_by_id == actor.person_id:
        raise Refusal("Quien inició un trámite no lo revisa. Pida a otra persona del nivel central que responda.")

    form = packages.of(instance.definition).all_forms[task.form]
    task.completed_by_id = actor.person_id
    task.answers = forms.accepted(form, answers)
    settling.close(session, task, TaskStatus.COMPLETED)
    session.flush()
    call = operations.Call(session=session, instance=instance, actor=actor)
    with stuck.naming(instance):
        engine.require_readable(instance.engine_version)
        position = engine.complete(
            packages.of(instance.definition).program,
            instance.state,
            engine_task_id=task.engine_task_id,
            decisions={key: task.answers[key] for key in form.decisions},
            calls=call,
        )
    settling.settle(session, instance, position)
    session.flush()
    return instance


def open_instance(
    session: Session, process_id: str, *, certificate_id: int, subject: str = ""
) -> ProcessInstance | None:
    """The case of this kind that is under way for a certificate and subject; there is one at most."""
    return session.scalar(
        _open_instance(), {"certificate_id": certificate_id, "process_id": process_id, "subject": subject}
    )


@cache
def _open_instance() -> Select[ProcessInstance]:
    same = (getattr(ProcessInstance, name) == bindparam(name) for name in ("certificate_id", "process_id", "subject"))
    return select(ProcessInstance).where(*same, ProcessInstance.status == InstanceStatus.OPEN)


def open_task(
    session: Session, process_id: str, *, certificate_id: int, key: str | None = None, subject: str = ""
) -> HumanTask | None:
    """The waiting task of the open case, the one called `key` if given."""
    waiting = (
        select(HumanTask)
        .join(HumanTask.instance)
        .where(
            ProcessInstance.certificate_id == certificate_id,
            ProcessInstance.process_id == process_id,
            ProcessInstance.subject == subject,
            HumanTask.status == TaskStatus.OPEN,
        )
    )
    return session.scalars(waiting if key is None else waiting.where(HumanTask.key == key)).first()


def waiting_task(instance: ProcessInstance) -> HumanTask | None:
    """A task that a case waits for now that it was moved; None if it has ended."""
    return next((task for task in instance.tasks if task.status is TaskStatus.OPEN), None)


def who_did_it(task: HumanTask) -> str:
    """The sentence for who comes second: who answered, what and when, in the hour of the place."""
    if task.completed_by is None or task.closed_at is None:
        return "Esta tarea ya no está pendiente. Vuelva a la bandeja para ver las que siguen."
    zone = task.instance.certificate.action.time_zone
    way = answered.way_taken(task)
    did = way.outcome if way else f"ya completó «{task.name}»"
    return (
        f"{task.completed_by.full_name} {did} el {local_date(task.closed_at, zone):%d/%m/%Y}. No se registró nada más."
    )


def _locked(session: Session, task_id: int) -> tuple[ProcessInstance, HumanTask]:
    """Case and task as they are once the case's row is ours: another person may have answered while we waited."""
    session.flush()
    # Whatever was read before the lock is old from here on, the case's version included.
    session.expire_all()
    kept.forget_all(session)
    instance = session.scalar(_locking(), {"task_id": task_id})
    if instance is None:
        raise NotFound
    faults.point("task.locked")
    # Not in the statement that waits for the lock: what it joins, it sees as it was before the wait.
    return instance, next(task for task in instance.tasks if task.id == task_id)


@cache
def _locking() -> Select[ProcessInstance]:
    of_task = select(HumanTask.instance_id).where(HumanTask.id == bindparam("task_id")).scalar_subquery()
    with_diagram = select(ProcessInstance).options(joinedload(ProcessInstance.definition, innerjoin=True))
    return with_diagram.where(ProcessInstance.id == of_task).with_for_update(of=ProcessInstance)
