"""What is told of a diagram's elements: who does a task, what an event waits for, which table, which other process."""

import pytest

from app.process import diagrams
from app.process.diagrams import Diagram, Event

HEAD = """<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:constancia="urn:constancia:bpmn"
 id="described_definitions" targetNamespace="urn:constancia:bpmn">
<message id="annulled_message" name="certificates/annulled" /><error id="lost_error" name="Perdido" errorCode="lost" />
<process id="described" name="Descrito" isExecutable="true">
<laneSet id="lanes"><lane id="provider"><flowNodeRef>review</flowNodeRef><flowNodeRef>ask</flowNodeRef></lane></laneSet>"""
TIMER = "<timerEventDefinition><timeDuration> {} </timeDuration></timerEventDefinition>"
STEPS = f"""
<startEvent id="begun" name="Anulado"><messageEventDefinition messageRef="annulled_message" /></startEvent>
<userTask id="ask" name="Pedir" constancia:office="central_level" />
<subProcess id="review" name="Revisar">
  <startEvent id="plain" name="Empezar" />
  <subProcess id="deeper" name="Más adentro">
    <userTask id="look" name="Mirar" /><userTask id="call_up" name="Llamar" constancia:office="central_level" />
  </subProcess>
  <endEvent id="inner_end" name="Dentro"><errorEventDefinition errorRef="lost_error" /></endEvent>
</subProcess>
<boundaryEvent id="late" name="Tarde" attachedToRef="ask" cancelActivity="false">{TIMER.format("plazo_habil(3)")}</boundaryEvent>
<boundaryEvent id="is_lost" name="Perdido" attachedToRef="review"><errorEventDefinition errorRef="lost_error" /></boundaryEvent>
<intermediateCatchEvent id="wait" name="Esperar">{TIMER.format("plazo_corrido(2)")}</intermediateCatchEvent>
<businessRuleTask id="choose" name="Elegir" constancia:decision="review_level" />
<callActivity id="again" name="Otra vez" calledElement="second_review" />
<endEvent id="outer_end" name="Fuera" />
</process></definitions>"""


@pytest.fixture(scope="module")
def described() -> Diagram:
    return diagrams.read((HEAD + STEPS).encode())


def test_events_say_what_they_wait_for_and_where_they_hang(described: Diagram) -> None:
    assert list(described.events.values()) == [
        Event("begun", "Anulado", "message", message="certificates/annulled"),
        Event("late", "Tarde", "timer", term="plazo_habil(3)", host="ask", is_interrupting=False),
        Event("is_lost", "Perdido", "error", host="review", error="lost"),
        Event("wait", "Esperar", "timer", term="plazo_corrido(2)"),
    ]


def test_a_rule_names_its_table_and_a_call_its_process(described: Diagram) -> None:
    assert described.decisions == {"choose": "review_level"}
    assert described.calls == {"again": "second_review"}


def test_a_task_within_a_subprocess_is_of_its_own_office_or_of_the_outermost_lane(described: Diagram) -> None:
    offices = {key: task.office for key, task in described.user_tasks.items()}

    assert offices == {"ask": "provider", "look": "provider", "call_up": "central_level"}


def test_the_ends_are_those_of_the_process_itself(described: Diagram) -> None:
    assert described.ends == {"outer_end": "Fuera"}
