"""What one version of a process changes about another: told in sentences, element by element, layout apart."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.domain.faces import Face
from app.models import ProcessDefinition, ProcessDraft
from app.process import calling
from app.process.calling import Pinned
from app.process.studio import called_difference, decision_difference, form_difference, part_events, wording
from app.process.studio.part_events import EVENT
from app.process.studio.parts import Part, parts_of


class Mark(Face):
    """The value is for machines, the face for people."""

    ADDED = "added", "agregado"
    REMOVED = "removed", "quitado"
    CHANGED = "changed", "cambiado"
    MOVED = "moved", "movido"


@dataclass(frozen=True)
class Change:
    """One thing that is otherwise, in a sentence; `element` is its id in the diagram, or the name of a form."""

    mark: Mark
    element: str
    sentence: str


@dataclass(frozen=True)
class Difference:
    """`changes` alter what the process does or says; what was `moved` only looks different."""

    changes: Sequence[Change]
    moved: Sequence[Change]

    @property
    def is_empty(self) -> bool:
        return not self.changes and not self.moved

    @property
    def marks(self) -> Mapping[str, Mark]:
        """The mark of each element, for drawing: to be added or removed says more than to be changed, and that than moved."""
        order = (Mark.MOVED, Mark.CHANGED, Mark.REMOVED, Mark.ADDED)
        every = sorted((*self.moved, *self.changes), key=lambda change: order.index(change.mark))
        return {change.element: change.mark for change in every}


@dataclass(frozen=True)
class Content:
    """What is compared: canonical XML, forms, scenarios, decision tables, and the processes that are called."""

    xml: str
    forms: Mapping[str, Any]
    scenarios: Mapping[str, Any] = field(default_factory=dict)
    decision_tables: Mapping[str, str] = field(default_factory=dict)
    called: Pinned = field(default_factory=dict)


NOTHING = Content("", {})


def content_of(one: ProcessDefinition | ProcessDraft | None) -> Content:
    """What of a version or draft is compared; `NOTHING` where there is none. A draft calls what it would if published now."""
    if one is None:
        return NOTHING
    called = one.called if isinstance(one, ProcessDefinition) else calling.pinned_by(one)
    return Content(one.xml, one.forms, one.scenarios, one.decision_tables, called)


# They grow with what is in them, and an arrow goes where its ends go: what moved is the step.
FOLLOW = frozenset({"lane", "participant", "sequenceFlow", "association"})
# They hold others and are nothing by themselves: only what is said of them can change.
FRAMES = frozenset({"collaboration", "laneSet"})


def between(before: Content, after: Content) -> Difference:
    """From `before` to `after`; with `NOTHING` before, everything was added."""
    old, new = (parts_of(content.xml) if content.xml else {} for content in (before, after))
    titles = {name: form_difference.title(content.forms, name) for content in (before, after) for name in content.forms}
    names = wording.Names(old, new, titles)
    tables = (before.decision_tables, after.decision_tables)
    changes = [
        *(change for part in new.values() for change in _of_part(old.get(part.key), part, names)),
        *(_removed(part, names) for part in old.values() if part.key not in new and part.kind not in FRAMES),
        *(Change(Mark(mark), name, text) for mark, name, text in form_difference.told(before.forms, after.forms)),
        *(Change(Mark(mark), name, text) for mark, name, text in decision_difference.told(*tables)),
        *(Change(Mark(mark), name, text) for mark, name, text in called_difference.told(before.called, after.called)),
        *(_of_scenarios(before.scenarios, after.scenarios)),
    ]
    moved = [
        Change(Mark.MOVED, part.key, wording.moved(part, names))
        for part in new.values()
        if part.key in old and old[part.key].place != part.place and part.kind not in FOLLOW
    ]
    return Difference(changes, moved)


def _of_part(before: Part | None, after: Part, names: wording.Names) -> Iterator[Change]:
    if before is None:
        if after.kind not in FRAMES:
            yield Change(Mark.ADDED, after.key, wording.added(after, names))
        return
    told: frozenset[str] = frozenset()
    if before.kind != after.kind or before.facts.get(EVENT) != after.facts.get(EVENT):
        yield Change(Mark.CHANGED, after.key, wording.other_kind(before, after, names))
        # What it waits for is said with what it is now.
        told = part_events.FACTS
    if names.within(before) != names.within(after):
        yield Change(Mark.CHANGED, after.key, wording.elsewhere(before, after, names))
    for fact in sorted((before.facts.keys() | after.facts.keys()) - told):
        old, new = before.facts.get(fact, ""), after.facts.get(fact, "")
        if old != new:
            yield Change(Mark.CHANGED, after.key, wording.changed(fact, old, new, after, names))


def _removed(part: Part, names: wording.Names) -> Change:
    return Change(Mark.REMOVED, part.key, wording.removed(part, names))


def _of_scenarios(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Change]:
    """By their names; what each expects is read on their own page."""
    for name in sorted(before.keys() | after.keys()):
        old, new = before.get(name), after.get(name)
        title = f"«{(new or old or {})['title']}»"
        if old is None:
            yield Change(Mark.ADDED, name, f"Se agrega el escenario {title}.")
        elif new is None:
            yield Change(Mark.REMOVED, name, f"Se quita el escenario {title}.")
        elif old != new:
            yield Change(Mark.CHANGED, name, f"Cambia lo que espera el escenario {title}.")
