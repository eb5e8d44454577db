"""SpiffWorkflow behind a wall: only this and `spiff/` import it. It decides order and nothing else, without any I/O.

What was measured of version 3.2.0 and why each override exists is told in `docs/adr/0003-engine-behind-a-wall.md`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from lxml import etree
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.parser.ValidationException import ValidationException
from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec
from SpiffWorkflow.bpmn.specs.defaults import BoundaryEvent, EndEvent
from SpiffWorkflow.exceptions import WorkflowException
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from app.process import compact, subset
from app.process.safe_xml import tree_of
from app.process.spiff.errors import EngineError
from app.process.spiff.events import Awaited
from app.process.spiff.parsing import calls_of, specs_of
from app.process.spiff.script import Calls, Decisions, Script
from app.process.spiff.steps import full_name, why
from app.process.spiff.stored import State, serializer

__all__ = ["Calls", "Decisions", "EngineError", "State"]

LIBRARY = "3.2.0"
VERSION = "3.2.0-3"
READABLE = frozenset({"3.2.0", "3.2.0-2", VERSION})
"""Versions whose stored states go on with this one: the library's number, then our way of writing its state."""
MAX_STEPS = 500
OPEN = TaskState.READY | TaskState.WAITING


@dataclass(frozen=True)
class Program:
    """What the engine needs of a version: the process and the diagram it is drawn in, and those of every process it calls."""

    process_id: str
    xml: str
    called: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class WaitingTask:
    """A user task that is ready for a person. `key` is its id in the diagram, `process/id` in that of a called process."""

    engine_task_id: str
    key: str


@dataclass(frozen=True)
class AwaitedEvent:
    """A timer or message that has not come. `key` is as that of a task."""

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
def _parsed(process_id: str, xml: str) -> Mapping[str, BpmnProcessSpec]:
    """A process and its subprocesses, once per content."""
    tree = tree_of(xml)
    outside = subset.outside(tree)
    if outside:
        raise EngineError(f"El motor no ejecuta «{etree.QName(outside[0]).localname}»: está fuera del subconjunto.")
    try:
        return specs_of(tree, process_id)
    except ValidationException as error:
        raise EngineError(f"El motor no pudo leer el diagrama: {error}") from error


@lru_cache(maxsize=256)
def _specs(program: Program) -> tuple[BpmnProcessSpec, Mapping[str, BpmnProcessSpec]]:
    """The process, and all that is done within it."""
    within: dict[str, BpmnProcessSpec] = {}
    for process_id, xml in (*program.called, (program.process_id, program.xml)):
        within |= _parsed(process_id, xml)
    missing = {name for spec in within.values() for name in calls_of(spec)} - dict(program.called).keys()
    if missing:
        raise EngineError(f"El proceso «{min(missing)}», que el diagrama llama, no está en esta versión.")
    return within.pop(program.process_id), within


def check(program: Program) -> None:
    """Raises EngineError if the engine cannot read the process, or one that it calls."""
    _specs(program)


def require_readable(version: str) -> None:
    """Raises OtherEngine unless a state stored by that version goes on here."""
    if version not in READABLE:
        raise OtherEngine(version)


def start(program: Program, *, calls: Calls) -> Position:
    """A new case of the diagram, run up to its first wait; a message that starts it has come.

    Raises what `calls` raise, and EngineError.
    """
    spec, within = _specs(program)
    return _run(BpmnWorkflow(spec, within, script_engine=Script(calls)))


def complete(program: Program, state: State, *, engine_task_id: str, decisions: Decisions, calls: Calls) -> Position:
    """The case after a person answered one of its waiting tasks. Raises what `calls` raise, and EngineError."""
    workflow = _restored(program, state)
    workflow.script_engine = Script(calls)
    task = _open_task(workflow, engine_task_id)
    if task is None or not _waits(task):
        raise EngineError("La tarea no está pendiente en el motor.")

    task.data.update(decisions)
    task.run()
    return _run(workflow)


def happen(program: Program, state: State, *, engine_task_id: str, calls: Calls) -> Position:
    """The case after the timer or message that one of its steps awaits. Raises what `calls` raise, and EngineError."""
    workflow = _restored(program, state)
    workflow.script_engine = Script(calls)
    task = _open_task(workflow, engine_task_id)
    if task is None or not _awaits(task):
        raise EngineError("El caso ya no espera eso: pasó antes o dejó de hacer falta.")

    task.task_spec.event_definition.happen(task)
    return _run(workflow)


def standing(program: Program, state: State) -> Standing:
    """Whom and what a stored case waits for; nothing moves. Raises EngineError for a state that cannot be read."""
    try:
        workflow = _restored(program, state)
    # A state that was damaged fails wherever its damage is.
    except (LookupError, TypeError, ValueError, AttributeError, WorkflowException) as error:
        raise EngineError(f"El estado guardado del caso no se puede leer: {error}") from error
    return _standing(workflow.get_tasks(state=OPEN))


def _restored(program: Program, state: State) -> BpmnWorkflow:
    spec, within = _specs(program)
    return serializer.from_dict(compact.grow(state), spec=spec, within=within)


def _run(workflow: BpmnWorkflow) -> Position:
    try:
        _take_steps(workflow)
    except WorkflowException as error:
        raise EngineError(why(error)) from error
    open_or_failed = workflow.get_tasks(state=OPEN | TaskState.ERROR)
    # A step that failed before stays in ERROR and is never said again.
    failed = next((task for task in open_or_failed if task.has_state(TaskState.ERROR)), None)
    if failed is not None:
        raise EngineError(f"El paso «{failed.task_spec.name}» no tiene por dónde seguir.")
    standing = _standing(open_or_failed)
    if not (standing.waiting or standing.awaited or workflow.completed):
        raise EngineError("El caso quedó sin nadie a quien esperar y sin terminar.")
    state = compact.shrink(serializer.to_dict(workflow))
    return Position(state, standing.waiting, _outcome(workflow), standing.awaited)


def _take_steps(workflow: BpmnWorkflow) -> None:
    """All that goes on without anybody. The library would run a step of its list that the one before it has cancelled."""
    steps = 0
    while ready := [task for task in workflow.get_tasks(state=TaskState.READY) if not task.task_spec.manual]:
        for task in ready:
            if task.has_state(TaskState.READY):
                steps += 1
                if steps > MAX_STEPS:
                    name = task.task_spec.name
                    raise EngineError(f"Más de {MAX_STEPS} pasos sin esperar a nadie; el último fue «{name}».")
                task.run()


def _standing(tasks: Sequence[Task]) -> Standing:
    return Standing(
        tuple(WaitingTask(str(task.id), full_name(task, task.task_spec.name)) for task in tasks if _waits(task)),
        tuple(AwaitedEvent(str(task.id), full_name(task, task.task_spec.name)) for task in tasks if _awaits(task)),
    )


def _waits(task: Task) -> bool:
    """For a person."""
    return bool(task.has_state(TaskState.READY) and task.task_spec.manual)


def _awaits(task: Task) -> bool:
    """An event."""
    if not task.has_state(TaskState.WAITING):
        return False
    return isinstance(getattr(task.task_spec, "event_definition", None), Awaited)


def _open_task(workflow: BpmnWorkflow, engine_task_id: str) -> Task | None:
    return next((task for task in workflow.get_tasks(state=OPEN) if str(task.id) == engine_task_id), None)


def _outcome(workflow: BpmnWorkflow) -> str | None:
    """The last end of the main way that was reached; what ends a branch beside it does not say how the case ended."""
    if not workflow.completed:
        return None
    reached = workflow.get_tasks(state=TaskState.COMPLETED, skip_subprocesses=True)
    ends = [task for task in reached if isinstance(task.task_spec, EndEvent)]
    main = [task for task in ends if not _is_beside(task)]
    last = max(main or ends, key=lambda task: task.last_state_change)
    return str(last.task_spec.name)


def _is_beside(task: Task | None) -> bool:
    while task is not None:
        if isinstance(task.task_spec, BoundaryEvent) and not task.task_spec.cancel_activity:
            return True
        task = task.parent
    return False
