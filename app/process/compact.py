"""The engine's state as we store it: the same task tree in a seventh of the bytes. Knows JSON and nothing of the engine.

A finished step is where it hangs, its name, how it ended and when; only a step that may still move keeps its id, which
the waiting tasks of people refer to. A subprocess is a tree of its own that hangs on a step; of one that is over, only its
steps are kept.
"""

import uuid
from collections.abc import Iterator
from typing import Any

State = dict[str, Any]

FORMAT = 3
WAITING, READY, STARTED, COMPLETED, ERROR, CANCELLED = 8, 16, 32, 64, 128, 256
KEEP_ID = frozenset({READY, WAITING, STARTED})
FINISHED = frozenset({COMPLETED, ERROR, CANCELLED})
MOST_STEPS = 80
MICROSECONDS = 1_000_000


def shrink(state: State) -> State:
    """The stored form of what the library wrote. Raises ValueError for a part of the library's state we do not store."""
    trees = _trees(state)
    if any(tree["correlations"] for tree, _ in trees):
        raise ValueError("correlations are not part of the subset of diagrams")
    since = min(task["last_state_change"] for _, order in trees for task in order)
    own, *within = [_shrunk_tree(tree, order, since) for tree, order in trees]
    places = {task["id"]: [tree, place] for tree, (_, order) in enumerate(trees) for place, task in enumerate(order)}
    for shrunk, (tree, _) in zip(within, trees[1:], strict=True):
        shrunk["host"] = places[tree["parent_task_id"]]
        if tree["called"]:
            shrunk["called"] = tree["called"]
    return {"format": FORMAT, "since": since, **own} | ({"within": within} if within else {})


def grow(state: State) -> State:
    """What the library reads, from what we stored now or, in the first format, before."""
    if "format" not in state:
        return state
    trees = [state, *state.get("within", [])]
    ids = [[_id(task) for task in tree["tasks"]] for tree in trees]
    own, *within = [_grown_tree(tree, ids[number], state["since"]) for number, tree in enumerate(trees)]
    hosts = [ids[tree][place] for tree, place in (shrunk["host"] for shrunk in trees[1:])]
    for host, grown, shrunk in zip(hosts, within, trees[1:], strict=True):
        grown |= {"typename": "BpmnSubWorkflow", "parent_task_id": host, "called": shrunk.get("called", "")}
    return own | {"typename": "BpmnWorkflow", "subprocesses": dict(zip(hosts, within, strict=True))}


def _trees(state: State) -> list[tuple[State, list[State]]]:
    """The case and then its subprocesses, each after the one it is in, with their steps in order.

    A subprocess whose step was forgotten is forgotten with it.
    """
    found = [(state, _without_oldest(state))]
    for _, steps in found:
        within = [state["subprocesses"][task["id"]] for task in steps if task["id"] in state["subprocesses"]]
        found += [(tree, _without_oldest(tree)) for tree in within]
    return found


def _in_order(tasks: State, root: str) -> Iterator[State]:
    """The root, then parents before their children and brothers in their order."""
    to_see = [root]
    while to_see:
        task = tasks[to_see.pop()]
        yield task
        to_see += reversed(task["children"])


def _without_oldest(tree: State) -> list[State]:
    """Who corrects a hundred times leaves a hundred rounds behind: beyond `MOST_STEPS`, the first ones are forgotten.

    Only steps in single file are, with what hung on them in vain: what follows depends on where the case stands and on its
    data, not on how it came. Where two branches began, or something still waits beside a step, nothing is forgotten any more.
    """
    tasks, root = tree["tasks"], tree["tasks"][tree["root"]]
    first, data = root, dict(root["data"])
    forgotten: set[str] = set()
    while len(tasks) - len(forgotten) > MOST_STEPS + 1:
        after = [tasks[key] for key in first["children"]]
        going_on = [task for task in after if task["children"] or task["state"] not in FINISHED]
        if len(going_on) != 1:
            break
        forgotten |= {task["id"] for task in (first, *after) if task is not root and task is not going_on[0]}
        (first,) = going_on
        data = _changed(data, first["delta"])
    order = [task for task in _in_order(tasks, tree["root"]) if task["id"] not in forgotten]
    if not forgotten:
        return order
    delta = {"updates": data, "deletions": [key for key in root["data"] if key not in data]}
    return [root, first | {"parent": root["id"], "delta": delta}, *order[2:]]


def _changed(data: State, delta: State) -> State:
    return {key: value for key, value in (data | delta["updates"]).items() if key not in delta["deletions"]}


def _shrunk_tree(tree: State, order: list[State], since: float) -> State:
    index = {task["id"]: number for number, task in enumerate(order)}
    is_over = tree["completed"] and "parent_task_id" in tree
    return {
        "success": tree["success"],
        "completed": tree["completed"],
        # The step that a subprocess hangs on has taken over what is known at its end.
        "data": {} if is_over else tree["data"],
        "last": index.get(tree["last_task"]),
        "tasks": [_shrunk(task, index, since)[: 4 if is_over else 5] for task in order],
    }


def _shrunk(task: State, index: dict[str, int], since: float) -> list[Any]:
    after = round((task["last_state_change"] - since) * MICROSECONDS)
    row = [index.get(task["parent"]), task["task_spec"], task["state"], after]
    rest = {
        "id": task["id"] if task["state"] in KEEP_ID else None,
        "triggered": task["triggered"],
        "internal": {name: value for name, value in task["internal_data"].items() if value},
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


def _grown_tree(tree: State, ids: list[str], since: float) -> State:
    tasks = {ids[number]: _grown(task, ids, number, since) for number, task in enumerate(tree["tasks"])}
    for task in tasks.values():
        if task["parent"] is not None:
            tasks[task["parent"]]["children"].append(task["id"])
    return {
        "success": tree["success"],
        "completed": tree["completed"],
        "data": tree["data"],
        "correlations": {},
        "last_task": None if tree["last"] is None else ids[tree["last"]],
        "root": ids[0],
        "tasks": tasks,
    }


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
