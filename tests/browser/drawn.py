"""What a stored diagram holds, read as its XML, and diagrams made otherwise than the editor makes them."""

from typing import Any

from lxml import etree

from app.process.diagrams import BPMN
from app.process.safe_xml import tree_of

Kind = dict[str, Any]
"""One of the kinds that `subset.json` lists."""


def down(root: etree._Element, key: str) -> tuple[float, float]:
    (shape,) = (node for node in root.iter() if node.get("bpmnElement") == key)
    y, height = (float(shape[0].get(side, "")) for side in ("y", "height"))
    return y, y + height


def without_pool(xml: str) -> str:
    """The same steps, drawn by nobody's office."""
    root = tree_of(xml)
    lanes = {str(node.get("id")) for node in root.iter(f"{BPMN}lane", f"{BPMN}participant")}
    gone = [*root.iter(f"{BPMN}collaboration", f"{BPMN}laneSet")]
    gone += [node for node in root.iter() if node.get("bpmnElement") in lanes]
    for node in gone:
        node.getparent().remove(node)  # type: ignore[union-attr]
    (plane,) = (node for node in root.iter() if str(node.tag).endswith("BPMNPlane"))
    plane.set("bpmnElement", "annulment")
    return etree.tostring(root, encoding="unicode")


def found(root: etree._Element, key: str) -> etree._Element:
    (node,) = root.xpath("//*[@id=$key]", key=key)
    assert isinstance(node, etree._Element)
    return node


def kind_of(node: etree._Element) -> tuple[str, str]:
    """The element, and what its event waits for or does."""
    definitions = [etree.QName(child).localname for child in node if str(child.tag).endswith("EventDefinition")]
    return etree.QName(node).localname, "".join(definitions)


def tag_of(kind: Kind) -> tuple[str, str]:
    names = [kind["type"], kind.get("event", "")]
    element, definition = (name[5:6].lower() + name[6:] for name in names)
    return element, definition
