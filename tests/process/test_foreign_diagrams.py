"""Diagrams as other modelling tools write them: accepted, or refused by naming what is outside the subset. Never a stack trace."""

from pathlib import Path

import pytest

from app.process import gate
from app.process.gate import Finding

FOLDER = Path(__file__).parent / "data/foreign"


def found_in(name: str) -> list[Finding]:
    return gate.findings_in_file((FOLDER / f"{name}.bpmn").read_bytes())


@pytest.mark.parametrize("name", ["bpmn_io", "modeler_with_terms"])
def test_one_with_our_words_is_accepted(name: str) -> None:
    """The first as bpmn.io writes it; the other with terms, borders and a subprocess, and what a modeler says without need."""
    assert [str(finding) for finding in found_in(name)] == []


@pytest.mark.parametrize(
    ("name", "named"),
    [
        (
            "camunda_modeler",
            {
                ("Activity_revisar", "formData"),
                ("Activity_revisar", "taskListener"),
                ("Activity_revisar", "formKey"),
                ("Activity_revisar", "candidateGroups"),
                ("Activity_emitir", "topic"),
                ("Definitions_1k2j3h4", "executionPlatform"),
                ("Flow_4", "language"),
            },
        ),
        (
            "signavio_like",
            {
                ("sid-c1", "signavioDiagramMetaData"),
                ("sid-m1", "messageFlow"),
                ("sid-task", "task"),
                ("sid-data", "dataObjectReference"),
            },
        ),
        ("bizagi_like", {("Id_main", "BizagiExtensions"), ("Id_or", "inclusiveGateway")}),
        (
            "suite_like",
            {
                ("begun", "timerEventDefinition"),
                ("each", "multiInstanceLoopCharacteristics"),
                ("again", "standardLoopCharacteristics"),
                ("until", "timeDate"),
                ("shout", "intermediateThrowEvent"),
                ("told", "escalationEventDefinition"),
                ("undone", "compensateEventDefinition"),
                ("whenever", "subProcess"),
                ("all_or_nothing", "transaction"),
                ("signal_1", "signal"),
            },
        ),
        (
            "bonita_like",
            {
                ("_script", "scriptTask"),
                ("_throw", "intermediateThrowEvent"),
                ("_defs", "import"),
            },
        ),
    ],
)
def test_what_is_outside_the_subset_is_named_with_its_element(name: str, named: set[tuple[str, str]]) -> None:
    outside = {finding for finding in found_in(name) if finding.code in ("outside_subset", "attribute")}

    assert named <= {(finding.element, finding.sentence.split("«")[1].partition("»")[0]) for finding in outside}


@pytest.mark.parametrize("name", ["camunda_modeler", "signavio_like", "bizagi_like", "bonita_like", "suite_like"])
def test_what_hangs_on_something_outside_is_not_told_again(name: str) -> None:
    told = {finding.sentence.split("«")[1].partition("»")[0] for finding in found_in(name) if "«" in finding.sentence}

    assert told.isdisjoint(
        {
            "incoming",
            "outgoing",
            "script",
            "BizagiProperty",
            "timeDuration",
            "scriptFormat",
            "timeCycle",
            "loopCardinality",
        }
    )


@pytest.mark.parametrize("name", ["two_pools", "not_executable"])
def test_a_file_without_one_executable_process_is_refused_as_such(name: str) -> None:
    (finding,) = found_in(name)

    assert finding.code == "invalid_diagram"
    assert "un proceso ejecutable" in finding.sentence
