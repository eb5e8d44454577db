"""What of a case the library writes and reads for us."""

from typing import Any

from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.serializer.config import DEFAULT_CONFIG
from SpiffWorkflow.bpmn.serializer.default.workflow import BpmnWorkflowConverter, WorkflowConverter
from SpiffWorkflow.bpmn.serializer.workflow import BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec

State = dict[str, Any]


class StateConverter(BpmnWorkflowConverter):  # type: ignore[misc]
    """The task tree alone: the diagram is stored once, by content hash, and is half of what the library would write."""

    def to_dict(self, workflow: BpmnWorkflow) -> State:
        state: State = WorkflowConverter.to_dict(self, workflow)
        state["subprocesses"] = self.mapping_to_dict(workflow.subprocesses)
        return state

    def from_dict(self, dct: State, spec: BpmnProcessSpec) -> BpmnWorkflow:
        return super().from_dict({**dct, "spec": spec, "subprocess_specs": {}, "bpmn_events": []})


def _serializer_of_states() -> BpmnWorkflowSerializer:
    config = {**DEFAULT_CONFIG, BpmnWorkflow: StateConverter}
    return BpmnWorkflowSerializer(BpmnWorkflowSerializer.configure(config))


serializer = _serializer_of_states()
