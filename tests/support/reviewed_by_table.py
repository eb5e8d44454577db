"""An analyst's annulment in which a decision table says who reviews: by the motive and the line of training that are asked for."""

from typing import Any

from sqlalchemy.orm import Session

from app.models import ProcessDefinition
from app.process import definitions, diagrams
from app.process.decision_tables import Stored
from app.process.definitions import Signed
from app.process.diagrams import Diagram
from tests.factories import PersonFactory
from tests.support import second_review

MOTIVE: dict[str, Any] = {
    "name": "motive",
    "type": "choice",
    "label": "Qué está mal",
    "decides": True,
    "choices": [
        {"value": "data_error", "label": "Un dato mal escrito"},
        {"value": "wrong_attendance", "label": "La asistencia"},
        {"value": "wrong_course", "label": "El curso o el participante"},
    ],
}
LINE: dict[str, Any] = {
    "name": "training_line",
    "type": "choice",
    "label": "Línea de capacitación",
    "decides": True,
    "choices": [
        {"value": "social_programmes", "label": "Programas Sociales"},
        {"value": "tax_credit", "label": "Franquicia Tributaria"},
        {"value": "on_the_job", "label": "Formación en el Puesto de Trabajo"},
    ],
}
TABLE = """
<businessRuleTask xmlns:constancia="urn:constancia:bpmn" constancia:decision="annulment_review" \
id="choose_reviewer" name="Ver quién revisa">\
<incoming>decided</incoming><outgoing>reviewer_chosen</outgoing></businessRuleTask>\
<sequenceFlow id="reviewer_chosen" sourceRef="choose_reviewer" targetRef="is_reviewed"></sequenceFlow>\
<exclusiveGateway"""
IF_REVIEWED = (
    'targetRef="review_decision"><conditionExpression xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'xsi:type="tFormalExpression">'
)
BOUNDS = '<dc:Bounds xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" x="850" y="300" width="100" height="80" />'
SHAPE = f'<bpmndi:BPMNShape id="choose_reviewer_shape" bpmnElement="choose_reviewer">{BOUNDS}</bpmndi:BPMNShape>'
DI = 'xmlns:di="http://www.omg.org/spec/DD/20100524/DI"'
WAY = f'<di:waypoint {DI} x="950" y="340" /><di:waypoint {DI} x="1000" y="340" />'
EDGE = f'<bpmndi:BPMNEdge id="reviewer_chosen_edge" bpmnElement="reviewer_chosen">{WAY}</bpmndi:BPMNEdge>'


def published(session: Session, tables: Stored | None = None) -> ProcessDefinition:
    """By two analysts, in force at once; decided by the first version of the table, unless another is given."""
    author, approver = PersonFactory.create_batch(2)
    signed = Signed(author_id=author.id, approver_id=approver.id, note="Una tabla dice quién revisa.")
    return definitions.publish(session, diagram(), forms(), signed, tables=tables)


def forms() -> dict[str, Any]:
    found = second_review.forms()
    found["annulment_request"]["fields"] += [MOTIVE, LINE]
    return found


def diagram() -> Diagram:
    text = second_review.diagram().xml
    for old, new in (
        (
            'sourceRef="decide_annulment" targetRef="is_reviewed"',
            'sourceRef="decide_annulment" targetRef="choose_reviewer"',
        ),
        ("<exclusiveGateway", TABLE.strip()),
        ("<incoming>decided</incoming><outgoing>reviewed<", "<incoming>reviewer_chosen</incoming><outgoing>reviewed<"),
        (
            "<flowNodeRef>is_reviewed</flowNodeRef>",
            "<flowNodeRef>is_reviewed</flowNodeRef><flowNodeRef>choose_reviewer</flowNodeRef>",
        ),
        (f"{IF_REVIEWED}granted == True", f"{IF_REVIEWED}review_level == 'national'"),
        ("</bpmndi:BPMNPlane>", f"{SHAPE}{EDGE}</bpmndi:BPMNPlane>"),
    ):
        assert old in text, old
        text = text.replace(old, new, 1)
    return diagrams.read(text.encode())
