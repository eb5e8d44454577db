"""Brings the studio's views together."""

from app.web.studio import (
    decision_machine,
    decision_try,
    decisions,
    discarded,
    draft,
    forms,
    machine,
    new_process,
    problems,
    processes,
    proposal,
    scenario_edit,
    scenarios,
    share,
    table,
    trial,
)
from app.web.studio.blueprint import machine as for_the_editor
from app.web.studio.blueprint import studio as blueprint

__all__ = [
    "blueprint",
    "decision_machine",
    "decision_try",
    "decisions",
    "discarded",
    "draft",
    "for_the_editor",
    "forms",
    "machine",
    "new_process",
    "problems",
    "processes",
    "proposal",
    "scenario_edit",
    "scenarios",
    "share",
    "table",
    "trial",
]
