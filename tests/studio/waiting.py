"""The annulment with what the wider subset adds: a term beside a task, and a fact that is waited for."""

from app.process import diagrams, layout
from app.process.definitions import FOLDER

STEPS = """
    <boundaryEvent id="half_way" name="Cinco días sin resolver" attachedToRef="decide_annulment" cancelActivity="false">
      <outgoing>half_way_over</outgoing>
      <timerEventDefinition><timeDuration xsi:type="tFormalExpression">plazo_habil(5)</timeDuration></timerEventDefinition>
    </boundaryEvent>
    <userTask id="say_why" name="Decir por qué demora" constancia:form="delay_note">
      <incoming>half_way_over</incoming>
      <outgoing>why_said</outgoing>
    </userTask>
    <endEvent id="delay_told" name="Demora explicada">
      <incoming>why_said</incoming>
    </endEvent>
    <intermediateCatchEvent id="annulled_told" name="Anulación en el registro">
      <incoming>granted_yes</incoming>
      <outgoing>registered</outgoing>
      <messageEventDefinition messageRef="annulled" />
    </intermediateCatchEvent>
    <sequenceFlow id="half_way_over" sourceRef="half_way" targetRef="say_why" />
    <sequenceFlow id="why_said" sourceRef="say_why" targetRef="delay_told" />
    <sequenceFlow id="registered" sourceRef="annulled_told" targetRef="annulment_granted" />
"""
MESSAGE = '<message id="annulled" name="certificates/annulled" />'
NOTE = {
    "title": "Por qué demora",
    "button": "Guardar",
    "fields": [{"name": "note", "type": "text", "label": "Por qué", "maximum": 200}],
}
FORMS = {"delay_note": NOTE}


def waiting() -> str:
    """Its canonical text, drawn anew."""
    text = (FOLDER / "annulment.bpmn").read_text(encoding="utf-8")
    text = text[: text.index("<bpmndi:BPMNDiagram")] + "</definitions>"
    for old, new in (
        ("<collaboration", f"{MESSAGE}<collaboration"),
        ("<incoming>granted_yes</incoming>", "<incoming>registered</incoming>"),
        ('targetRef="annulment_granted"', 'targetRef="annulled_told"'),
        (lane("decide_annulment"), "".join(map(lane, ("decide_annulment", "half_way", "say_why", "delay_told")))),
        (lane("is_granted"), lane("is_granted") + lane("annulled_told")),
        ("<sequenceFlow", f"{STEPS}<sequenceFlow"),
    ):
        assert old in text, old
        text = text.replace(old, new, 1)
    return diagrams.read(layout.with_drawing(text.encode())).xml


def lane(key: str) -> str:
    return f"<flowNodeRef>{key}</flowNodeRef>"
