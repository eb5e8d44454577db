"""What the editor offers and writes is what the gate takes: its lists are JavaScript's, so they are compared here."""

import json
import re
from typing import Any

import pytest

from app.process import subset
from app.process.catalogue import DEADLINE_FUNCTIONS
from app.process.diagrams import BPMN, CONSTANCIA, EVENT_DEFINITIONS, FLOW_NODES
from app.process.gate import events
from app.process.graph import BOUNDARY, CATCH
from tests.web.specimen_app import ROOT

SCRIPTS = ROOT / "frontend/scripts/studio"
OFFERED = json.loads((SCRIPTS / "subset.json").read_text(encoding="utf-8"))
NAMESPACE = json.loads((SCRIPTS / "constancia.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("offered", OFFERED, ids=lambda offered: offered["label"])
def test_the_editor_offers_nothing_that_the_gate_refuses(offered: dict[str, str]) -> None:
    element, event = tag(offered["type"]), tag(offered.get("event", ""))

    assert element in subset.CHILDREN[f"{BPMN}process"]
    assert not event or event in subset.CHILDREN[element]


def test_the_editor_offers_every_step_that_the_gate_takes() -> None:
    taken = {
        (step, event) for step in FLOW_NODES for event in (subset.CHILDREN[step] & EVENT_DEFINITIONS.keys()) | {""}
    }
    # What catches has to say what.
    taken -= {(f"{BPMN}{name}", "") for name in (CATCH, BOUNDARY)}

    assert taken == {(tag(one["type"]), tag(one.get("event", ""))) for one in OFFERED} - {(f"{BPMN}textAnnotation", "")}


@pytest.mark.parametrize("offered", [one for one in OFFERED if "hosts" in one], ids=lambda offered: offered["label"])
def test_the_editor_hangs_events_where_the_gate_lets_them(offered: dict[str, Any]) -> None:
    hosts = events.HOSTS[EVENT_DEFINITIONS[tag(offered["event"])]]

    assert {tag(host) for host in offered["hosts"]} == {f"{BPMN}{host}" for host in hosts}


def tag(name: str) -> str:
    """`bpmn:UserTask` as the file has it; empty for what is empty."""
    local = name.removeprefix("bpmn:")
    return f"{BPMN}{local[0].lower()}{local[1:]}" if local else ""


def test_the_editor_writes_the_attributes_of_our_namespace() -> None:
    written = {f"{{{NAMESPACE['uri']}}}{each['name']}" for kind in NAMESPACE["types"] for each in kind["properties"]}

    assert written <= subset.OWN_ATTRIBUTES
    assert all(name.startswith(CONSTANCIA) for name in written)


def test_the_editor_knows_the_kinds_of_deadline() -> None:
    kinds = re.findall(r'value: "(plazo_\w+)"', (SCRIPTS / "terms.js").read_text(encoding="utf-8"))

    assert set(kinds) == set(DEADLINE_FUNCTIONS)
