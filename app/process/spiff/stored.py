"""What of a case the library writes and reads for us."""

from collections.abc import Mapping
from typing import Any

from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.serializer.config import DEFAULT_CONFIG
from SpiffWorkflow.bpmn.serializer.default.workflow import (
    BpmnSubWorkflowConverter,
    BpmnWorkflowConverter,
    WorkflowConverter,
)
from SpiffWorkflow.bpmn.serializer.workflow import BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec
from SpiffWorkflow.bpmn.util.subworkflow import BpmnSubWorkflow

from app.process.spiff.steps import Call

State = dict[str, Any]
Specs = Mapping[str, BpmnProcessSpec]


class StateConverter(BpmnWorkflowConverter):  # type: ignore[misc]
    """The task tree alone: the diagram is stored once, by content hash, and is half of what the library would write."""

    def to_dict(self, workflow: BpmnWorkflow) -> State:
        state: State = WorkflowConverter.to_dict(self, workflow)
        state["subprocesses"] = self.mapping_to_dict(workflow.subprocesses)
        return state

    def from_dict(self, dct: State, spec: BpmnProcessSpec, within: Specs) -> BpmnWorkflow:
        return super().from_dict({**dct, "spec": spec, "subprocess_specs": within, "bpmn_events": []})


class SubprocessConverter(BpmnSubWorkflowConverter):  # type: ignore[misc]
    """A subprocess that is being done or was; `called` is the process, where it is another."""

    def to_dict(self, workflow: BpmnSubWorkflow) -> State:
        host = workflow.top_workflow.get_task_from_id(workflow.parent_task_id).task_spec
        called = host.spec if isinstance(host, Call) else ""
        more = {"parent_task_id": str(workflow.parent_task_id), "called": called}
        return {**WorkflowConverter.to_dict(self, workflow), **more}


def _serializer_of_states() -> BpmnWorkflowSerializer:
    config = {**DEFAULT_CONFIG, BpmnWorkflow: StateConverter, BpmnSubWorkflow: SubprocessConverter}
    return BpmnWorkflowSerializer(BpmnWorkflowSerializer.configure(config))


serializer = _serializer_of_states()
