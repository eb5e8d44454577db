"""Making a lane for an office that has none, so that steps can be given to it."""

from collections.abc import Container

from lxml import etree

from app.domain.errors import Refusal
from app.domain.offices import Office
from app.process.diagrams import BPMN
from app.process.safe_xml import tree_of
from app.process.studio import layout_edit


def missing(lanes: Container[str]) -> list[Office]:
    """The offices that have no lane yet, of `lanes` by their ids."""
    return [office for office in Office if office.value not in lanes]


def with_lane(xml: str, office: str) -> str:
    """The text with a lane for an office, drawn below the others. Raises Refusal for one that there is or that nobody holds."""
    root = tree_of(xml)
    lanes = [lane.get("id", "") for lane in root.iter(f"{BPMN}lane")]
    if office not in set(Office) or office in lanes:
        raise Refusal("Esa oficina ya tiene carril o no existe. Elija otra de la lista.")
    process = next(one for one in root.iter(f"{BPMN}process") if one.get("isExecutable") == "true")
    holder = process.find(f"{BPMN}laneSet")
    if holder is None:
        holder = etree.Element(f"{BPMN}laneSet", {"id": f"{process.get('id')}_lanes"})
        process.insert(0, holder)
    etree.SubElement(holder, f"{BPMN}lane", {"id": office, "name": Office(office).label})
    layout_edit.add_lane(root, office, lanes)
    return etree.tostring(root, encoding="unicode")
