"""The gate: what a diagram must be before it may start cases. One implementation for commands, pages and tests."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from app.domain.errors import Refusal
from app.domain.offices import Office
from app.process import engine, expressions, operations
from app.process.catalogue import DEADLINE_FUNCTIONS, FORMS
from app.process.diagrams import BPMN, BPMNDI, FLOW_NODES, Diagram

STRUCTURE = frozenset(
    f"{BPMN}{name}"
    for name in (
        "laneSet",
        "lane",
        "flowNodeRef",
        "sequenceFlow",
        "conditionExpression",
        "incoming",
        "outgoing",
        "documentation",
        "terminateEventDefinition",
        "textAnnotation",
        "text",
        "association",
    )
)
ENGLISH_ID = re.compile(r"[a-z][a-z0-9_]*\Z")


@dataclass(frozen=True)
class Finding:
    """One thing wrong: a stable code, the element, and what to do, in Spanish."""

    code: str
    element: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.element}: {self.sentence} [{self.code}]"


class Refused(Refusal):
    """The diagram has findings; the sentence lists them."""

    code = "diagram_refused"

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__("El diagrama no se puede publicar. " + " ".join(str(finding) for finding in findings))
        self.findings = findings


def require_sound(diagram: Diagram) -> None:
    """Raises Refused unless `findings` is empty."""
    found = findings(diagram)
    if found:
        raise Refused(found)


def findings(diagram: Diagram) -> list[Finding]:
    """Everything that keeps `diagram` from being published; the engine is asked only about what we understand."""
    root = etree.fromstring(diagram.xml.encode())
    found = [*_subset(root), *_names(root), *_user_tasks(diagram), *_operations(diagram), *_conditions(root, diagram)]
    found += _layout(root)
    if not found:
        try:
            engine.check(diagram.xml, diagram.process_id)
        except engine.EngineError as error:
            found.append(Finding("engine", diagram.process_id, str(error)))
    return found


def _subset(root: etree._Element) -> Iterator[Finding]:
    for node in root.iterfind(f"{BPMN}process//*"):
        name = etree.QName(node).localname
        identity = node.get("id", name)
        if node.tag not in FLOW_NODES | STRUCTURE:
            yield Finding(
                "outside_subset", identity, f"«{name}» no se admite. Use los elementos del subconjunto permitido."
            )


def _names(root: etree._Element) -> Iterator[Finding]:
    for node in _flow_nodes(root):
        identity = node.get("id", "")
        if not ENGLISH_ID.match(identity):
            yield Finding("id", identity, "El id va en inglés, con minúsculas y guion bajo, como «decide_annulment».")
        if not node.get("name", "").strip() and not etree.QName(node).localname.endswith("Gateway"):
            yield Finding("name", identity, "Falta el nombre en español. Escríbalo en el elemento.")


def _user_tasks(diagram: Diagram) -> Iterator[Finding]:
    people = frozenset(Office) - {Office.SYSTEM}
    for task in diagram.user_tasks.values():
        if task.form not in FORMS:
            yield Finding("form", task.key, f"El formulario «{task.form}» no existe. Elija uno: {', '.join(FORMS)}.")
        if task.office not in people:
            yield Finding("office", task.key, "La tarea no está en el carril de una oficina. Muévala a uno.")
        if task.deadline:
            yield from _deadline(task.key, task.deadline)


def _deadline(key: str, deadline: str) -> Iterator[Finding]:
    try:
        days = expressions.evaluate(deadline, {}, dict.fromkeys(DEADLINE_FUNCTIONS, lambda number: number))
    except (expressions.ExpressionError, TypeError) as error:
        yield Finding("deadline", key, f"El plazo no se entiende. Escríbalo como plazo_habil(10). {error}")
        return
    if not isinstance(days, int) or isinstance(days, bool) or not 1 <= days <= 365:
        yield Finding("deadline", key, "El plazo debe ser de 1 a 365 días. Escríbalo como plazo_habil(10).")


def _operations(diagram: Diagram) -> Iterator[Finding]:
    for key, name in diagram.operations.items():
        if name not in operations.OPERATIONS:
            yield Finding("operation", key, f"La operación «{name}» no existe. Elija una del catálogo.")


def _conditions(root: etree._Element, diagram: Diagram) -> Iterator[Finding]:
    declared = {
        name for task in diagram.user_tasks.values() if task.form in FORMS for name in FORMS[task.form].decisions
    }
    for node in root.iter(f"{BPMN}conditionExpression"):
        flow = node.getparent()
        identity = flow.get("id", "") if flow is not None else ""
        try:
            unknown = expressions.names_in(node.text or "") - declared
        except expressions.ExpressionError as error:
            yield Finding("condition", identity, str(error))
            continue
        if unknown:
            yield Finding(
                "condition", identity, f"La condición lee «{', '.join(sorted(unknown))}», que nadie responde."
            )


def _layout(root: etree._Element) -> Iterator[Finding]:
    drawn = {shape.get("bpmnElement") for shape in root.iter(f"{BPMNDI}BPMNShape", f"{BPMNDI}BPMNEdge")}
    for node in [*_flow_nodes(root), *root.iter(f"{BPMN}sequenceFlow"), *root.iter(f"{BPMN}lane")]:
        if node.get("id") not in drawn:
            yield Finding("layout", node.get("id", ""), "El elemento no está dibujado. Ubíquelo en el diagrama.")


def _flow_nodes(root: etree._Element) -> list[etree._Element]:
    return [node for node in root.iter() if node.tag in FLOW_NODES]
