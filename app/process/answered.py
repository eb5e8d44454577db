"""What people answered in a case, in the words of the forms it runs on."""

from collections.abc import Collection, Container, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, true
from sqlalchemy.orm import Session, contains_eager, joinedload

from app.domain import form_answers
from app.domain.forms import Form, Way
from app.models import HumanTask, ProcessInstance, TaskStatus
from app.process import definitions

REASONED = ("annulment_request", "annulment_decision", "retroactive_request", "retroactive_decision")
IN_HISTORY = frozenset({*((form, "reason") for form in REASONED), ("document_reference", "document_reference")})
"""What a certificate's own facts tell, as (form, field)."""


@dataclass(frozen=True)
class Answered:
    """One step that somebody answered: `outcome` is the decision in words, empty where there was none to take."""

    name: str
    who: str
    at: datetime
    outcome: str
    told: tuple[tuple[str, str], ...]


def form_of(task: HumanTask) -> Form | None:
    """The form of a task as its case's definition has it; None if that names another by now unknown."""
    found = definitions.form_of(task)
    return found.definition if found else None


def way_taken(task: HumanTask) -> Way | None:
    """Which of the two ways was decided; None where nothing was, or not yet."""
    form, given = form_of(task), task.answers or {}
    if form is None or form.decision is None or form.decision.name not in given:
        return None
    return form.decision.way(given[form.decision.name])


def told(task: HumanTask, *, but: Container[str] = ()) -> tuple[tuple[str, str], ...]:
    """Each answer with the label of its question, in the order of the form, without the fields of `but`."""
    form, given = form_of(task), task.answers or {}
    shown = (field for field in (form.fields if form else ()) if field.name in given and field.name not in but)
    return tuple((field.label, form_answers.told(field, given[field.name])) for field in shown)


def so_far(instance: ProcessInstance, *, but: Iterable[tuple[str, str]] = ()) -> list[Answered]:
    """Every step answered, the oldest first; `but` names what a page shows by itself, as (form, field)."""
    hidden = set(but)
    completed = [task for task in instance.tasks if task.status is TaskStatus.COMPLETED]
    steps = (of_task(task, but=hidden) for task in sorted(completed, key=lambda task: (task.closed_at, task.id)))
    return [step for step in steps if step.told or step.outcome]


def of_certificate(session: Session, certificate_id: int, process_id: str = "") -> list[Answered]:
    """What people answered in the cases about a certificate, oldest first, without what its history says by itself.

    In all cases, or in those of one process.
    """
    of_process = ProcessInstance.process_id == process_id if process_id else true()
    tasks = session.scalars(
        select(HumanTask)
        .join(HumanTask.instance)
        .where(ProcessInstance.certificate_id == certificate_id, HumanTask.status == TaskStatus.COMPLETED, of_process)
        .options(
            joinedload(HumanTask.completed_by),
            contains_eager(HumanTask.instance).joinedload(ProcessInstance.definition),
        )
        .order_by(HumanTask.closed_at, HumanTask.id)
    )
    return [step for step in (of_task(task, but=IN_HISTORY) for task in tasks) if step.told]


def of_task(task: HumanTask, *, but: Collection[tuple[str, str]] = ()) -> Answered:
    """A completed task; `but` names what a page shows by itself, as (form, field)."""
    assert task.completed_by is not None
    assert task.closed_at is not None
    way = way_taken(task)
    return Answered(
        name=task.name,
        who=task.completed_by.full_name,
        at=task.closed_at,
        outcome=way.outcome if way else "",
        told=told(task, but={name for form, name in but if form == task.form}),
    )
