"""What the gate finds in a draft, asked in one place for the editor, the pages and proposals."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from app.models import ProcessDraft
from app.process import calling, decision_tables, diagrams, forms, gate
from app.process.gate import Finding
from app.process.package import Package
from app.process.trials import playable


def findings(draft: ProcessDraft) -> list[Finding]:
    """Everything that keeps the draft from being proposed: its forms and tables, then its diagram, which may name them."""
    package = readable(draft)
    diagram = package.diagram
    named = {task.form: key for key, task in diagram.user_tasks.items()}
    faults, faulty = forms.readable(draft.forms)[1], decision_tables.readable(draft.decision_tables)[1]
    decided_so = {key for key, name in diagram.decisions.items() if name in faulty}
    return [
        *(Finding("form", named.get(name, diagram.process_id), fault.sentence) for name, fault in faults.items()),
        *gate.of_faulty_tables(diagram, faulty),
        # Of a table with faults it would be said that there is none.
        *(one for one in gate.findings(package) if one.code != "decision" or one.element not in decided_so),
    ]


def require_sound(draft: ProcessDraft) -> None:
    """Raises gate.Refused while there is something."""
    found = findings(draft)
    if found:
        raise gate.Refused(found)


def readable(draft: ProcessDraft) -> Package:
    """All of a draft that can be read, with what it calls as that is now.

    A form or table that cannot be is left out, and is a finding.
    """
    return Package(
        diagrams.stored(draft.xml),
        {**forms.first_versions(), **forms.readable(draft.forms)[0]},
        {**decision_tables.first_versions(), **decision_tables.readable(draft.decision_tables)[0]},
        called=calling.of_draft(draft),
    )


def preventing(draft: ProcessDraft, found: Sequence[Finding]) -> list[Finding]:
    """Which of its findings keep the draft from being tried; they would have the engine run what it could not, or must not."""
    return playable.preventing(readable(draft), found)


def as_data(finding: Finding) -> dict[str, Any]:
    """For machines; `path` is the shortest way into the trouble, empty where there is none."""
    return {"path": [], **asdict(finding)}
