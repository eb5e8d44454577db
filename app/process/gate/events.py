"""Rules on events: each says one thing that it waits for or does, hangs where it may, and names what there is."""

import re
from collections.abc import Iterator, Mapping

from lxml import etree

from app.process import diagrams, expression_types
from app.process.catalogue import DEADLINE_FUNCTIONS
from app.process.diagrams import BPMN, EVENT_DEFINITIONS, FLOW_NODES
from app.process.expression_types import DAY
from app.process.expressions import ExpressionError
from app.process.gate.finding import Finding
from app.process.gate.scopes import Scopes
from app.process.graph import BOUNDARY, CALL, CATCH, END, START, SUBPROCESS, USER, Node
from app.process.messages import MESSAGES
from app.process.subset import CHILDREN

EXAMPLE = "plazo_habil(10)"
ERROR_CODE = re.compile(r"[a-z][a-z0-9_]{0,59}\Z")
EVENTS = (START, END, CATCH, BOUNDARY)
HOSTS: Mapping[str, tuple[str, ...]] = {"timer": (USER, SUBPROCESS, CALL), "error": (SUBPROCESS, CALL)}
WAITS = {CATCH: "un plazo o un mensaje", BOUNDARY: "un plazo o un error"}
ON_BORDERS = {
    "timer": "Un plazo va en el borde de una tarea de una persona, de un subproceso o de una llamada. Muévalo a uno.",
    "error": "Un error va en el borde de un subproceso o de una llamada. Muévalo a uno.",
}


def findings(root: etree._Element, scopes: Scopes) -> Iterator[Finding]:
    codes = error_codes(root)
    for element in root.iter(*FLOW_NODES):
        key = element.get("id", "")
        node = scopes.node(key) if key in scopes.around else None
        if node is None or node.kind not in EVENTS:
            continue
        definitions = [child for child in element if child.tag in EVENT_DEFINITIONS]
        # What is outside the subset is told as that, and nothing more is known of the event.
        if any(child.tag not in CHILDREN[str(element.tag)] for child in element):
            continue
        if len(definitions) > 1:
            yield Finding("event", key, "El evento dice dos cosas a la vez. Deje una.")
        elif not definitions and node.kind in WAITS:
            yield Finding("event", key, f"El evento no dice qué espera. Elija {WAITS[node.kind]}.")
        elif definitions:
            yield from _defined(node, definitions[0], root, scopes, codes)
        if node.kind == BOUNDARY:
            yield from _hanging(node, scopes)
    yield from _caught_twice(scopes, codes)


def error_codes(root: etree._Element) -> Mapping[str, str]:
    """The code of each end that is an error and of each event that catches one; empty where none is declared."""
    declared = diagrams.named(root, "error", "errorCode")
    return {
        node.get("id", ""): declared.get(definition.get("errorRef", ""), "")
        for node in root.iter(f"{BPMN}{END}", f"{BPMN}{BOUNDARY}")
        for definition in node.iterchildren(f"{BPMN}errorEventDefinition")
    }


def _defined(
    node: Node, definition: etree._Element, root: etree._Element, scopes: Scopes, codes: Mapping[str, str]
) -> Iterator[Finding]:
    match node.event:
        case "timer":
            yield from _timer(node, definition)
        case "error" if not ERROR_CODE.match(codes.get(node.key, "")):
            sentence = "El error no tiene código, o no sirve. Escríbalo en inglés, como «not_found»."
            yield Finding("event", node.key, sentence)
        case "message" if node.kind == START and scopes.around[node.key] != scopes.process:
            yield Finding("event", node.key, "Un subproceso no parte con un mensaje. Deje su inicio simple.")
        case "message":
            name = diagrams.named(root, "message", "name").get(definition.get("messageRef", ""), "")
            if name not in MESSAGES:
                sentence = f"El mensaje «{name}» no existe. Elija uno: {', '.join(MESSAGES)}."
                yield Finding("event", node.key, sentence)


def _timer(node: Node, definition: etree._Element) -> Iterator[Finding]:
    source = (definition.findtext(f"{BPMN}timeDuration") or "").strip()
    try:
        expression_types.require(source, DAY, {}, DEADLINE_FUNCTIONS)
    except ExpressionError as error:
        yield Finding("event", node.key, f"El plazo no se entiende. Escríbalo como {EXAMPLE}. {error}")


def _hanging(node: Node, scopes: Scopes) -> Iterator[Finding]:
    steps = scopes.graphs[scopes.around[node.key]].nodes
    if node.host not in steps:
        yield Finding("event", node.key, "El evento no está en el borde de un paso. Ubíquelo en el de uno.")
    elif node.event in HOSTS and steps[node.host].kind not in HOSTS[node.event]:
        yield Finding("event", node.key, ON_BORDERS[node.event])
    elif node.event == "error" and not node.is_interrupting:
        yield Finding("event", node.key, "Un error siempre interrumpe. Dibuje el evento con línea entera.")


def _caught_twice(scopes: Scopes, codes: Mapping[str, str]) -> Iterator[Finding]:
    for graph in scopes.graphs.values():
        for on in graph.boundaries.values():
            seen: set[str] = set()
            for node in (node for node in on if node.event == "error"):
                if codes[node.key] in seen:
                    yield Finding("event", node.key, "Otro evento del mismo borde ya recibe este error. Deje uno.")
                seen.add(codes[node.key])
