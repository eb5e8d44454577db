"""What a case waits for besides people, and how an error leaves a subprocess."""

from SpiffWorkflow.bpmn.specs.defaults import BoundaryEvent
from SpiffWorkflow.bpmn.specs.event_definitions.base import EventDefinition
from SpiffWorkflow.bpmn.util.event import BpmnEvent
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from app.process.spiff.errors import EngineError


class Awaited(EventDefinition):  # type: ignore[misc]
    """A timer or a message. Nothing in a case makes it happen, not even one of the same name: we do, to one waiting step."""

    def catches(self, my_task: Task, event: BpmnEvent) -> bool:  # noqa: ARG002
        return False

    def happen(self, my_task: Task) -> None:
        """Let the waiting step go on; what it then does is done by the next run."""
        my_task.task_spec.catch(my_task, BpmnEvent(self))
        my_task.task_spec._update(my_task)


class Error(EventDefinition):  # type: ignore[misc]
    """An error by its code: an end throws it, the boundary of a step around it catches it."""

    def catches(self, my_task: Task, event: BpmnEvent) -> bool:  # noqa: ARG002
        return False

    def throw(self, my_task: Task) -> None:
        """Leave the innermost step around that catches it, at once: nothing else within goes on meanwhile.

        The library would let every waiting boundary of that code catch it, those of other steps too.
        """
        host, boundary = self._caught_by(my_task)
        self.catch(boundary)
        boundary.task_spec._update(boundary)
        boundary.set_data(**my_task.data)
        host.cancel()

    def _caught_by(self, my_task: Task) -> tuple[Task, Task]:
        """The step that is left, and the boundary by which. Raises EngineError if there is none."""
        workflow = my_task.workflow
        while workflow.parent_task_id is not None:
            host = workflow.top_workflow.get_task_from_id(workflow.parent_task_id)
            for beside in host.parent.children:
                if beside.has_state(TaskState.WAITING) and self._is_caught(beside):
                    return host, beside
            workflow = host.workflow
        raise EngineError(f"El error «{self.name}» de «{my_task.task_spec.name}» no lo espera nadie.")

    def _is_caught(self, task: Task) -> bool:
        if not isinstance(task.task_spec, BoundaryEvent):
            return False
        other = task.task_spec.event_definition
        return isinstance(other, Error) and other.name == self.name
