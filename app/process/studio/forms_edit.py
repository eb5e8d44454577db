"""The forms of a draft: which it may name, one of them as data, and keeping what an analyst made of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from app.domain import form_writing
from app.domain.errors import NotFound, Refusal
from app.domain.permissions import Actor
from app.models import ProcessDraft
from app.process import diagrams, forms
from app.process.forms import Forms
from app.process.studio import drafts

EMPTY = {"fields": [], "button": "Enviar"}
TAKEN = "Ya hay un formulario con ese nombre. Ábralo, o elija otro nombre."


@dataclass(frozen=True)
class Listed:
    """A form of a draft: `asked_by` are the names of the tasks that ask it, `fault` what is wrong with it."""

    name: str
    title: str
    asked_by: tuple[str, ...]
    fault: str


def offered(draft: ProcessDraft) -> Forms:
    """What its diagram may name: its own forms, as far as they can be used, and the first versions of the others."""
    return {**forms.first_versions(), **forms.readable(draft.forms)[0]}


def listed(draft: ProcessDraft) -> list[Listed]:
    """The forms that the diagram names or the draft carries."""
    found, faults = forms.readable(draft.forms)
    known = {**forms.first_versions(), **found}
    asked: dict[str, list[str]] = {name: [] for name in draft.forms}
    for task in diagrams.stored(draft.xml).user_tasks.values():
        asked.setdefault(task.form, []).append(task.name)
    return [
        Listed(
            name,
            known[name].title if name in known else name,
            tuple(tasks),
            faults[name].sentence if name in faults else "",
        )
        for name, tasks in asked.items()
        if name in known or name in faults
    ]


def data_of(draft: ProcessDraft, name: str) -> Mapping[str, Any]:
    """A form as it is stored, or its first version. Raises NotFound."""
    if name in draft.forms:
        found = draft.forms[name]
        return found if isinstance(found, dict) else {}
    first = forms.first_versions().get(name)
    if first is None:
        raise NotFound
    return form_writing.written(first.definition)


def keep(
    session: Session, draft: ProcessDraft, name: str, data: Mapping[str, Any], *, version: int, actor: Actor
) -> None:
    """The draft with this form. Raises InvalidForm, and what `drafts.save` raises."""
    written = form_writing.written(forms.spec(name, data).definition)
    drafts.save(session, draft.id, xml=draft.xml, version=version, actor=actor, forms={**draft.forms, name: written})


def begin(session: Session, draft: ProcessDraft, name: str, title: str, *, version: int, actor: Actor) -> None:
    """A new form that asks nothing yet. Raises Refusal for a name that is taken, and what `keep` raises."""
    if name in offered(draft) or name in draft.forms:
        raise Refusal(TAKEN)
    keep(session, draft, name, {"title": title, **EMPTY}, version=version, actor=actor)
