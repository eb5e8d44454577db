"""What the editor offers to choose from while a draft is drawn, as JSON."""

from typing import Any

from flask import url_for
from sqlalchemy.orm import Session

from app.domain.offices import Office
from app.models import ProcessDraft
from app.process import forms
from app.process.catalogue import DEADLINE_FUNCTIONS, FORMS
from app.process.messages import MESSAGES
from app.process.operations import OPERATIONS
from app.process.studio.callables import callables
from app.web.studio import decision_told

EXAMPLE = "{name}(10)"


def catalogue(session: Session, draft: ProcessDraft | None) -> dict[str, Any]:
    """Everything that a diagram may name; with a draft also its own forms, and not itself to be called."""
    return {
        "operations": [
            {"name": name, "description": one.description, "reads": sorted(one.reads)}
            for name, one in OPERATIONS.items()
        ],
        "forms": _forms(draft),
        "offices": [{"id": office.value, "name": office.label} for office in Office],
        "functions": [{"name": name, "example": EXAMPLE.format(name=name)} for name in DEADLINE_FUNCTIONS],
        "decisions": decision_told.catalogue(draft) if draft else [],
        "decisions_url": _decisions_page(draft) if draft else "",
        "messages": [
            {"name": name, "title": one.title, "description": one.description} for name, one in MESSAGES.items()
        ],
        "processes": [
            {
                "id": one.process_id,
                "name": one.name,
                "errors": [{"code": error.code, "name": error.name} for error in one.errors],
            }
            for one in callables(session, draft.process_id if draft else "")
        ],
    }


def _decisions_page(draft: ProcessDraft) -> str:
    return url_for("studio.draft_decisions", process_id=draft.process_id, draft_id=draft.id)


def _forms(draft: ProcessDraft | None) -> list[dict[str, Any]]:
    own = forms.readable(draft.forms)[0] if draft else {}
    return [
        {"name": one.name, "title": one.title, "decides": {name: kind.face for name, kind in one.decides.items()}}
        for one in {**FORMS, **own}.values()
    ]
