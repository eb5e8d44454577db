"""The engine's state as we store it: the same task tree in a seventh of the bytes. Knows JSON and nothing of the engine.

A finished step is where it hangs, its name, how it ended and when; only a step that may still move keeps its id, which
the waiting tasks of people refer to.
"""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

State = dict[str, Any]

FORMAT = 2
READY, WAITING, STARTED, COMPLETED, CANCELLED = 16, 8, 32, 64, 256
ARRIVED = frozenset({READY, WAITING, COMPLETED, CANCELLED})
KEEP_ID = frozenset({READY, WAITING, STARTED})
MOST_STEPS = 80
MICROSECONDS = 1_000_000


@dataclass(frozen=True)
class Step:
    """A step that is done or waits for somebody: its id in the diagram, the one it came from, since when (seconds from 1970)."""

    key: str
    after: str
    at: float
    is_done: bool


def shrink(state: State) -> State:
    """The stored form of what the library wrote. Raises ValueError for a part of the library's state we do not store."""
    if state["subprocesses"] or state["correlations"]:
        raise ValueError("subprocesses and correlations are not part of the subset of diagrams")
    order = _without_oldest(list(_in_order(state["tasks"], state["root"])))
    index = {task["id"]: number for number, task in enumerate(order)}
    since = min(task["last_state_change"] for task in order)
    return {
        "format": FORMAT,
        "since": since,
        "success": state["success"],
        "completed": state["completed"],
        "data": state["data"],
        "last": index.get(state["last_task"]),
        "tasks": [_shrunk(task, index, since) for task in order],
    }


def grow(state: State) -> State:
    """What the library reads, from what we stored now or, in the first format, before."""
    if "format" not in state:
        return state
    ids = [_id(task) for task in state["tasks"]]
    tasks = {ids[number]: _grown(task, ids, number, state["since"]) for number, task in enumerate(state["tasks"])}
    for task in tasks.values():
        if task["parent"] is not None:
            tasks[task["parent"]]["children"].append(task["id"])
    return {
        "typename": "BpmnWorkflow",
        "success": state["success"],
        "completed": state["completed"],
        "data": state["data"],
        "correlations": {},
        "last_task": None if state["last"] is None else ids[state["last"]],
        "root": ids[0],
        "tasks": tasks,
        "subprocesses": {},
    }


def taken(state: State) -> list[Step]:
    """The way of a stored case in the order it was taken; the engine's own steps, which no diagram has, are among them."""
    tasks = grow(state)["tasks"]
    come_to = [task for task in tasks.values() if task["state"] in (COMPLETED, READY)]
    return [
        Step(
            key=task["task_spec"],
            after=tasks[task["parent"]]["task_spec"] if task["parent"] else "",
            at=task["last_state_change"],
            is_done=task["state"] == COMPLETED,
        )
        for task in sorted(come_to, key=lambda task: float(task["last_state_change"]))
    ]


def passed(state: State) -> frozenset[tuple[str, str]]:
    """Between which steps a stored case has gone, those too that it came to and that were then no longer needed.

    Of the branches that come to a join, one goes on and the others are cancelled; the way into it was gone all the same.
    """
    tasks = grow(state)["tasks"]
    come_to = (task for task in tasks.values() if task["parent"] and task["state"] in ARRIVED)
    before = ((tasks[task["parent"]], task) for task in come_to)
    return frozenset((one["task_spec"], task["task_spec"]) for one, task in before if one["state"] == COMPLETED)


def _in_order(tasks: State, root: str) -> Iterator[State]:
    """The root, then parents before their children and brothers in their order."""
    to_see = [root]
    while to_see:
        task = tasks[to_see.pop()]
        yield task
        to_see += reversed(task["children"])


def _without_oldest(order: list[State]) -> list[State]:
    """Who corrects a hundred times leaves a hundred rounds behind: beyond `MOST_STEPS`, the first ones are forgotten.

    Only steps in single file are: what follows depends on where the case stands and on its data, not on how it came.
    """
    root, *rest = order
    data = dict(root["data"])
    forgotten = 0
    while len(rest) - forgotten > MOST_STEPS and len(rest[forgotten]["children"]) == 1:
        data = _changed(data, rest[forgotten]["delta"])
        forgotten += 1
    if not forgotten:
        return order
    first, *others = rest[forgotten:]
    data = _changed(data, first["delta"])
    delta = {"updates": data, "deletions": [key for key in root["data"] if key not in data]}
    return [root, first | {"parent": root["id"], "delta": delta}, *others]


def _changed(data: State, delta: State) -> State:
    return {key: value for key, value in (data | delta["updates"]).items() if key not in delta["deletions"]}


def _shrunk(task: State, index: dict[str, int], since: float) -> list[Any]:
    after = round((task["last_state_change"] - since) * MICROSECONDS)
    row = [index.get(task["parent"]), task["task_spec"], task["state"], after]
    rest = {
        "id": task["id"] if task["state"] in KEEP_ID else None,
        "triggered": task["triggered"],
        "internal": task["internal_data"],
        "data": task["data"],
        "updates": task["delta"].get("updates"),
        "deletions": task["delta"].get("deletions"),
    }
    kept = {key: value for key, value in rest.items() if value}
    return [*row, kept] if kept else row


def _id(task: list[Any]) -> str:
    kept = task[4] if len(task) > 4 else {}
    # Nobody refers to the others from outside; new, because one of them may be the next to wait for a person.
    return str(kept.get("id") or uuid.uuid4())


def _grown(task: list[Any], ids: list[str], number: int, since: float) -> State:
    parent, spec, state, after = task[:4]
    kept = task[4] if len(task) > 4 else {}
    delta = {"updates": kept.get("updates", {}), "deletions": kept.get("deletions", [])}
    return {
        "typename": "Task",
        "id": ids[number],
        "parent": None if parent is None else ids[parent],
        "children": [],
        "last_state_change": since + after / MICROSECONDS,
        "state": state,
        "task_spec": spec,
        "triggered": kept.get("triggered", False),
        "internal_data": kept.get("internal", {}),
        "data": kept.get("data", {}),
        "delta": {} if parent is None else delta,
    }
