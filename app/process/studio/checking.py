"""What the gate finds in a draft, asked in one place for the editor, the pages and proposals."""

from dataclasses import asdict
from typing import Any

from app.models import ProcessDraft
from app.process import diagrams, gate
from app.process.gate import Finding


def findings(draft: ProcessDraft) -> list[Finding]:
    """Everything that keeps the draft from being proposed."""
    return gate.findings(diagrams.stored(draft.xml))


def as_data(finding: Finding) -> dict[str, Any]:
    """For machines; `path` is the shortest way into the trouble, empty where there is none."""
    return {"path": [], **asdict(finding)}
