"""Processes written in a few lines, as BPMN: steps by what they are, arrows as chains of steps. See `data/sketches.yaml`."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import yaml
from lxml import etree

from app.process import forms, layout
from app.process.decision_tables import Tables
from app.process.diagrams import Diagram, read
from app.process.forms import Forms
from app.process.package import Package
from app.process.safe_xml import tree_of
from tests.process import tables

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
    "fails": "endEvent",
    "waits": "intermediateCatchEvent",
    "hears": "intermediateCatchEvent",
    "on": "boundaryEvent",
    "beside": "boundaryEvent",
    "catches": "boundaryEvent",
    "user": "userTask",
    "service": "serviceTask",
    "decides": "businessRuleTask",
    "sub": "subProcess",
    "calls": "callActivity",
    "xor": "exclusiveGateway",
    "and": "parallelGateway",
}
ATTRIBUTES = {
    "user": ("constancia:form", "constancia:office", "constancia:deadline", "constancia:escalation"),
    "service": ("constancia:operation",),
    "decides": ("constancia:decision",),
    "calls": ("calledElement",),
    "on": ("attachedToRef",),
    "beside": ("attachedToRef",),
    "catches": ("attachedToRef",),
}
# What an event says is the last of its words.
SAYS = {
    "start": "message",
    "hears": "message",
    "fails": "error",
    "catches": "error",
    "waits": "timer",
    "on": "timer",
    "beside": "timer",
    "terminate": "terminate",
}
DECLARED = {"message": "name", "error": "errorCode"}

Arrow = tuple[str, str, str]
"""From where to where, and its condition."""


@dataclass(frozen=True)
class Sketch:
    """`steps`: what each is, with its form, office and terms or its operation. `arrows`: chains, then perhaps a condition.

    `on ask plazo_habil(5)` hangs on the border of `ask`, `beside ask …` does not interrupt it, `catches review lost` receives an
    error. A step `review.look` is drawn in the subprocess `review`; arrows call it `look`.

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
        words = {key: step.split() for key, step in self.steps.items()}
        process = (
            f'<process id="sketch" name="Boceto" isExecutable="true">{self._lanes()}{self._within("", flows)}</process>'
        )
        return f"{HEAD}{declared(list(words.values()))}{process}</definitions>"

    def _within(self, scope: str, flows: Mapping[str, Arrow]) -> str:
        """The steps and arrows of the process, or of a subprocess; an arrow is where the step is that it leaves."""
        places = {key.rpartition(".")[2]: key.rpartition(".")[0] for key in self.steps}
        steps = [
            _element(place, step.split(), flows, self._within)
            for place, step in self.steps.items()
            if place.rpartition(".")[0] == scope
        ]
        arrows = [
            f'<sequenceFlow id="{key}" sourceRef="{source}" targetRef="{target}">{_condition(said)}</sequenceFlow>'
            for key, (source, target, said) in flows.items()
            if places.get(source, "") == scope
        ]
        return "".join(steps + arrows)

    def _flows(self) -> dict[str, Arrow]:
        found: dict[str, Arrow] = {}
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
        for key, step in self.steps.items():
            kind, *more = step.split()
            if "." not in key:
                office = _office(kind, more)
                offices.setdefault(office, []).append(key)
        lanes = [
            f'<lane id="{office}" name="{office}">{"".join(f"<flowNodeRef>{key}</flowNodeRef>" for key in keys)}</lane>'
            for office, keys in offices.items()
            if office
        ]
        return f'<laneSet id="sketch_lanes">{"".join(lanes)}</laneSet>' if lanes else ""


def _office(kind: str, more: list[str]) -> str:
    if kind == "user":
        return more[1] if len(more) > 1 else ""
    return more[0] if kind == "sub" and more else "system"


def declared(steps: Sequence[list[str]]) -> str:
    """The messages and errors that events name, by ids made of their names."""
    named = {(SAYS[words[0]], words[-1]) for words in steps if len(words) > 1 and SAYS.get(words[0]) in DECLARED}
    return "".join(
        f'<{kind} id="{identity(kind, name)}" {DECLARED[kind]}={quoteattr(name)} />' for kind, name in sorted(named)
    )


def identity(kind: str, name: str) -> str:
    return f"{kind}_{name.replace('/', '_')}"


def _element(place: str, words: list[str], flows: Mapping[str, Arrow], within: Callable[..., str]) -> str:
    scope, _, key = place.rpartition(".")
    kind, *given = words
    tag = TAGS[kind]
    attributes = dict(zip(ATTRIBUTES.get(kind, ()), given, strict=False))
    if not scope:
        attributes.pop("constancia:office", None)
    if kind == "beside":
        attributes["cancelActivity"] = "false"
    default = next((flow for flow, (source, _, said) in flows.items() if source == key and said == DEFAULT), "")
    if default:
        attributes["default"] = default
    written = "".join(f" {name}={quoteattr(value)}" for name, value in attributes.items())
    name = "" if tag.endswith("Gateway") else f' name="{key.replace("_", " ").capitalize()}"'
    inner = within(key, flows) if kind == "sub" else _said(key, words)
    return f'<{tag} id="{key}"{name}{written}>{inner}</{tag}>'


def _said(key: str, words: list[str]) -> str:
    """What an event waits for or does, as an element."""
    kind, said = SAYS.get(words[0], ""), words[-1]
    if not kind or (words[0] == "start" and len(words) == 1):
        return ""
    reference = f' {kind}Ref="{identity(kind, said)}"' if kind in DECLARED else ""
    term = f'<timeDuration xsi:type="tFormalExpression">{escape(said)}</timeDuration>' if kind == "timer" else ""
    return f'<{kind}EventDefinition id="{key}_says"{reference}>{term}</{kind}EventDefinition>'


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
    return _sketches("good")


def _sketches(kind: str) -> dict[str, Sketch]:
    return {name: Sketch(**sketch) for name, sketch in _data()[kind].items()}


@cache
def some_called() -> dict[str, Package]:
    """Processes that others call, by their ids."""
    texts = {name: sketch.bpmn().replace('id="sketch"', f'id="{name}"') for name, sketch in _sketches("called").items()}
    return {name: Package(read(text.encode()), some_forms(), some_tables()) for name, text in texts.items()}


@cache
def some_tables() -> Tables:
    return {name: tables.described(name, **table) for name, table in _data()["tables"].items()}


def package_of(diagram: Diagram) -> Package:
    called = {name: one for name, one in some_called().items() if name in diagram.calls.values()}
    return Package(diagram, some_forms(), some_tables(), called)


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
