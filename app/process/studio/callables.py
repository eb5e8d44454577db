"""The processes that a call activity may name, each with the errors by which it can end."""

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from app.models import ProcessDefinition
from app.process import diagrams
from app.process.diagrams import BPMN, definition_of
from app.process.gate import steps
from app.process.safe_xml import tree_of


@dataclass(frozen=True)
class Thrown:
    """An error that leaves a process: its code, and its name for people."""

    code: str
    name: str


@dataclass(frozen=True)
class Callable:
    """A published process that something else than a message begins."""

    process_id: str
    name: str
    errors: tuple[Thrown, ...]


def callables(session: Session, caller: str) -> list[Callable]:
    """Those that a draft of the process `caller` may call, by their names; as their newest version stands."""
    newest = (
        select(ProcessDefinition)
        .ext(distinct_on(ProcessDefinition.process_id))
        .where(ProcessDefinition.process_id != caller)
        .order_by(ProcessDefinition.process_id, ProcessDefinition.version.desc())
    )
    found = (_described(one.xml) for one in session.scalars(newest))
    return sorted((one for one in found if one is not None), key=lambda one: one.name)


def _described(xml: str) -> Callable | None:
    diagram, root = diagrams.stored(xml), tree_of(xml)
    if not steps.may_be_called(diagram):
        return None
    process = next(node for node in root.iter(f"{BPMN}process") if node.get("id") == diagram.process_id)
    return Callable(diagram.process_id, diagram.name, tuple(dict.fromkeys(_errors(root, process))))


def _errors(root: etree._Element, process: etree._Element) -> Iterator[Thrown]:
    declared = {node.get("id", ""): node for node in root.iterchildren(f"{BPMN}error")}
    for end in process.iterchildren(f"{BPMN}endEvent"):
        definition = definition_of(end)
        error = declared.get(definition.get("errorRef", "")) if definition is not None else None
        if error is not None:
            yield Thrown(error.get("errorCode", ""), error.get("name", ""))
