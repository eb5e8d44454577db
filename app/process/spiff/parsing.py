"""Which steps of a diagram are built, and as what."""

from lxml import etree
from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser
from SpiffWorkflow.bpmn.parser.event_parsers import (
    BoundaryEventParser,
    EndEventParser,
    IntermediateCatchEventParser,
    StartEventParser,
)
from SpiffWorkflow.bpmn.parser.task_parsers import CallActivityParser, SubWorkflowParser
from SpiffWorkflow.bpmn.parser.TaskParser import TaskParser
from SpiffWorkflow.bpmn.parser.util import full_tag
from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec
from SpiffWorkflow.bpmn.specs.defaults import BoundaryEvent, EndEvent, IntermediateCatchEvent, StartEvent
from SpiffWorkflow.bpmn.specs.event_definitions.simple import NoneEventDefinition

from app.process.diagrams import CONSTANCIA, FLOW_NODES
from app.process.spiff.events import Awaited, Error
from app.process.spiff.steps import Call, DecisionTask, OperationTask, SubProcess


class _OperationParser(TaskParser):  # type: ignore[misc]
    def create_task(self) -> OperationTask:
        task: OperationTask = super().create_task()
        task.operation = self.node.get(f"{CONSTANCIA}operation", "")
        return task


class _DecisionParser(TaskParser):  # type: ignore[misc]
    def create_task(self) -> DecisionTask:
        task: DecisionTask = super().create_task()
        task.table = self.node.get(f"{CONSTANCIA}decision", "")
        return task


class _Events:
    """Events in our own words: what the library would make of a timer's expression is never asked."""

    def parse_timer_event(self, _: etree._Element) -> Awaited:
        return Awaited(self.bpmn_id)  # type: ignore[attr-defined]

    def parse_message_event(self, _: etree._Element) -> Awaited:
        return Awaited(self.bpmn_id)  # type: ignore[attr-defined]

    def parse_error_event(self, event: etree._Element) -> Error:
        declared = self.process_parser.parser.errors.get(event.get("errorRef"), {})  # type: ignore[attr-defined]
        return Error(declared.get("error_code"))


class _StartParser(StartEventParser):  # type: ignore[misc]
    def parse_message_event(self, _: etree._Element) -> NoneEventDefinition:
        # Whoever starts a case has the message already.
        return NoneEventDefinition()


class _EndParser(_Events, EndEventParser):  # type: ignore[misc]
    """An end, of errors too."""


class _CatchParser(_Events, IntermediateCatchEventParser):  # type: ignore[misc]
    """A wait on the way."""


class _BoundaryParser(_Events, BoundaryEventParser):  # type: ignore[misc]
    """A wait beside a step."""


class Parser(BpmnParser):  # type: ignore[misc]
    """Knows how to build the steps of the subset, and of no other element of BPMN."""

    PARSER_CLASSES = {tag: pair for tag, pair in BpmnParser.PARSER_CLASSES.items() if tag in FLOW_NODES}  # noqa: RUF012
    OVERRIDE_PARSER_CLASSES = {  # noqa: RUF012
        full_tag("serviceTask"): (_OperationParser, OperationTask),
        full_tag("businessRuleTask"): (_DecisionParser, DecisionTask),
        full_tag("startEvent"): (_StartParser, StartEvent),
        full_tag("endEvent"): (_EndParser, EndEvent),
        full_tag("intermediateCatchEvent"): (_CatchParser, IntermediateCatchEvent),
        full_tag("boundaryEvent"): (_BoundaryParser, BoundaryEvent),
        full_tag("subProcess"): (SubWorkflowParser, SubProcess),
        full_tag("callActivity"): (CallActivityParser, Call),
    }


def specs_of(tree: etree._Element, process_id: str) -> dict[str, BpmnProcessSpec]:
    """The process by its id, and each subprocess in it as `process/subprocess`: another diagram may have one of that id.

    Raises the library's ValidationException.
    """
    parser = Parser()
    parser.add_bpmn_xml(tree)
    specs, to_see = {}, [(process_id, process_id)]
    for key, name in to_see:
        specs[key] = parser.get_spec(name)
        for step in specs[key].task_specs.values():
            if isinstance(step, SubProcess):
                to_see.append((f"{process_id}/{step.spec}", step.spec))
                step.spec = f"{process_id}/{step.spec}"
    return specs


def calls_of(spec: BpmnProcessSpec) -> set[str]:
    """The processes that a process or subprocess calls itself."""
    return {step.spec for step in spec.task_specs.values() if isinstance(step, Call)}
