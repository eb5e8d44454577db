"""What of BPMN a diagram may hold, and where: whatever is not listed here is outside, by its name or by its place."""

from collections.abc import Iterator, Mapping

from lxml import etree

from app.process.diagrams import BPMN, BPMNDI, CONSTANCIA

DC = "{http://www.omg.org/spec/DD/20100524/DC}"
DI = "{http://www.omg.org/spec/DD/20100524/DI}"
XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
COLOURS = ("{http://bpmn.io/schema/bpmn/biocolor/1.0}", "{http://www.omg.org/spec/BPMN/non-normative/color/1.0}")


def _bpmn(names: str) -> frozenset[str]:
    return frozenset(f"{BPMN}{name}" for name in names.split())


# Not yet all that `diagrams` can describe: an element comes in when its rules stand.
STEPS = _bpmn("startEvent endEvent userTask serviceTask exclusiveGateway parallelGateway")
STEP = _bpmn("incoming outgoing documentation")
CHILDREN: Mapping[str, frozenset[str]] = {
    **dict.fromkeys(STEPS, STEP),
    f"{BPMN}definitions": _bpmn("collaboration process") | {f"{BPMNDI}BPMNDiagram"},
    f"{BPMN}collaboration": _bpmn("participant documentation textAnnotation association"),
    f"{BPMN}participant": _bpmn("documentation"),
    f"{BPMN}process": _bpmn("laneSet sequenceFlow documentation textAnnotation association") | STEPS,
    f"{BPMN}laneSet": _bpmn("lane documentation"),
    f"{BPMN}lane": _bpmn("flowNodeRef documentation"),
    f"{BPMN}endEvent": STEP | _bpmn("terminateEventDefinition"),
    f"{BPMN}sequenceFlow": _bpmn("conditionExpression documentation"),
    f"{BPMN}textAnnotation": _bpmn("text documentation"),
    f"{BPMN}association": _bpmn("documentation"),
    f"{BPMNDI}BPMNDiagram": frozenset({f"{BPMNDI}BPMNPlane", f"{BPMNDI}BPMNLabelStyle"}),
    f"{BPMNDI}BPMNPlane": frozenset({f"{BPMNDI}BPMNShape", f"{BPMNDI}BPMNEdge"}),
    f"{BPMNDI}BPMNShape": frozenset({f"{DC}Bounds", f"{BPMNDI}BPMNLabel"}),
    f"{BPMNDI}BPMNEdge": frozenset({f"{DI}waypoint", f"{BPMNDI}BPMNLabel"}),
    f"{BPMNDI}BPMNLabel": frozenset({f"{DC}Bounds"}),
    f"{BPMNDI}BPMNLabelStyle": frozenset({f"{DC}Font"}),
}
ATTRIBUTES = frozenset(
    """
    id name targetNamespace exporter exporterVersion expressionLanguage typeLanguage
    processRef isExecutable processType isClosed sourceRef targetRef default gatewayDirection
    textFormat associationDirection bpmnElement isHorizontal isExpanded isMarkerVisible isMessageVisible
    labelStyle resolution x y width height size isBold isItalic isUnderline isStrikeThrough
    """.split()  # noqa: SIM905
)
OWN_ATTRIBUTES = frozenset(f"{CONSTANCIA}{name}" for name in ("form", "operation", "deadline", "escalation"))
FOREIGN_ATTRIBUTES = frozenset(f"{XSI}{name}" for name in ("type", "schemaLocation"))
# What other tools write out though it says nothing.
SAYS_NOTHING = frozenset(
    {("startQuantity", "1"), ("completionQuantity", "1"), ("isForCompensation", "false"), ("isImmediate", "true")}
)


def outside(root: etree._Element) -> list[etree._Element]:
    """The elements that are not of the subset, or not where they belong, in the order of the file."""
    return [node for node in root.iter(etree.Element) if not _belongs(node)]


def _belongs(node: etree._Element) -> bool:
    parent = node.getparent()
    if parent is None:
        return node.tag == f"{BPMN}definitions"
    return node.tag in CHILDREN.get(str(parent.tag), ())


def foreign_attributes(root: etree._Element) -> Iterator[tuple[etree._Element, str]]:
    """Attributes that say something we would not do, with their element: another engine might."""
    known = ATTRIBUTES | OWN_ATTRIBUTES | FOREIGN_ATTRIBUTES
    for node in root.iter(etree.Element):
        for name, value in ((str(name), str(value)) for name, value in node.items()):
            if name not in known and (name, value) not in SAYS_NOTHING and not name.startswith(COLOURS):
                yield node, etree.QName(name).localname
