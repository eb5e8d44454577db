"""What an expression of a draft gives: its type from what the forms declare, its value on the decisions of a real case."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from app.domain.deadlines import Term
from app.domain.errors import NotFound
from app.models import HumanTask, ProcessDraft, ProcessInstance, TaskStatus
from app.process import definitions, expression_types, expressions, gate, terms
from app.process.catalogue import DEADLINE_FUNCTIONS
from app.process.expression_types import Type
from app.process.expressions import Value
from app.process.studio import checking
from app.process.studio.drafts import LARGEST_ID


@dataclass(frozen=True)
class Evaluated:
    """`value` in words; None where no case was given."""

    type: str
    value: str | None


def declared(draft: ProcessDraft) -> Mapping[str, Type]:
    """What a gateway may read: what the forms of the diagram decide, and what its decision tables give."""
    return gate.declared(checking.readable(draft))


def evaluate(session: Session, draft: ProcessDraft, expression: str, instance_id: int | None) -> Evaluated:
    """Raises ExpressionError, whose text is for the analyst, and NotFound for a case of another process."""
    given = expression_types.type_of(expression, declared(draft), DEADLINE_FUNCTIONS)
    if instance_id is None and expressions.names_in(expression):
        return Evaluated(given.face, None)
    decisions = {} if instance_id is None else _decisions(session, draft.process_id, instance_id)
    return Evaluated(given.face, _said(expressions.evaluate(expression, decisions, terms.FUNCTIONS)))


def _decisions(session: Session, process_id: str, instance_id: int) -> dict[str, Value]:
    """What people and tables decided in a case so far; nothing else that people wrote."""
    wanted = ProcessInstance.id == min(instance_id, LARGEST_ID), ProcessInstance.process_id == process_id
    whole = selectinload(ProcessInstance.tasks), selectinload(ProcessInstance.table_decisions)
    instance = session.scalar(select(ProcessInstance).where(*wanted).options(*whole))
    if instance is None:
        raise NotFound
    done = sorted((task for task in instance.tasks if task.status is TaskStatus.COMPLETED), key=_order)
    by_people = {name: value for task in done for name, value in (task.answers or {}).items() if _decides(task, name)}
    by_tables = {name: _value(value) for one in instance.table_decisions for name, value in one.given.items()}
    return by_people | by_tables


def _value(stored: Any) -> Value:
    """A list is one of JSON's where it was stored."""
    return tuple(stored) if isinstance(stored, list) else stored


def _order(task: HumanTask) -> tuple[object, int]:
    return task.closed_at, task.id


def _decides(task: HumanTask, name: str) -> bool:
    form = definitions.form_of(task)
    return form is not None and name in form.decisions


def _said(value: object) -> str:
    if isinstance(value, bool):
        return "sí" if value else "no"
    if isinstance(value, Term):
        return f"{value.days} días {'hábiles' if value.working else 'corridos'}"
    return "nada" if value is None else str(value)
