"""Which steps of a diagram are built, and as what."""

from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser
from SpiffWorkflow.bpmn.parser.TaskParser import TaskParser
from SpiffWorkflow.bpmn.parser.util import full_tag
from SpiffWorkflow.bpmn.specs.defaults import ServiceTask
from SpiffWorkflow.task import Task

from app.process import subset
from app.process.diagrams import CONSTANCIA


class OperationTask(ServiceTask):  # type: ignore[misc]
    """A service task that calls the operation named in the diagram; the name stays in the XML, not in the state."""

    operation: str

    def _execute(self, task: Task) -> bool:
        task.workflow.top_workflow.script_engine.call_service(task, operation=self.operation)
        # Anything but True leaves the step begun for ever.
        return True


class _OperationParser(TaskParser):  # type: ignore[misc]
    def create_task(self) -> OperationTask:
        task: OperationTask = super().create_task()
        task.operation = self.node.get(f"{CONSTANCIA}operation", "")
        return task


class Parser(BpmnParser):  # type: ignore[misc]
    """Knows how to build the steps of the subset, and of no other element of BPMN."""

    PARSER_CLASSES = {tag: pair for tag, pair in BpmnParser.PARSER_CLASSES.items() if tag in subset.RUN}  # noqa: RUF012
    OVERRIDE_PARSER_CLASSES = {full_tag("serviceTask"): (_OperationParser, OperationTask)}  # noqa: RUF012
