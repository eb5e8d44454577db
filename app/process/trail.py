"""The way that a stored case took, in the words of its diagram. Knows how a state is stored and nothing of the engine."""

from collections.abc import Iterator
from dataclasses import dataclass

from app.process.compact import CANCELLED, COMPLETED, READY, STARTED, WAITING, State, grow

COME_TO = frozenset({READY, STARTED, COMPLETED})
ARRIVED = COME_TO | {WAITING, CANCELLED}
SPLIT = ".BoundaryEventSplit"


@dataclass(frozen=True)
class Step:
    """A step that is done or waits for somebody: its id in the diagram, the one it came from, since when (seconds from 1970)."""

    key: str
    after: str
    at: float
    is_done: bool


def taken(state: State, called: str = "") -> list[Step]:
    """The way of a stored case in the order it was taken, that within subprocesses too.

    In the case's own diagram, or in that of the process `called` by it.
    """
    found = [
        Step(task["task_spec"], _before(task, tasks), task["last_state_change"], is_done=task["state"] == COMPLETED)
        for tasks, task in _steps(state, called)
        if task["state"] in COME_TO
    ]
    return sorted(found, key=lambda step: step.at)


def passed(state: State, called: str = "") -> frozenset[tuple[str, str]]:
    """Between which steps a stored case has gone, those too that it came to and that were then no longer needed.

    Of the branches that come to a join, one goes on and the others are cancelled; the way into it was gone all the same.
    What hangs on a step is come to from there, and only when it happens.
    """
    return frozenset(
        (before, task["task_spec"])
        for tasks, task in _steps(state, called)
        if (before := _before(task, tasks)) and task["state"] in (COME_TO if _hangs(task, tasks) else ARRIVED)
    )


def _steps(state: State, called: str) -> Iterator[tuple[State, State]]:
    """The steps of one diagram, each with those around it; the engine adds some of its own, which no diagram has."""
    grown = grow(state)
    process_of = dict.fromkeys(grown["tasks"], "")
    for tree in (grown, *grown["subprocesses"].values()):
        if "parent_task_id" in tree:
            process_of |= dict.fromkeys(tree["tasks"], tree["called"] or process_of[tree["parent_task_id"]])
        if process_of[tree["root"]] == called:
            yield from ((tree["tasks"], task) for task in tree["tasks"].values() if not _is_hidden(task))


def _is_hidden(task: State) -> bool:
    return task["task_spec"] in ("Start", "End") or "." in task["task_spec"]


def _hangs(task: State, tasks: State) -> bool:
    """Whether it is an event on the boundary of another step."""
    around = str(tasks[task["parent"]]["task_spec"]) if task["parent"] else ""
    return around.endswith(SPLIT) and around != f"{task['task_spec']}{SPLIT}"


def _before(task: State, tasks: State) -> str:
    """The step that it came from, if that is done; of what hangs on a step, that one. Empty for the first."""
    if _hangs(task, tasks):
        return str(tasks[task["parent"]]["task_spec"]).removesuffix(SPLIT)
    while task["parent"]:
        task = tasks[task["parent"]]
        if not _is_hidden(task):
            return str(task["task_spec"]) if task["state"] == COMPLETED else ""
    return ""
