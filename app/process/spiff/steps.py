"""The steps that we build otherwise than the library, and why one of them cannot go on."""

from SpiffWorkflow.bpmn.specs.defaults import CallActivity, ExclusiveGateway, ServiceTask, SubWorkflowTask
from SpiffWorkflow.bpmn.util.subworkflow import BpmnSubWorkflow
from SpiffWorkflow.exceptions import WorkflowException
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState


class OperationTask(ServiceTask):  # type: ignore[misc]
    """A service task that calls the operation named in the diagram; the name stays in the XML, not in the state."""

    operation: str

    def _execute(self, task: Task) -> bool:
        task.workflow.top_workflow.script_engine.call_service(task, operation=self.operation)
        # Anything but True leaves the step begun for ever.
        return True


class DecisionTask(ServiceTask):  # type: ignore[misc]
    """A business rule task: what the decision table named in the diagram says goes into the case's data."""

    table: str

    def _execute(self, task: Task) -> bool:
        task.workflow.top_workflow.script_engine.decide(task, table=full_name(task, self.table))
        return True


class _Within:
    """Goes on when what it holds is over, unless it was left before: a case in it that is cut tells its end all the same."""

    def _on_subworkflow_completed(self, subworkflow: BpmnSubWorkflow, my_task: Task) -> None:
        if my_task.has_state(TaskState.STARTED):
            super()._on_subworkflow_completed(subworkflow, my_task)  # type: ignore[misc]


class SubProcess(_Within, SubWorkflowTask):  # type: ignore[misc]
    """An embedded subprocess."""


class Call(_Within, CallActivity):  # type: ignore[misc]
    """A call activity: another process, in the version that the case's own was published with."""


def full_name(task: Task, name: str) -> str:
    """What its diagram calls so, told apart from what another calls the same: `process/name` in a called process."""
    workflow = task.workflow
    while workflow.parent_task_id is not None:
        host = workflow.top_workflow.get_task_from_id(workflow.parent_task_id)
        if isinstance(host.task_spec, Call):
            return f"{host.task_spec.spec}/{name}"
        workflow = host.workflow
    return name


def why(error: WorkflowException) -> str:
    """What a drawing brings about is told to who draws; of anything else the library's own words remain."""
    if isinstance(error.task_spec, ExclusiveGateway):
        return f"La compuerta «{error.task_spec.name}» no tiene por dónde seguir: ninguna de sus condiciones es cierta."
    return f"El caso no puede seguir: {error}"
