"""The processes that a version calls: pinned with it, so that its cases never change when those do. See ADR 0026."""

from collections.abc import Iterable, Mapping
from graphlib import CycleError, TopologicalSorter
from typing import Any

from sqlalchemy.orm import Session, object_session

from app.models import ProcessDefinition, ProcessDraft
from app.process import decision_tables, diagrams, forms, versions
from app.process.diagrams import Diagram
from app.process.package import Package

Pinned = Mapping[str, Any]
"""`version`, `xml`, `forms` and `decision_tables` of each process, by its id; those that the called ones call are among them."""


def pinned(session: Session, diagram: Diagram) -> dict[str, Any]:
    """What a version published now calls: of each process the version that new cases follow now.

    One that there is not is left out; the gate tells.
    """
    found: dict[str, Any] = {}
    to_see = sorted(set(diagram.calls.values()))
    for process_id in to_see:
        definition = versions.current_or_none(session, process_id)
        if definition is not None and process_id != diagram.process_id and process_id not in found:
            found[process_id] = _content(definition)
            to_see += sorted(diagrams.stored(definition.xml).calls.values())
    return dict(sorted(found.items()))


def _content(definition: ProcessDefinition) -> dict[str, Any]:
    return {
        "version": definition.version,
        "xml": definition.xml,
        "forms": definition.forms,
        "decision_tables": definition.decision_tables,
    }


def packages(pinned: Pinned, diagram: Diagram, above: frozenset[str] = frozenset()) -> Mapping[str, Package]:
    """The processes that a diagram calls, each with those that it calls; one that would come back to itself is left out."""
    above |= {diagram.process_id}
    found = {}
    for process_id in sorted(set(diagram.calls.values()) & pinned.keys() - above):
        one = pinned[process_id]
        called = diagrams.stored(one["xml"])
        found[process_id] = Package(
            called,
            forms.read_all(one["forms"]),
            decision_tables.read_all(one["decision_tables"]),
            called=packages(pinned, called, above),
        )
    return found


def of(definition: ProcessDefinition) -> Mapping[str, Package]:
    """What cases of a version call."""
    return packages(definition.called, diagrams.stored(definition.xml))


def offered(session: Session, diagram: Diagram) -> Mapping[str, Package]:
    """What a diagram would call if it were published now."""
    return packages(pinned(session, diagram), diagram)


def of_draft(draft: ProcessDraft) -> Mapping[str, Package]:
    """What a draft would call if it were published now."""
    return packages(pinned_by(draft), diagrams.stored(draft.xml))


def pinned_by(draft: ProcessDraft) -> Pinned:
    """What a draft would call if it were published now, in the session that it was read in."""
    diagram = diagrams.stored(draft.xml)
    if not diagram.calls:
        return {}
    session = object_session(draft)
    assert session is not None, "a draft that is read calls processes of its database"
    return pinned(session, diagram)


def first_the_called(these: Iterable[Diagram]) -> list[str]:
    """Processes in an order in which each is published after those of them that it calls, unless they call each other."""
    calls = {diagram.process_id: set(diagram.calls.values()) for diagram in these}
    try:
        order = TopologicalSorter({name: called & calls.keys() for name, called in calls.items()})
        return list(order.static_order())
    except CycleError:
        return list(calls)
