"""SpiffWorkflow behind a wall: the only module that imports it. It decides order and nothing else, without any I/O.

What was measured of version 3.2.0 and why each override exists is told in `docs/adr/0003-engine-behind-a-wall.md`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from lxml import etree
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser
from SpiffWorkflow.bpmn.parser.TaskParser import TaskParser
from SpiffWorkflow.bpmn.parser.util import full_tag
from SpiffWorkflow.bpmn.parser.ValidationException import ValidationException
from SpiffWorkflow.bpmn.script_engine import BasePythonScriptEngineEnvironment, PythonScriptEngine
from SpiffWorkflow.bpmn.serializer.config import DEFAULT_CONFIG
from SpiffWorkflow.bpmn.serializer.default.workflow import BpmnWorkflowConverter, WorkflowConverter
from SpiffWorkflow.bpmn.serializer.workflow import BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec
from SpiffWorkflow.bpmn.specs.defaults import EndEvent, ServiceTask
from SpiffWorkflow.exceptions import WorkflowException
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from app.process import compact, expressions, subset
from app.process.diagrams import CONSTANCIA
from app.process.safe_xml import tree_of

LIBRARY = "3.2.0"
VERSION = "3.2.0-2"
READABLE = frozenset({"3.2.0", VERSION})
"""Versions whose stored states go on with this one: the library's number, then our way of writing its state."""
MAX_STEPS = 500

Decisions = Mapping[str, expressions.Value]
CallOperation = Callable[[str], Decisions | None]
State = dict[str, Any]


class EngineError(RuntimeError):
    """The diagram cannot go on: no way out of a gateway, a step in error, a loop without people."""


@dataclass(frozen=True)
class WaitingTask:
    """A user task that is ready for a person. `key` is its id in the diagram."""

    engine_task_id: str
    key: str


@dataclass(frozen=True)
class Position:
    """Where a case stands: what to store, whom it waits for, and the end event's id once it has ended."""

    state: State
    waiting: tuple[WaitingTask, ...]
    outcome: str | None


class OtherEngine(EngineError):
    """The case was stored by an engine whose states this one does not read; it waits as it is until it is migrated."""

    def __init__(self, version: str) -> None:
        super().__init__(
            f"El trámite quedó guardado con la versión {version} del motor y aquí corre la {VERSION}. Migre el trámite."
        )


class _OperationTask(ServiceTask):  # type: ignore[misc]
    """A service task that calls the operation named in the diagram; the name stays in the XML, not in the state."""

    operation: str

    def _execute(self, task: Task) -> bool:
        task.workflow.top_workflow.script_engine.call_service(task, operation=self.operation)
        # Anything but True leaves the step begun for ever.
        return True


class _OperationParser(TaskParser):  # type: ignore[misc]
    def create_task(self) -> _OperationTask:
        task: _OperationTask = super().create_task()
        task.operation = self.node.get(f"{CONSTANCIA}operation", "")
        return task


class _Parser(BpmnParser):  # type: ignore[misc]
    """Knows how to build the steps of the subset, and of no other element of BPMN."""

    PARSER_CLASSES = {tag: pair for tag, pair in BpmnParser.PARSER_CLASSES.items() if tag in subset.RUN}  # noqa: RUF012
    OVERRIDE_PARSER_CLASSES = {full_tag("serviceTask"): (_OperationParser, _OperationTask)}  # noqa: RUF012


class _Words(BasePythonScriptEngineEnvironment):  # type: ignore[misc]
    """The bottom of every evaluation: some of the library's steps ask the script engine, others go straight to this."""

    def evaluate(self, expression: str, context: Decisions, external_context: object = None) -> object:  # noqa: ARG002
        try:
            return expressions.evaluate(expression or "", context)
        except expressions.ExpressionError as error:
            raise EngineError(str(error)) from error

    def execute(self, script: str, context: Decisions, external_context: object = None) -> None:  # noqa: ARG002
        raise EngineError("Los diagramas no llevan código.")

    def call_service(self, context: Decisions, **kwargs: object) -> None:  # noqa: ARG002
        raise EngineError("Los servicios se llaman por operaciones del catálogo.")


class _Script(PythonScriptEngine):  # type: ignore[misc]
    """Every place where the engine evaluates, executes or calls comes here; no Python of a diagram ever runs."""

    def __init__(self, call: CallOperation) -> None:
        super().__init__(environment=_Words())
        self._call = call

    def validate(self, expression: str) -> None:
        expressions.parse(expression)

    def evaluate(self, task: Task, expression: str, external_context: object = None) -> object:  # noqa: ARG002
        try:
            return self.environment.evaluate(expression, task.data)
        except EngineError as error:
            raise EngineError(f"El paso «{task.task_spec.name}» no puede seguir. {error}") from error

    def execute(self, task: Task, script: str, external_context: object = None) -> None:  # noqa: ARG002
        self.environment.execute(script, task.data)

    def call_service(self, task: Task, *, operation: str) -> None:
        task.data.update(self._call(operation) or {})


class _StateConverter(BpmnWorkflowConverter):  # type: ignore[misc]
    """The task tree alone: the diagram is stored once, by content hash, and is half of what the library would write."""

    def to_dict(self, workflow: BpmnWorkflow) -> State:
        state: State = WorkflowConverter.to_dict(self, workflow)
        state["subprocesses"] = self.mapping_to_dict(workflow.subprocesses)
        return state

    def from_dict(self, dct: State, spec: BpmnProcessSpec) -> BpmnWorkflow:
        return super().from_dict({**dct, "spec": spec, "subprocess_specs": {}, "bpmn_events": []})


def _state_serializer() -> BpmnWorkflowSerializer:
    config = {**DEFAULT_CONFIG, BpmnWorkflow: _StateConverter}
    return BpmnWorkflowSerializer(BpmnWorkflowSerializer.configure(config))


_serializer = _state_serializer()


@lru_cache(maxsize=256)
def _spec(xml: str, process_id: str) -> BpmnProcessSpec:
    """The parsed definition, once per process and content."""
    tree = tree_of(xml)
    outside = subset.outside(tree)
    if outside:
        raise EngineError(f"El motor no ejecuta «{etree.QName(outside[0]).localname}»: está fuera del subconjunto.")
    parser = _Parser()
    try:
        parser.add_bpmn_xml(tree)
        return parser.get_spec(process_id)
    except ValidationException as error:
        raise EngineError(f"El motor no pudo leer el diagrama: {error}") from error


def check(xml: str, process_id: str) -> None:
    """Raises EngineError if the engine cannot read the process."""
    _spec(xml, process_id)


def require_readable(version: str) -> None:
    """Raises OtherEngine unless a state stored by that version goes on here."""
    if version not in READABLE:
        raise OtherEngine(version)


def start(xml: str, process_id: str, *, call: CallOperation) -> Position:
    """A new case of the diagram, run up to its first wait. Raises what `call` raises, and EngineError."""
    workflow = BpmnWorkflow(_spec(xml, process_id), script_engine=_Script(call))
    return _run(workflow)


def complete(
    xml: str, process_id: str, state: State, *, engine_task_id: str, decisions: Decisions, call: CallOperation
) -> Position:
    """The case after a person answered one of its waiting tasks. Raises what `call` raises, and EngineError."""
    workflow: BpmnWorkflow = _serializer.from_dict(compact.grow(state), spec=_spec(xml, process_id))
    workflow.script_engine = _Script(call)
    task = next((task for task in workflow.get_tasks(state=TaskState.READY) if str(task.id) == engine_task_id), None)
    if task is None:
        raise EngineError("La tarea no está pendiente en el motor.")

    task.data.update(decisions)
    task.run()
    return _run(workflow)


def standing(xml: str, process_id: str, state: State) -> tuple[WaitingTask, ...]:
    """Whom a stored case waits for; nothing moves. Raises EngineError for a state that cannot be read."""
    try:
        workflow: BpmnWorkflow = _serializer.from_dict(compact.grow(state), spec=_spec(xml, process_id))
    # A state that was damaged fails wherever its damage is.
    except (LookupError, TypeError, ValueError, AttributeError, WorkflowException) as error:
        raise EngineError(f"El estado guardado del caso no se puede leer: {error}") from error
    return _waiting(workflow)


def _run(workflow: BpmnWorkflow) -> Position:
    steps = 0

    def count_step(task: Task) -> None:
        nonlocal steps
        steps += 1
        if steps > MAX_STEPS:
            raise EngineError(f"Más de {MAX_STEPS} pasos sin esperar a nadie; el último fue «{task.task_spec.name}».")

    try:
        workflow.do_engine_steps(will_complete_task=count_step)
    except WorkflowException as error:
        raise EngineError(f"El caso no puede seguir: {error}") from error
    # A step that failed before stays in ERROR and is never said again.
    failed = workflow.get_tasks(state=TaskState.ERROR)
    if failed:
        raise EngineError(f"El paso «{failed[0].task_spec.name}» no tiene por dónde seguir.")
    waiting = _waiting(workflow)
    if not waiting and not workflow.completed:
        raise EngineError("El caso quedó sin nadie a quien esperar y sin terminar.")
    return Position(compact.shrink(_serializer.to_dict(workflow)), waiting, _outcome(workflow))


def _waiting(workflow: BpmnWorkflow) -> tuple[WaitingTask, ...]:
    return tuple(
        WaitingTask(str(task.id), task.task_spec.name)
        for task in workflow.get_tasks(state=TaskState.READY)
        if task.task_spec.manual
    )


def _outcome(workflow: BpmnWorkflow) -> str | None:
    if not workflow.completed:
        return None
    ends = [task for task in workflow.get_tasks(state=TaskState.COMPLETED) if isinstance(task.task_spec, EndEvent)]
    last = max(ends, key=lambda task: task.last_state_change)
    return str(last.task_spec.name)
