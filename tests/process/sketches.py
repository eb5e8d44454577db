"""Processes written in a few lines, as BPMN: steps by what they are, arrows as chains of steps. See `data/sketches.yaml`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import yaml
from lxml import etree

from app.process import forms, layout
from app.process.diagrams import Diagram, read
from app.process.forms import Forms
from app.process.safe_xml import tree_of

DATA = Path(__file__).parent / "data"
DEFAULT = "otherwise"
HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
 xmlns:constancia="urn:constancia:bpmn" id="sketch_definitions"
 targetNamespace="urn:constancia:bpmn">
"""
TAGS = {
    "start": "startEvent",
    "end": "endEvent",
    "terminate": "endEvent",
    "user": "userTask",
    "service": "serviceTask",
    "xor": "exclusiveGateway",
    "and": "parallelGateway",
}
ATTRIBUTES = {"user": ("form", "office", "deadline", "escalation"), "service": ("operation",)}


@dataclass(frozen=True)
class Sketch:
    """`steps`: what each is, with its form, office and terms or its operation. `arrows`: chains, then perhaps a condition.

    An arrow's id is the two steps it joins: `decide__is_granted`. `texts` are replaced in the BPMN once it is written.
    """

    steps: Mapping[str, str]
    arrows: Sequence[str]
    without: Sequence[str] = ()
    texts: Mapping[str, str] = field(default_factory=dict)

    def changed(
        self,
        *,
        steps: Mapping[str, str] | None = None,
        arrows: Sequence[str] = (),
        without: Sequence[str] = (),
        texts: Mapping[str, str] | None = None,
    ) -> "Sketch":
        kept = {key: step for key, step in {**self.steps, **(steps or {})}.items() if step}
        return Sketch(kept, [*self.arrows, *arrows], [*self.without, *without], texts or {})

    def bpmn(self) -> str:
        """The process with its drawing."""
        root = tree_of(self._process())
        layout.draw(root)
        text = etree.tostring(root, encoding="unicode")
        for old, new in self.texts.items():
            assert old in text, f"{old!r} is not there to be replaced"
            text = text.replace(old, new)
        return text

    def read(self) -> Diagram:
        return read(self.bpmn().encode())

    def _process(self) -> str:
        flows = self._flows()
        steps = [_element(key, words.split(), flows) for key, words in self.steps.items()]
        lanes = self._lanes()
        arrows = [
            f'<sequenceFlow id="{key}" sourceRef="{source}" targetRef="{target}">{_condition(said)}</sequenceFlow>'
            for key, (source, target, said) in flows.items()
        ]
        process = f'<process id="sketch" name="Boceto" isExecutable="true">{lanes}{"".join(steps + arrows)}</process>'
        return f"{HEAD}{process}</definitions>"

    def _flows(self) -> dict[str, tuple[str, str, str]]:
        found: dict[str, tuple[str, str, str]] = {}
        for chain in self.arrows:
            way, _, said = chain.partition(" : ")
            steps = way.split()
            for source, target in pairwise(steps):
                key = f"{source}__{target}"
                while key in found:
                    key += "_"
                found[key] = source, target, said.strip()
        return {key: flow for key, flow in found.items() if key not in self.without}

    def _lanes(self) -> str:
        offices: dict[str, list[str]] = {}
        for key, words in self.steps.items():
            kind, *more = words.split()
            office = more[1] if kind == "user" and len(more) > 1 else "" if kind == "user" else "system"
            offices.setdefault(office, []).append(key)
        lanes = [
            f'<lane id="{office}" name="{office}">{"".join(f"<flowNodeRef>{key}</flowNodeRef>" for key in keys)}</lane>'
            for office, keys in offices.items()
            if office
        ]
        return f'<laneSet id="sketch_lanes">{"".join(lanes)}</laneSet>' if lanes else ""


def _element(key: str, words: list[str], flows: Mapping[str, tuple[str, str, str]]) -> str:
    kind, *given = words
    tag = TAGS[kind]
    attributes = {f"constancia:{name}": value for name, value in zip(ATTRIBUTES.get(kind, ()), given, strict=False)}
    attributes.pop("constancia:office", None)
    default = next((flow for flow, (source, _, said) in flows.items() if source == key and said == DEFAULT), "")
    if default:
        attributes["default"] = default
    written = "".join(f" {name}={quoteattr(value)}" for name, value in attributes.items())
    name = "" if tag.endswith("Gateway") else f' name="{key.replace("_", " ").capitalize()}"'
    inner = f'<terminateEventDefinition id="{key}_all" />' if kind == "terminate" else ""
    return f'<{tag} id="{key}"{name}{written}>{inner}</{tag}>'


def _condition(said: str) -> str:
    if not said or said == DEFAULT:
        return ""
    return f'<conditionExpression xsi:type="tFormalExpression">{escape(said)}</conditionExpression>'


@cache
def _data() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((DATA / "sketches.yaml").read_text(encoding="utf-8"))
    return found


@cache
def some_forms() -> Forms:
    """The forms of the house, and others that ask for numbers, days and choices."""
    return {**forms.first_versions(), **{name: forms.spec(name, form) for name, form in _data()["forms"].items()}}


@cache
def good() -> dict[str, Sketch]:
    return {name: Sketch(**sketch) for name, sketch in _data()["good"].items()}


@dataclass(frozen=True)
class Faulty:
    """A good one changed for the worse, and all that the gate finds in it: a code and an element each."""

    name: str
    sketch: Sketch
    finds: tuple[str, ...]


@cache
def faulty() -> list[Faulty]:
    found = []
    for number, described in enumerate(_data()["faulty"]):
        changes = {key: value for key, value in described.items() if key not in ("of", "finds")}
        sketch = good()[described["of"]].changed(**changes)
        found.append(Faulty(f"{number:03}-{described['of']}", sketch, tuple(described["finds"])))
    return found
