"""What the gate finds in a draft, asked in one place for the editor, the pages and proposals."""

from dataclasses import asdict
from typing import Any

from app.models import ProcessDraft
from app.process import diagrams, forms, gate
from app.process.gate import Finding
from app.process.package import Package


def findings(draft: ProcessDraft) -> list[Finding]:
    """Everything that keeps the draft from being proposed: its forms, then its diagram, which may name them."""
    diagram = diagrams.stored(draft.xml)
    named = {task.form: key for key, task in diagram.user_tasks.items()}
    found, faults = forms.readable(draft.forms)
    return [
        *(Finding("form", named.get(name, diagram.process_id), fault.sentence) for name, fault in faults.items()),
        *gate.findings(Package(diagram, {**forms.first_versions(), **found})),
    ]


def require_sound(draft: ProcessDraft) -> None:
    """Raises gate.Refused while there is something."""
    found = findings(draft)
    if found:
        raise gate.Refused(found)


def as_data(finding: Finding) -> dict[str, Any]:
    """For machines; `path` is the shortest way into the trouble, empty where there is none."""
    return {"path": [], **asdict(finding)}
