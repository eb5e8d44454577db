"""Diagrams that try to run something, and what tells whether anything ran."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import yaml

DATA = Path(__file__).with_name("data")
# Python of every place at once: an expression that says where it was, whatever it is then compared with.
PYTHON = "constancia_canary()"
HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:constancia="urn:constancia:bpmn"
             xmlns:spiff="http://spiffworkflow.org/bpmn/schema/1.0/core" xmlns:camunda="http://camunda.org/schema/1.0/bpmn"
             id="drawn_definitions" targetNamespace="urn:constancia:bpmn">
"""
ASK = '<userTask id="ask" name="ask" constancia:form="annulment_decision" />'
TABLE = """<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="tables" name="tables" namespace="urn:x">
<decision id="table" name="table"><decisionTable id="rows">
<input id="i1" label="in"><inputExpression id="e1"><text>{input}</text></inputExpression></input>
<output id="o1" label="out" name="out" /><rule id="r1"><inputEntry id="c1"><text>{entry}</text></inputEntry>
<outputEntry id="c2"><text>{output}</text></outputEntry></rule></decisionTable></decision></definitions>"""
WATCHED = ("os.system", "os.exec", "os.posix_spawn", "subprocess.Popen", "os.fork", "os.putenv", "socket.connect")


@dataclass(frozen=True)
class Place:
    """Where a diagram could carry something to run; the keys of `places.yaml`."""

    finding: str
    here: str = '<userTask id="here" name="here" constancia:form="annulment_decision" />'
    runs: bool = False
    dialect: str = "bpmn"
    begin: str = '<startEvent id="begin" name="begin" />'
    end: str = '<endEvent id="done" name="done" />'
    beside: str = ""
    outside: str = ""
    way_out: str = ""
    table: dict[str, str] = field(default_factory=dict)

    def drawn(self, payload: str) -> str:
        """A question, the place, the end."""
        condition = f"<conditionExpression>{self.way_out}</conditionExpression>" if self.way_out else ""
        flows = (
            '<sequenceFlow id="f1" sourceRef="begin" targetRef="ask" />'
            '<sequenceFlow id="f2" sourceRef="ask" targetRef="here" />'
            f'<sequenceFlow id="f3" sourceRef="here" targetRef="done">{condition}</sequenceFlow>'
        )
        process = f'<process id="drawn" isExecutable="true">{self.begin}{ASK}{self.here}{self.end}{self.beside}{flows}</process>'
        text = HEAD + self.outside + process + "</definitions>"
        return text.replace('"PAYLOAD"', quoteattr(payload)).replace("PAYLOAD", escape(payload, {'"': "&quot;"}))

    def decided(self, payload: str) -> str:
        cells = {key: escape(cell.replace("PAYLOAD", payload)) for key, cell in self.table.items()}
        return TABLE.format(**cells) if cells else ""


@cache
def places() -> dict[str, Place]:
    read: dict[str, dict[str, Any]] = yaml.safe_load((DATA / "places.yaml").read_text(encoding="utf-8"))
    return {name: Place(**described) for name, described in read.items()}


@cache
def sources() -> dict[str, str]:
    read: dict[str, str] = yaml.safe_load((DATA / "escapes.yaml").read_text(encoding="utf-8"))
    return read


class Traces:
    """What ran while we watched: Python compiled from a text, processes, connections, files opened to be written."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self._watching = False
        sys.addaudithook(self._hear)

    @contextmanager
    def watched(self) -> Iterator[list[str]]:
        self.seen = []
        self._watching = True
        try:
            yield self.seen
        finally:
            self._watching = False

    def _hear(self, event: str, arguments: tuple[Any, ...]) -> None:
        if not self._watching:
            return
        if event == "exec" and getattr(arguments[0], "co_filename", "") == "<string>":
            self.seen.append(f"ran {arguments[0].co_names}")
        elif event in WATCHED or (
            event == "open" and isinstance(arguments[1], str) and set(arguments[1]) & set("wax+")
        ):
            self.seen.append(event)


@cache
def traces() -> Traces:
    # A hook of the interpreter stays until its end, so that there is one.
    return Traces()
