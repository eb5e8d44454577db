"""Processes that wait: an annulment with terms of its own around the decision, one that a fact wakes, one that a fact begins."""

import re
from collections.abc import Sequence
from typing import Any

from lxml import etree
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import AwaitedEvent, HumanTask, ProcessDefinition, ProcessInstance
from app.process import definitions, diagrams, layout
from app.process.definitions import Signed
from app.process.diagrams import Diagram
from tests.factories import PersonFactory
from tests.support.second_review import REVIEW

PAUSE, SOON, LATE = "wait_five_days", "soon_late", "too_late"
CALL = "call_direction"
FORMS: dict[str, Any] = {"direction_call": REVIEW}
TIMER = '<timerEventDefinition><timeDuration xsi:type="tFormalExpression">{}</timeDuration></timerEventDefinition>'
STEPS = f"""
    <intermediateCatchEvent id="{PAUSE}" name="Esperar antecedentes">{TIMER.format("plazo_habil(5)")}</intermediateCatchEvent>
    <boundaryEvent id="{SOON}" name="A mitad del plazo" attachedToRef="decide_annulment" cancelActivity="false">
      {TIMER.format("plazo_habil(7)")}
    </boundaryEvent>
    <boundaryEvent id="{LATE}" name="Sin resolver" attachedToRef="decide_annulment" cancelActivity="true">
      {TIMER.format("plazo_habil(30)")}
    </boundaryEvent>
    <userTask id="{CALL}" name="Llamar a la Dirección Regional" constancia:form="direction_call" />
    <endEvent id="direction_called" name="Se llamó a la Dirección Regional" />
    <endEvent id="request_expired" name="La solicitud caducó sin resolver" />
    <sequenceFlow id="waited" sourceRef="{PAUSE}" targetRef="decide_annulment" />
    <sequenceFlow id="soon_call" sourceRef="{SOON}" targetRef="{CALL}" />
    <sequenceFlow id="call_done" sourceRef="{CALL}" targetRef="direction_called" />
    <sequenceFlow id="late_end" sourceRef="{LATE}" targetRef="request_expired" />
  </process>"""
LANES = f"""
      <lane id="national_level" name="Nivel central">
        <flowNodeRef>{CALL}</flowNodeRef>
      </lane>
      <lane id="system" name="Constancia">
        {"".join(f"<flowNodeRef>{key}</flowNodeRef>" for key in (PAUSE, "direction_called", "request_expired"))}"""
# Hang where their task is.
BESIDE = (
    f"<flowNodeRef>decide_annulment</flowNodeRef><flowNodeRef>{SOON}</flowNodeRef><flowNodeRef>{LATE}</flowNodeRef>"
)

WHOLE = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
             xmlns:constancia="urn:constancia:bpmn" id="definitions_of_{key}" targetNamespace="urn:constancia:bpmn">
  <message id="the_fact" name="{message}" />
  <process id="{key}" name="{name}" isExecutable="true">
    <laneSet id="lanes">
      <lane id="provider" name="Organismo capacitador">{provider}</lane>
      <lane id="system" name="Constancia">{system}</lane>
    </laneSet>
    {steps}
  </process>
</definitions>"""
FACT = '<messageEventDefinition messageRef="the_fact" />'


def annulment() -> Diagram:
    """Five days pass before anybody is asked; after seven more the national level calls, and after thirty the request lapses."""
    text = (definitions.FOLDER / "annulment.bpmn").read_text("utf-8")
    text = re.sub(
        r"\s*<(incoming|outgoing)>\w+</\1>", "", re.sub(r"(?s)<bpmndi:BPMNDiagram.*</bpmndi:BPMNDiagram>", "", text)
    )
    for old, new in (
        ('\n      <lane id="system" name="Constancia">', LANES),
        ("<flowNodeRef>decide_annulment</flowNodeRef>", BESIDE),
        ('sourceRef="record_request" targetRef="decide_annulment"', f'sourceRef="record_request" targetRef="{PAUSE}"'),
        ("\n  </process>", STEPS),
    ):
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return diagrams.read(_hung(layout.with_drawing(text.encode())))


def _hung(content: bytes) -> bytes:
    """With the two events on the lower edge of their task."""
    root = etree.fromstring(content)
    bounds = {shape.get("bpmnElement"): shape[0] for shape in root.iter(f"{diagrams.BPMNDI}BPMNShape")}
    host = {side: float(bounds["decide_annulment"].get(side, 0)) for side in ("x", "y", "height")}
    for place, key in enumerate((SOON, LATE)):
        bounds[key].set("x", f"{host['x'] + 50 * place:.0f}")
        bounds[key].set("y", f"{host['y'] + host['height'] - 18:.0f}")
    return etree.tostring(root)


def replacement() -> Diagram:
    """Begun by the institution, it waits for the annulment and asks for the number of the new invoice then."""
    return _drawn(
        "replacement",
        "Reemplazo de un certificado",
        message="certificates/annulled",
        provider=("replacement_wanted", "write_reference"),
        system=("is_annulled", "replaced"),
        steps=f"""
        <startEvent id="replacement_wanted" name="Se pide reemplazar" />
        <intermediateCatchEvent id="is_annulled" name="Esperar la anulación">{FACT}</intermediateCatchEvent>
        <userTask id="write_reference" name="Escribir la nueva factura" constancia:form="document_reference" />
        <endEvent id="replaced" name="Reemplazado" />
        <sequenceFlow id="wanted" sourceRef="replacement_wanted" targetRef="is_annulled" />
        <sequenceFlow id="annulled" sourceRef="is_annulled" targetRef="write_reference" />
        <sequenceFlow id="written" sourceRef="write_reference" targetRef="replaced" />""",
    )


def follow_up() -> Diagram:
    """Begun by each issue, it waits a day, has its PDF made if it is not yet, and ends."""
    return _drawn(
        "follow_up",
        "Seguimiento de un certificado",
        message="certificates/issued",
        provider=(),
        system=("is_issued", "wait_a_day", "have_document", "followed"),
        steps=f"""
        <startEvent id="is_issued" name="Se emitió">{FACT}</startEvent>
        <intermediateCatchEvent id="wait_a_day" name="Esperar un día">{TIMER.format("plazo_corrido(1)")}</intermediateCatchEvent>
        <serviceTask id="have_document" name="Pedir el PDF" constancia:operation="documents/request" />
        <endEvent id="followed" name="Seguido" />
        <sequenceFlow id="issued" sourceRef="is_issued" targetRef="wait_a_day" />
        <sequenceFlow id="passed" sourceRef="wait_a_day" targetRef="have_document" />
        <sequenceFlow id="asked" sourceRef="have_document" targetRef="followed" />""",
    )


def published(session: Session, diagram: Diagram, forms: dict[str, Any] | None = None) -> ProcessDefinition:
    """By two analysts, in force at once."""
    author, approver = PersonFactory.create_batch(2)
    signed = Signed(author_id=author.id, approver_id=approver.id, note="Con plazos propios.")
    return definitions.publish(session, diagram, forms or {}, signed)


def awaited(session: Session, key: str) -> AwaitedEvent:
    """The last row of that event, of whatever case, as it is now."""
    session.expire_all()
    rows = select(AwaitedEvent).where(AwaitedEvent.key == key).order_by(AwaitedEvent.id.desc())
    return session.scalars(rows.limit(1)).one()


def cases(session: Session, process_id: str) -> Sequence[ProcessInstance]:
    """All of a process, the newest first, as they are now."""
    session.expire_all()
    of_process = select(ProcessInstance).where(ProcessInstance.process_id == process_id)
    return session.scalars(of_process.order_by(ProcessInstance.id.desc())).all()


def last_case(session: Session, process_id: str) -> ProcessInstance:
    return cases(session, process_id)[0]


def task(session: Session, key: str) -> HumanTask | None:
    """The last task of that key."""
    session.expire_all()
    return session.scalar(select(HumanTask).where(HumanTask.key == key).order_by(HumanTask.id.desc()).limit(1))


def _drawn(
    key: str, name: str, *, message: str, provider: tuple[str, ...], system: tuple[str, ...], steps: str
) -> Diagram:
    def listed(keys: tuple[str, ...]) -> str:
        return "".join(f"<flowNodeRef>{one}</flowNodeRef>" for one in keys)

    text = WHOLE.format(
        key=key, name=name, message=message, provider=listed(provider), system=listed(system), steps=steps
    )
    return diagrams.read(layout.with_drawing(text.encode()))
