"""What the editor offers and writes is what the gate takes: its lists are JavaScript's, so they are compared here."""

import json
import re

import pytest

from app.process import subset
from app.process.catalogue import DEADLINE_FUNCTIONS
from app.process.diagrams import BPMN, CONSTANCIA
from tests.web.specimen_app import ROOT

SCRIPTS = ROOT / "frontend/scripts/studio"
OFFERED = json.loads((SCRIPTS / "subset.json").read_text(encoding="utf-8"))
NAMESPACE = json.loads((SCRIPTS / "constancia.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("offered", OFFERED, ids=lambda offered: offered["type"])
def test_the_editor_offers_nothing_that_the_gate_refuses(offered: dict[str, str]) -> None:
    name = offered["type"].removeprefix("bpmn:")

    assert f"{BPMN}{name[0].lower()}{name[1:]}" in subset.CHILDREN[f"{BPMN}process"]


def test_the_editor_writes_the_attributes_of_our_namespace() -> None:
    written = {f"{{{NAMESPACE['uri']}}}{each['name']}" for kind in NAMESPACE["types"] for each in kind["properties"]}

    assert written <= subset.OWN_ATTRIBUTES
    assert all(name.startswith(CONSTANCIA) for name in written)


def test_the_editor_knows_the_kinds_of_deadline() -> None:
    kinds = re.findall(r'value: "(plazo_\w+)"', (SCRIPTS / "terms.js").read_text(encoding="utf-8"))

    assert set(kinds) == set(DEADLINE_FUNCTIONS)
