"""An analyst's annulment: one more field is asked, and the national level reviews what was granted, without a line of code."""

import json
from typing import Any

from sqlalchemy.orm import Session

from app.models import ProcessDefinition
from app.process import definitions, diagrams
from app.process.definitions import Signed
from app.process.diagrams import Diagram
from tests.factories import PersonFactory

PAID: dict[str, Any] = {
    "name": "amount_paid",
    "type": "number",
    "label": "Monto pagado por el curso",
    "hint": "En pesos, como figura en la factura.",
    "missing": "Falta el monto pagado. Escríbalo como figura en la factura.",
    "minimum": 1,
}
REVIEW = {
    "title": "Revisión del nivel central",
    "fields": [
        {"name": "review_reason", "type": "long_text", "label": "Razones de la revisión", "maximum": 1000},
    ],
    "decision": {
        "name": "confirmed",
        "yes": {"button": "Confirmar", "outcome": "confirmó la resolución", "means": "La anulación queda firme."},
        "no": {
            "button": "Devolver",
            "outcome": "devolvió la resolución",
            "means": "La Dirección Regional resuelve otra vez.",
            "done": "La resolución volvió a la Dirección Regional.",
            "tone": "secondary",
        },
    },
}
STEPS = """
    <exclusiveGateway id="is_reviewed" name="¿Se revisa?" default="not_reviewed">
      <incoming>decided</incoming><outgoing>reviewed</outgoing><outgoing>not_reviewed</outgoing>
    </exclusiveGateway>
    <userTask id="review_decision" name="Revisar la resolución"
              constancia:form="national_review" constancia:deadline="plazo_habil(5)">
      <incoming>reviewed</incoming><outgoing>review_done</outgoing>
    </userTask>
    <exclusiveGateway id="is_confirmed" name="¿Se confirma?" default="given_back">
      <incoming>review_done</incoming><outgoing>confirmed_yes</outgoing><outgoing>given_back</outgoing>
    </exclusiveGateway>
    <sequenceFlow id="reviewed" name="aprobada" sourceRef="is_reviewed" targetRef="review_decision">
      <conditionExpression xsi:type="tFormalExpression">granted == True</conditionExpression>
    </sequenceFlow>
    <sequenceFlow id="not_reviewed" sourceRef="is_reviewed" targetRef="record_decision" />
    <sequenceFlow id="review_done" sourceRef="review_decision" targetRef="is_confirmed" />
    <sequenceFlow id="confirmed_yes" name="sí" sourceRef="is_confirmed" targetRef="record_decision">
      <conditionExpression xsi:type="tFormalExpression">confirmed == True</conditionExpression>
    </sequenceFlow>
    <sequenceFlow id="given_back" name="no" sourceRef="is_confirmed" targetRef="decide_annulment" />
  </process>"""
LANE = """
      <lane id="national_level" name="Nivel central">
        <flowNodeRef>review_decision</flowNodeRef>
      </lane>
      <lane id="system" name="Constancia">
        <flowNodeRef>is_reviewed</flowNodeRef>
        <flowNodeRef>is_confirmed</flowNodeRef>"""
FLOWS = ("reviewed", "not_reviewed", "review_done", "confirmed_yes", "given_back")
NODES = ("is_reviewed", "review_decision", "is_confirmed", "national_level")


def published(session: Session) -> ProcessDefinition:
    """Published by two analysts, in force at once."""
    author, approver = PersonFactory.create_batch(2)
    signed = Signed(author_id=author.id, approver_id=approver.id, note="Segunda revisión del nivel central.")
    return definitions.publish(session, diagram(), forms(), signed)


def forms() -> dict[str, Any]:
    request = json.loads((definitions.FOLDER / "forms" / "annulment_request.json").read_text("utf-8"))
    request["fields"].append(PAID)
    return {"annulment_request": request, "national_review": REVIEW}


def diagram() -> Diagram:
    text = (definitions.FOLDER / "annulment.bpmn").read_text("utf-8")
    drawn = "".join([*map(_shape, NODES), *map(_edge, FLOWS)])
    for old, new in (
        ('\n      <lane id="system" name="Constancia">', LANE),
        (
            'sourceRef="decide_annulment" targetRef="record_decision"',
            'sourceRef="decide_annulment" targetRef="is_reviewed"',
        ),
        ("<incoming>request_recorded<", "<incoming>given_back</incoming><incoming>request_recorded<"),
        ("<incoming>decided<", "<incoming>not_reviewed</incoming><incoming>confirmed_yes<"),
        ("\n  </process>", STEPS),
        ("    </bpmndi:BPMNPlane>", f"{drawn}    </bpmndi:BPMNPlane>"),
    ):
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return diagrams.read(text.encode())


def _shape(node: str) -> str:
    place = f'<dc:Bounds x="{1000 + 150 * NODES.index(node)}" y="300" width="100" height="80" />'
    return f'<bpmndi:BPMNShape id="{node}_shape" bpmnElement="{node}">{place}</bpmndi:BPMNShape>'


def _edge(flow: str) -> str:
    way = '<di:waypoint x="1000" y="340" /><di:waypoint x="1100" y="340" />'
    return f'<bpmndi:BPMNEdge id="{flow}_edge" bpmnElement="{flow}">{way}</bpmndi:BPMNEdge>'
