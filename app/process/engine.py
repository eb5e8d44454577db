"""SpiffWorkflow behind a wall: only this and `spiff/` import it. It decides order and nothing else, without any I/O.

What was measured of version 3.2.0 and why each override exists is told in `docs/adr/0003-engine-behind-a-wall.md`.
"""

from dataclasses import dataclass
from functools import lru_cache

from lxml import etree
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.parser.ValidationException import ValidationException
from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec
from SpiffWorkflow.bpmn.specs.defaults import EndEvent
from SpiffWorkflow.exceptions import WorkflowException
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from app.process import compact, subset
from app.process.safe_xml import tree_of
from app.process.spiff.errors import EngineError
from app.process.spiff.parsing import Parser
from app.process.spiff.script import Calls, Decisions, Script
from app.process.spiff.stored import State, serializer

__all__ = ["Calls", "Decisions", "EngineError", "State"]

LIBRARY = "3.2.0"
VERSION = "3.2.0-2"
READABLE = frozenset({"3.2.0", VERSION})
"""Versions whose stored states go on with this one: the library's number, then our way of writing its state."""
MAX_STEPS = 500


@dataclass(frozen=True)
class Program:
    """What the engine needs of a version: the process, and the diagram it is drawn in."""

    process_id: str
    xml: str


@dataclass(frozen=True)
class WaitingTask:
    """A user task that is ready for a person. `key` is its id in the diagram."""

    engine_task_id: str
    key: str


@dataclass(frozen=True)
class AwaitedEvent:
    """A timer or message that has not come. `key` is its id in the diagram."""

    engine_task_id: str
    key: str


@dataclass(frozen=True)
class Standing:
    """Whom and what a stored case waits for."""

    waiting: tuple[WaitingTask, ...]
    awaited: tuple[AwaitedEvent, ...] = ()


@dataclass(frozen=True)
class Position:
    """Where a case stands: what to store, whom and what it waits for, and the end event's id once it has ended."""

    state: State
    waiting: tuple[WaitingTask, ...]
    outcome: str | None
    awaited: tuple[AwaitedEvent, ...] = ()


class OtherEngine(EngineError):
    """The case was stored by an engine whose states this one does not read; it waits as it is until it is migrated."""

    def __init__(self, version: str) -> None:
        super().__init__(
            f"El trámite quedó guardado con la versión {version} del motor y aquí corre la {VERSION}. Migre el trámite."
        )


@lru_cache(maxsize=256)
def _spec(program: Program) -> BpmnProcessSpec:
    """The parsed definition, once per process and content."""
    tree = tree_of(program.xml)
    outside = subset.outside(tree)
    if outside:
        raise EngineError(f"El motor no ejecuta «{etree.QName(outside[0]).localname}»: está fuera del subconjunto.")
    parser = Parser()
    try:
        parser.add_bpmn_xml(tree)
        return parser.get_spec(program.process_id)
    except ValidationException as error:
        raise EngineError(f"El motor no pudo leer el diagrama: {error}") from error


def check(program: Program) -> None:
    """Raises EngineError if the engine cannot read the process."""
    _spec(program)


def require_readable(version: str) -> None:
    """Raises OtherEngine unless a state stored by that version goes on here."""
    if version not in READABLE:
        raise OtherEngine(version)


def start(program: Program, *, calls: Calls) -> Position:
    """A new case of the diagram, run up to its first wait. Raises what `calls` raise, and EngineError."""
    workflow = BpmnWorkflow(_spec(program), script_engine=Script(calls))
    return _run(workflow)


def complete(program: Program, state: State, *, engine_task_id: str, decisions: Decisions, calls: Calls) -> Position:
    """The case after a person answered one of its waiting tasks. Raises what `calls` raise, and EngineError."""
    workflow: BpmnWorkflow = serializer.from_dict(compact.grow(state), spec=_spec(program))
    workflow.script_engine = Script(calls)
    task = next((task for task in workflow.get_tasks(state=TaskState.READY) if str(task.id) == engine_task_id), None)
    if task is None:
        raise EngineError("La tarea no está pendiente en el motor.")

    task.data.update(decisions)
    task.run()
    return _run(workflow)


def standing(program: Program, state: State) -> Standing:
    """Whom and what a stored case waits for; nothing moves. Raises EngineError for a state that cannot be read."""
    try:
        workflow: BpmnWorkflow = serializer.from_dict(compact.grow(state), spec=_spec(program))
    # A state that was damaged fails wherever its damage is.
    except (LookupError, TypeError, ValueError, AttributeError, WorkflowException) as error:
        raise EngineError(f"El estado guardado del caso no se puede leer: {error}") from error
    return Standing(_waiting(workflow))


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
    return Position(compact.shrink(serializer.to_dict(workflow)), waiting, _outcome(workflow))


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
