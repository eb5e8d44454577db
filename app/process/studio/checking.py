"""What the gate finds in a draft, asked in one place for the editor, the pages and proposals."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from app.models import ProcessDraft
from app.process import diagrams, forms, gate
from app.process.gate import Finding
from app.process.package import Package
from app.process.trials import playable


def findings(draft: ProcessDraft) -> list[Finding]:
    """Everything that keeps the draft from being proposed: its forms, then its diagram, which may name them."""
    package = readable(draft)
    diagram = package.diagram
    named = {task.form: key for key, task in diagram.user_tasks.items()}
    faults = forms.readable(draft.forms)[1]
    return [
        *(Finding("form", named.get(name, diagram.process_id), fault.sentence) for name, fault in faults.items()),
        *gate.findings(package),
    ]


def require_sound(draft: ProcessDraft) -> None:
    """Raises gate.Refused while there is something."""
    found = findings(draft)
    if found:
        raise gate.Refused(found)


def readable(draft: ProcessDraft) -> Package:
    """All of a draft that can be read; a form that cannot is left out, and is a finding."""
    return Package(diagrams.stored(draft.xml), {**forms.first_versions(), **forms.readable(draft.forms)[0]})


def preventing(draft: ProcessDraft, found: Sequence[Finding]) -> list[Finding]:
    """Which of its findings keep the draft from being tried; they would have the engine run what it could not, or must not."""
    return playable.preventing(readable(draft), found)


def as_data(finding: Finding) -> dict[str, Any]:
    """For machines; `path` is the shortest way into the trouble, empty where there is none."""
    return {"path": [], **asdict(finding)}
