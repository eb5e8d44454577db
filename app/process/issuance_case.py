"""The issuance case as people's acceptances move it: one case a course, continued by whoever of the institution comes next."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session, contains_eager

from app.domain.errors import NotFound, Refusal
from app.domain.forms import Form
from app.domain.permissions import Actor
from app.models import (
    Certificate,
    HumanTask,
    InstanceStatus,
    Issuance,
    ProcessDefinition,
    ProcessInstance,
    TaskStatus,
    TrainingAction,
)
from app.process import definitions, forms, operations, runner, waits
from app.services import certificates, courses

PROCESS = "issuance"
REFERENCE_FORM, ACCEPT_FORM = "document_reference", "accept_issuance"
ANOTHER_STEP = "El trámite de este curso pide otro paso antes de emitir. Emítalo desde la página del curso."


def waiting_task(session: Session, action: TrainingAction) -> HumanTask | None:
    """The task of the course's open case, if there is one."""
    return session.scalar(_waiting_task(), {"action_id": action.id})


@cache
def _waiting_task() -> Select[HumanTask]:
    return (
        select(HumanTask)
        .join(HumanTask.instance)
        .join(ProcessInstance.certificate)
        .where(
            Certificate.action_id == bindparam("action_id"),
            ProcessInstance.process_id == PROCESS,
            HumanTask.status == TaskStatus.OPEN,
        )
        .options(contains_eager(HumanTask.instance))
    )


def why_nobody_is_asked(session: Session, action: TrainingAction) -> str | None:
    """The sentence that tells what the course's open case waits for besides people; None where there is something to do."""
    waiting_alone = (
        select(ProcessInstance)
        .join(ProcessInstance.certificate)
        .where(
            Certificate.action_id == action.id,
            ProcessInstance.process_id == PROCESS,
            ProcessInstance.status == InstanceStatus.OPEN,
            ~ProcessInstance.tasks.any(HumanTask.status == TaskStatus.OPEN),
        )
    )
    instance = session.scalar(waiting_alone)
    return waits.sentence(instance) if instance is not None else None


def form(session: Session, code: str, name: str) -> Form:
    """The form that the course's open case is asked by, or that of a case that would begin now."""
    followed = session.scalar(
        select(ProcessDefinition)
        .join(ProcessInstance, ProcessInstance.definition_id == ProcessDefinition.id)
        .join(ProcessInstance.certificate)
        .join(Certificate.action)
        .where(
            TrainingAction.code == code,
            ProcessInstance.process_id == PROCESS,
            ProcessInstance.status == InstanceStatus.OPEN,
        )
    )
    return forms.of(followed or definitions.current(session, PROCESS))[name].definition


def entered(session: Session, instance: ProcessInstance, actor: Actor) -> Mapping[str, Any]:
    """What was answered so far in a case."""
    return operations.Call(session=session, instance=instance, actor=actor).answers


def reference_in(session: Session, instance: ProcessInstance, actor: Actor) -> str:
    """The N° factura / orden de compra entered so far in a case, empty if none."""
    return str(entered(session, instance, actor).get("document_reference", ""))


def give_reference(session: Session, *, code: str, actor: Actor, answers: dict[str, Any]) -> None:
    """Enter or correct the reference of the course's case, begun here if none is open.

    Raises NotFound, and Refusal where the certificate cannot be issued now, whatever case is open.
    """
    action = courses.get(session, code, actor)
    reason = certificates.why_not_issuable(session, action)
    if reason is not None:
        raise Refusal(reason)
    task = waiting_task(session, action)
    if task is None:
        certificate = certificates.of_action(session, action.id)
        runner.start_and_answer(session, PROCESS, certificate_id=certificate.id, actor=actor, answers=answers)
    elif task.form != ACCEPT_FORM:
        runner.complete_task(session, task_id=task.id, actor=actor, answers=answers)
    elif _differs(answers, entered(session, task.instance, actor)):
        # The person came back from the review to write something else: that is what correcting means.
        runner.answer_at_once(session, _sent_back(session, task, actor), actor, answers)


def accept(session: Session, *, code: str, task_id: int, actor: Actor, answers: dict[str, Any]) -> ProcessInstance:
    """Answer the review of the course. Raises NotFound for a task of another course, and what the runner raises."""
    reviewed = session.scalar(
        select(HumanTask.id)
        .join(HumanTask.instance)
        .join(ProcessInstance.certificate)
        .join(Certificate.action)
        .where(
            HumanTask.id == task_id,
            HumanTask.form == ACCEPT_FORM,
            TrainingAction.code == code,
            courses.visible_to(actor),
        )
    )
    if reviewed is None:
        raise NotFound
    return runner.complete_task(session, task_id=task_id, actor=actor, answers=answers)


def issue_reviewed(
    session: Session, *, code: str, document_reference: str, content_sha256: str, actor: Actor
) -> Issuance:
    """Both steps at once, for what was reviewed and accepted before.

    Raises NotFound, and Refusal where the certificate cannot be issued now, or not as it was reviewed.
    """
    give_reference(session, code=code, actor=actor, answers={"document_reference": document_reference})
    task = waiting_task(session, courses.get(session, code, actor))
    if task is None or task.form != ACCEPT_FORM:
        raise Refusal(ANOTHER_STEP)
    answers = {"accepted": True, "content_sha256": content_sha256, "authenticated_by": actor.authenticated_by}
    case = runner.complete_task(session, task_id=task.id, actor=actor, answers=answers)
    if case.status is not InstanceStatus.COMPLETED:
        raise Refusal(ANOTHER_STEP)
    return certificates.latest_issuance(session, case.certificate_id)


def _differs(answers: Mapping[str, Any], before: Mapping[str, Any]) -> bool:
    return any(before.get(name) != value for name, value in answers.items())


def _sent_back(session: Session, task: HumanTask, actor: Actor) -> ProcessInstance:
    answers = {"accepted": False, "content_sha256": "", "authenticated_by": actor.authenticated_by}
    return runner.complete_task(session, task_id=task.id, actor=actor, answers=answers)
