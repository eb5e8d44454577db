"""The decision tables of a draft: which it may name, one of them as it is written, and keeping what an analyst made of it."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.domain.errors import NotFound, Refusal
from app.domain.permissions import Actor
from app.models import ProcessDraft
from app.process import decision_tables, diagrams, dmn
from app.process.decision_tables import Tables
from app.process.dmn import Column, InvalidTable, Row, Sheet
from app.process.expression_types import Variables
from app.process.studio import drafts, forms_edit
from app.process.studio.parts import parts_of

TAKEN = "Ya hay una tabla con ese nombre. Ábrala, o elija otro nombre."
NAMED = "La decide «{task}» en el diagrama. Elija otra tabla en esa tarea y vuelva a quitarla."
FIRST = "Es una tabla de la casa y no se quita: deja de usarse si ninguna tarea la nombra."


@dataclass(frozen=True)
class Listed:
    """A table of a draft: `asked_by` are the names of the tasks that it decides for, `fault` what is wrong with it."""

    name: str
    title: str
    asked_by: tuple[str, ...]
    fault: str
    is_own: bool


def offered(draft: ProcessDraft) -> Tables:
    """What its diagram may name: its own tables, as far as they can be used, and the first versions of the others."""
    return {**decision_tables.first_versions(), **decision_tables.readable(draft.decision_tables)[0]}


def titles(draft: ProcessDraft) -> Mapping[str, str]:
    """The Spanish title of every table that its diagram may name, usable or not."""
    return {**_first_titles(), **{name: _sheet(xml).title or name for name, xml in draft.decision_tables.items()}}


def listed(draft: ProcessDraft) -> list[Listed]:
    """The tables that the diagram names, the draft carries or the house begins with."""
    known, faults = titles(draft), decision_tables.readable(draft.decision_tables)[1]
    asked = _asked(draft)
    return [
        Listed(
            name,
            title,
            tuple(asked.get(name, ())),
            faults[name].sentence if name in faults else "",
            name in draft.decision_tables,
        )
        for name, title in known.items()
    ]


def xml_of(draft: ProcessDraft, name: str) -> str:
    """The file of a table as it is stored, or of its first version. Raises NotFound."""
    if name in draft.decision_tables:
        return str(draft.decision_tables[name])
    first = decision_tables.first_versions().get(name)
    if first is None:
        raise NotFound
    return dmn.written(first)


def sheet_of(draft: ProcessDraft, name: str) -> Sheet:
    """The same, cell by cell. Raises NotFound."""
    return _sheet(xml_of(draft, name))


def declared(draft: ProcessDraft) -> Variables:
    """What a table may read: what the forms of the diagram decide, and what its tables give."""
    diagram, forms, tables = diagrams.stored(draft.xml), forms_edit.offered(draft), offered(draft)
    asked = {task.form for task in diagram.user_tasks.values()}
    found = {key: type_ for name in asked & forms.keys() for key, type_ in forms[name].decides.items()}
    for name in set(diagram.decisions.values()) & tables.keys():
        found |= dmn.gives(tables[name])
    return found


def keep(session: Session, draft: ProcessDraft, name: str, xml: str, *, version: int, actor: Actor) -> ProcessDraft:
    """The draft with this table, whatever its cells say. Raises InvalidTable for another file, and what `drafts.save` does."""
    tables = {**draft.decision_tables, name: decision_tables.canonical(name, xml.encode())}
    return drafts.save(session, draft.id, xml=draft.xml, version=version, actor=actor, decision_tables=tables)


def keep_sound(session: Session, draft: ProcessDraft, sheet: Sheet, *, version: int, actor: Actor) -> None:
    """The draft with this table. Raises InvalidTable with every fault of it, and what `drafts.save` raises."""
    keep(session, draft, sheet.name, dmn.written(dmn.table_of(sheet)), version=version, actor=actor)


def begin(session: Session, draft: ProcessDraft, name: str, title: str, *, version: int, actor: Actor) -> None:
    """A new table with one empty row. Raises Refusal for a name that is taken, InvalidTable for one that is none."""
    if name in titles(draft):
        raise Refusal(TAKEN)
    row = Row(("-",), ('"sí"',))
    # Judged with columns that are sound, so that only the name and the title can be wrong.
    dmn.table_of(Sheet(name, title, "UNIQUE", "", (Column("a", "", "string"),), (Column("b", "", "string"),), (row,)))
    empty = Column("", "", "string")
    sheet = Sheet(name, title, "UNIQUE", "", (empty,), (empty,), (Row(("-",), ("",)),))
    keep(session, draft, name, dmn.written(sheet), version=version, actor=actor)


def remove(session: Session, draft: ProcessDraft, name: str, *, version: int, actor: Actor) -> None:
    """The draft without this table. Raises Refusal while the diagram names it, and what `drafts.save` raises."""
    if name not in draft.decision_tables:
        raise Refusal(FIRST)
    if tasks := _asked(draft).get(name):
        raise Refusal(NAMED.format(task=tasks[0]))
    tables = {key: xml for key, xml in draft.decision_tables.items() if key != name}
    drafts.save(session, draft.id, xml=draft.xml, version=version, actor=actor, decision_tables=tables)


def faults_of(sheet: Sheet) -> InvalidTable | None:
    """What keeps it from being used, if anything does."""
    try:
        dmn.table_of(sheet)
    except InvalidTable as fault:
        return fault
    return None


def _sheet(xml: str) -> Sheet:
    return dmn.sheet_of(xml.encode())[0]


def _first_titles() -> Mapping[str, str]:
    return {name: table.title for name, table in decision_tables.first_versions().items()}


def _asked(draft: ProcessDraft) -> Mapping[str, list[str]]:
    parts = parts_of(draft.xml)
    found: dict[str, list[str]] = {}
    for key, name in diagrams.stored(draft.xml).decisions.items():
        found.setdefault(name, []).append(parts[key].name or key)
    return found
