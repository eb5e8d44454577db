"""What of BPMN a diagram may hold, and where: whatever is not listed here is outside, by its name or by its place."""

from collections.abc import Iterator, Mapping

from lxml import etree

from app.process.diagrams import BPMN, BPMNDI, CONSTANCIA, FLOW_NODES

DC = "{http://www.omg.org/spec/DD/20100524/DC}"
DI = "{http://www.omg.org/spec/DD/20100524/DI}"
XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
COLOURS = ("{http://bpmn.io/schema/bpmn/biocolor/1.0}", "{http://www.omg.org/spec/BPMN/non-normative/color/1.0}")


def _bpmn(names: str) -> frozenset[str]:
    return frozenset(f"{BPMN}{name}" for name in names.split())


STEP = _bpmn("incoming outgoing documentation")
DRAWN_BESIDE = _bpmn("sequenceFlow documentation textAnnotation association")
CHILDREN: Mapping[str, frozenset[str]] = {
    **dict.fromkeys(FLOW_NODES, STEP),
    f"{BPMN}definitions": _bpmn("collaboration process message error") | {f"{BPMNDI}BPMNDiagram"},
    f"{BPMN}message": _bpmn("documentation"),
    f"{BPMN}error": _bpmn("documentation"),
    f"{BPMN}collaboration": _bpmn("participant documentation textAnnotation association"),
    f"{BPMN}participant": _bpmn("documentation"),
    f"{BPMN}process": DRAWN_BESIDE | _bpmn("laneSet") | FLOW_NODES,
    f"{BPMN}subProcess": DRAWN_BESIDE | STEP | FLOW_NODES,
    f"{BPMN}startEvent": STEP | _bpmn("messageEventDefinition"),
    f"{BPMN}intermediateCatchEvent": STEP | _bpmn("timerEventDefinition messageEventDefinition"),
    f"{BPMN}boundaryEvent": STEP | _bpmn("timerEventDefinition errorEventDefinition"),
    f"{BPMN}endEvent": STEP | _bpmn("terminateEventDefinition errorEventDefinition"),
    f"{BPMN}timerEventDefinition": _bpmn("timeDuration"),
    f"{BPMN}laneSet": _bpmn("lane documentation"),
    f"{BPMN}lane": _bpmn("flowNodeRef documentation"),
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
OWN_ATTRIBUTES = frozenset(
    f"{CONSTANCIA}{name}" for name in ("form", "operation", "deadline", "escalation", "office", "decision")
)
FOREIGN_ATTRIBUTES = frozenset(f"{XSI}{name}" for name in ("type", "schemaLocation"))
KNOWN_ATTRIBUTES = ATTRIBUTES | OWN_ATTRIBUTES | FOREIGN_ATTRIBUTES
# What would say nothing anywhere else.
ONLY_ON: Mapping[str, str] = {
    "attachedToRef": f"{BPMN}boundaryEvent",
    "cancelActivity": f"{BPMN}boundaryEvent",
    "calledElement": f"{BPMN}callActivity",
    "errorCode": f"{BPMN}error",
    "errorRef": f"{BPMN}errorEventDefinition",
    "messageRef": f"{BPMN}messageEventDefinition",
    f"{CONSTANCIA}decision": f"{BPMN}businessRuleTask",
}
# What other tools write out though it says nothing.
SAYS_NOTHING = frozenset(
    {
        ("startQuantity", "1"),
        ("completionQuantity", "1"),
        ("isForCompensation", "false"),
        ("isImmediate", "true"),
        ("triggeredByEvent", "false"),
        ("isInterrupting", "true"),
        ("parallelMultiple", "false"),
        ("implementation", "##unspecified"),
    }
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
    for node in root.iter(etree.Element):
        for name, value in ((str(name), str(value)) for name, value in node.items()):
            if not _is_known(node, name) and (name, value) not in SAYS_NOTHING and not name.startswith(COLOURS):
                yield node, etree.QName(name).localname


def _is_known(node: etree._Element, name: str) -> bool:
    if name == f"{CONSTANCIA}office":
        # Elsewhere the lane says whose the task is.
        return node.tag == f"{BPMN}userTask" and next(node.iterancestors(f"{BPMN}subProcess"), None) is not None
    if name in ONLY_ON:
        return node.tag == ONLY_ON[name]
    return name in KNOWN_ATTRIBUTES
