"""A process that nobody has drawn yet: a beginning, an end and an office, from which an analyst goes on."""

from lxml import etree
from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from app.domain.errors import Refusal
from app.domain.offices import Office
from app.domain.permissions import Actor
from app.models import DraftStatus, ProcessDefinition, ProcessDraft
from app.process.diagrams import BPMN
from app.process.gate import ENGLISH_ID
from app.process.studio import drafts

LONGEST_NAME = 120
# Parts of the addresses beside those of the processes.
RESERVED = frozenset({"nuevo", "archivo", "cobertura", "descartados"})


def start(session: Session, process_id: str, name: str, actor: Actor) -> ProcessDraft:
    """The draft of a new process. Raises Refusal for an id that is none or is taken."""
    if not ENGLISH_ID.match(process_id) or process_id in RESERVED:
        raise Refusal("El id va en inglés, con minúsculas y guion bajo, como «second_review». Corríjalo.")
    if _is_taken(session, process_id):
        raise Refusal(f"Ya hay un proceso «{process_id}». Elija otro id, o ábralo en la lista.")
    return drafts.start_from_file(session, drawn(process_id, name), actor)


def _is_taken(session: Session, process_id: str) -> bool:
    published = exists().where(ProcessDefinition.process_id == process_id)
    begun = exists().where(ProcessDraft.process_id == process_id, ProcessDraft.status != DraftStatus.DISCARDED)
    return bool(session.scalar(select(published | begun)))


def drawn(process_id: str, name: str) -> bytes:
    """Its text, without a drawing: whoever begins a draft of it draws it."""
    root = etree.Element(f"{BPMN}definitions", nsmap={None: BPMN.strip("{}")})
    root.set("targetNamespace", "urn:constancia:bpmn")
    pool = {"id": f"{process_id}_pool"[:60], "name": name, "processRef": process_id}
    etree.SubElement(etree.SubElement(root, f"{BPMN}collaboration", id="collaboration"), f"{BPMN}participant", pool)
    process = etree.SubElement(root, f"{BPMN}process", {"id": process_id, "name": name, "isExecutable": "true"})
    lanes = etree.SubElement(process, f"{BPMN}laneSet", id="lanes")
    for office in (Office.PROVIDER, Office.REGIONAL_DIRECTION, Office.SYSTEM):
        etree.SubElement(lanes, f"{BPMN}lane", {"id": office.value, "name": office.label})
    for key in ("begins", "ends"):
        etree.SubElement(lanes[0], f"{BPMN}flowNodeRef").text = key
    etree.SubElement(process, f"{BPMN}startEvent", {"id": "begins", "name": "Comienza"})
    etree.SubElement(process, f"{BPMN}endEvent", {"id": "ends", "name": "Termina"})
    etree.SubElement(process, f"{BPMN}sequenceFlow", {"id": "begun", "sourceRef": "begins", "targetRef": "ends"})
    return etree.tostring(root)
