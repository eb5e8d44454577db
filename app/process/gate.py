"""The gate: what a diagram must be before it may start cases. One implementation for commands, pages and tests."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from app.domain.errors import Refusal
from app.domain.offices import Office
from app.process import engine, expression_types, operations, subset
from app.process.catalogue import DEADLINE_FUNCTIONS, FORMS
from app.process.diagrams import BPMN, BPMNDI, CONSTANCIA, FLOW_NODES, Diagram
from app.process.expression_types import BOOL, DAY
from app.process.expressions import ExpressionError
from app.process.safe_xml import tree_of
from app.process.terms import term_of

PLACED = (f"{subset.DC}Bounds", f"{subset.DI}waypoint")
NUMBER = re.compile(r"-?[0-9]{1,6}(\.[0-9]{1,12})?\Z")
TERMS = ("deadline", "escalation")
EXAMPLE = "plazo_habil(10)"
ENGLISH_ID = re.compile(r"[a-z][a-z0-9_]{0,59}\Z")


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
    root = tree_of(diagram.xml)
    found = [
        *_subset(root),
        *_names(root),
        *_user_tasks(diagram),
        *_terms(root),
        *_operations(diagram),
        *_conditions(root, diagram),
    ]
    found += _layout(root)
    if not found:
        try:
            engine.check(diagram.xml, diagram.process_id)
        except engine.EngineError as error:
            found.append(Finding("engine", diagram.process_id, str(error)))
    return found


def _subset(root: etree._Element) -> Iterator[Finding]:
    for node in subset.outside(root):
        name = etree.QName(node).localname
        yield Finding(
            "outside_subset",
            node.get("id", name),
            f"«{name}» no se admite. Use los elementos del subconjunto permitido.",
        )
    for node, attribute in subset.foreign_attributes(root):
        yield Finding(
            "attribute",
            node.get("id", etree.QName(node).localname),
            f"El atributo «{attribute}» no se admite. Quítelo.",
        )


def _names(root: etree._Element) -> Iterator[Finding]:
    for node in [*root.iter(f"{BPMN}process"), *_flow_nodes(root)]:
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


def _terms(root: etree._Element) -> Iterator[Finding]:
    for node in root.iter(f"{BPMN}userTask"):
        wrong = [finding for term in TERMS for finding in _term(node, term)]
        yield from wrong or _limit(node)


def _term(node: etree._Element, term: str) -> Iterator[Finding]:
    source = node.get(f"{CONSTANCIA}{term}")
    try:
        expression_types.require(source or EXAMPLE, DAY, {}, DEADLINE_FUNCTIONS)
    except ExpressionError as error:
        yield Finding(term, node.get("id", ""), f"El plazo no se entiende. Escríbalo como {EXAMPLE}. {error}")


def _limit(node: etree._Element) -> Iterator[Finding]:
    """The national level is told after the deadline, never before."""
    deadline, limit = (term_of(node.get(f"{CONSTANCIA}{term}", "")) for term in TERMS)
    if limit is None:
        return
    if deadline is None:
        yield Finding(
            "escalation", node.get("id", ""), f"Falta el plazo que se vence antes. Agregue deadline={EXAMPLE}."
        )
    elif limit.working != deadline.working or limit.days <= deadline.days:
        sentence = "El límite va después del plazo y se cuenta en los mismos días. Escríbalo como plazo_habil(20)."
        yield Finding("escalation", node.get("id", ""), sentence)


def _operations(diagram: Diagram) -> Iterator[Finding]:
    for key, name in diagram.operations.items():
        if name not in operations.OPERATIONS:
            yield Finding("operation", key, f"La operación «{name}» no existe. Elija una del catálogo.")


def _conditions(root: etree._Element, diagram: Diagram) -> Iterator[Finding]:
    declared = {
        name: type_
        for task in diagram.user_tasks.values()
        if task.form in FORMS
        for name, type_ in FORMS[task.form].decides.items()
    }
    for node in root.iter(f"{BPMN}conditionExpression"):
        flow = node.getparent()
        identity = flow.get("id", "") if flow is not None else ""
        try:
            expression_types.require(node.text or "", BOOL, declared, {})
        except ExpressionError as error:
            yield Finding("condition", identity, str(error))


def _layout(root: etree._Element) -> Iterator[Finding]:
    drawn = {shape.get("bpmnElement") for shape in root.iter(f"{BPMNDI}BPMNShape", f"{BPMNDI}BPMNEdge")}
    for node in [*_flow_nodes(root), *root.iter(f"{BPMN}sequenceFlow"), *root.iter(f"{BPMN}lane")]:
        if node.get("id") not in drawn:
            yield Finding("layout", node.get("id", ""), "El elemento no está dibujado. Ubíquelo en el diagrama.")
    for node in root.iter(*PLACED):
        if not all(NUMBER.match(node.get(side, "0")) for side in ("x", "y", "width", "height")):
            yield Finding("layout", _drawn_by(node), "Un lugar del dibujo no es un número. Mueva el elemento y guarde.")


def _drawn_by(node: etree._Element) -> str:
    """The element that a place in the drawing belongs to."""
    drawing = (above.get("bpmnElement") for above in node.iterancestors())
    return next((identity for identity in drawing if identity), "")


def _flow_nodes(root: etree._Element) -> list[etree._Element]:
    return [node for node in root.iter() if node.tag in FLOW_NODES]
