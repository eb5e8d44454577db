"""Which findings keep a diagram from being tried: all those with which the engine could not play it, or must not."""

from collections.abc import Sequence

from app.process import engine
from app.process.gate import Finding
from app.process.package import Package

PLAYABLE = frozenset(
    """
    id name type_clash operation reference unreachable endless_loop condition_place no_answer overlap never_taken undecided
    missing_answer answered_twice early_end not_decided decision_incomplete decision_overlap decision_never
    """.split()  # noqa: SIM905
)
"""With these the trial shows the trouble itself, or it is no trouble of the way a case goes. What is not here prevents it."""


def preventing(package: Package, findings: Sequence[Finding]) -> list[Finding]:
    """Those for which it is not tried; empty where it can be."""
    # What has no id cannot be played at all.
    found = [finding for finding in findings if finding.code not in PLAYABLE or not finding.element]
    if found or not findings:
        return found
    # The gate asks the engine only about what it understands.
    try:
        engine.check(package.program)
    except engine.EngineError as error:
        return [Finding("engine", package.diagram.process_id, str(error))]
    return []
