"""The house rules that a machine can check, so that nobody has to remember them."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from flask import Flask

from app.domain.offices import Office
from app.process import definitions, diagrams, gate, operations
from app.process.catalogue import FORMS
from app.process.diagrams import UserTask
from app.process.package import Package
from app.web.access import rule_of

ROOT = Path(__file__).parents[1]
OWN_CODE = ("app", "tasks", "bench")
LONGEST_FILE, LONGEST_TEST_FILE, LONGEST_FUNCTION, LONGEST_TASK = 250, 300, 40, 15

Function = ast.FunctionDef | ast.AsyncFunctionDef


def python_files(*folders: str) -> list[str]:
    """Our files by their path from the root; generated migrations are not ours to shape."""
    found = (path.relative_to(ROOT).as_posix() for folder in folders for path in (ROOT / folder).rglob("*.py"))
    return sorted(name for name in found if not name.startswith("app/migrations/versions/"))


@cache
def tree_of(name: str) -> ast.Module:
    return ast.parse((ROOT / name).read_text(encoding="utf-8"), name)


def functions(name: str) -> Iterator[Function]:
    return (node for node in ast.walk(tree_of(name)) if isinstance(node, Function))


def imports(name: str) -> set[str]:
    """The top packages a file imports, wherever in it."""
    found: set[str] = set()
    for node in ast.walk(tree_of(name)):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.partition(".")[0])
    return found


def length(node: Function) -> int:
    assert node.end_lineno is not None
    return node.end_lineno - node.lineno + 1


def calls(node: ast.AST, method: str) -> list[int]:
    """The lines on which something's `method` is called."""
    return [
        call.lineno
        for call in ast.walk(node)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == method
    ]


BEHIND_THE_WALL = {
    "app/process/engine.py",
    *(f"app/process/spiff/{part}.py" for part in ("events", "parsing", "script", "steps", "stored")),
}
OURS = python_files(*OWN_CODE)
TESTS = [name for name in python_files("tests") if Path(name).name.startswith("test_")]
EVERYTHING = [*OURS, *python_files("tests")]


def test_the_layers_point_one_way() -> None:
    program = Path(sys.executable).with_name("lint-imports")
    checked = subprocess.run([program, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)

    assert checked.returncode == 0, checked.stdout


@pytest.mark.parametrize("name", python_files("app", "tasks"))
def test_only_the_unit_of_work_commits(name: str) -> None:
    if name == "app/unit_of_work.py":
        assert len(calls(tree_of(name), "commit")) == 1
    else:
        assert calls(tree_of(name), "commit") == []


@pytest.mark.parametrize("name", OURS)
def test_only_the_engine_knows_spiffworkflow(name: str) -> None:
    assert ("SpiffWorkflow" in imports(name)) == (name in BEHIND_THE_WALL)


@pytest.mark.parametrize("name", python_files("app/services", "app/models"))
def test_services_know_neither_web_nor_queue_nor_engine(name: str) -> None:
    assert imports(name).isdisjoint({"flask", "celery", "kombu", "SpiffWorkflow"})


@pytest.mark.parametrize("name", python_files("app/domain"))
def test_the_domain_knows_no_framework(name: str) -> None:
    small_and_pure = {"app", "stdnum", "holidays"}

    assert imports(name) - sys.stdlib_module_names <= small_and_pure


@pytest.mark.parametrize("name", python_files("tasks"))
def test_a_task_is_short(name: str) -> None:
    assert {node.name: length(node) for node in functions(name) if is_task(node) and length(node) > LONGEST_TASK} == {}


def is_task(node: Function) -> bool:
    return any("celery.task" in ast.unparse(decorator) for decorator in node.decorator_list)


@pytest.mark.parametrize("name", EVERYTHING)
def test_a_file_is_a_small_room(name: str) -> None:
    longest = LONGEST_TEST_FILE if name.startswith("tests/") else LONGEST_FILE

    assert len((ROOT / name).read_text(encoding="utf-8").splitlines()) <= longest


@pytest.mark.parametrize("name", EVERYTHING)
def test_a_function_fits_a_look(name: str) -> None:
    long = {node.name: length(node) for node in functions(name) if length(node) > LONGEST_FUNCTION}

    assert {function: lines for function, lines in long.items() if function not in compiled(name)} == {}


def compiled(name: str) -> set[str]:
    """Loops compiled to machine code: parting them would cost a call for every mark of the country."""
    return {node.name for node in functions(name) if "compiled" in map(ast.unparse, node.decorator_list)}


@pytest.mark.parametrize("name", EVERYTHING)
def test_a_file_says_first_what_it_owns(name: str) -> None:
    assert ast.get_docstring(tree_of(name)), f"{name} starts without a docstring"


@pytest.mark.parametrize("name", EVERYTHING)
def test_no_error_is_caught_that_nobody_expected(name: str) -> None:
    """A handler that ends by raising again only cleans up, and may see everything."""
    handlers = [node for node in ast.walk(tree_of(name)) if isinstance(node, ast.ExceptHandler)]
    sweeping = [
        node.lineno for node in handlers if catches_everything(node) and not isinstance(node.body[-1], ast.Raise)
    ]

    assert sweeping == []


def catches_everything(handler: ast.ExceptHandler) -> bool:
    caught = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(one is None or ast.unparse(one) in {"Exception", "BaseException"} for one in caught)


@pytest.mark.parametrize("name", TESTS)
def test_every_test_claims_something(name: str) -> None:
    silent = [node.name for node in functions(name) if node.name.startswith("test_") and not claims(node)]

    assert silent == []


def claims(test: Function) -> bool:
    """Whether a test can fail: an assert of its own, an expected refusal, or Playwright's `expect`."""
    return any(
        isinstance(node, ast.Assert)
        or (isinstance(node, ast.Call) and ast.unparse(node.func) in {"pytest.raises", "expect"})
        for node in ast.walk(test)
    )


@pytest.mark.parametrize("name", python_files("tests"))
def test_no_test_is_skipped_or_expected_to_fail(name: str) -> None:
    marks = {"skip", "skipif", "xfail", "importorskip"}
    used = {node.attr for node in ast.walk(tree_of(name)) if isinstance(node, ast.Attribute)}

    assert used.isdisjoint(marks)


DIAGRAMS = sorted(definitions.FOLDER.glob("*.bpmn"))
USER_TASKS = [task for path in DIAGRAMS for task in diagrams.read(path.read_bytes()).user_tasks.values()]


@pytest.mark.parametrize("path", DIAGRAMS, ids=lambda path: path.stem)
def test_a_diagram_passes_the_gate(path: Path) -> None:
    assert gate.findings(Package(diagrams.read(path.read_bytes()))) == []


def test_diagrams_and_code_name_the_same_operations() -> None:
    drawn = {name for path in DIAGRAMS for name in diagrams.read(path.read_bytes()).operations.values()}

    assert drawn == set(operations.OPERATIONS)


def test_diagrams_and_code_name_the_same_forms() -> None:
    assert {task.form for task in USER_TASKS} == set(FORMS)


@pytest.mark.parametrize("task", USER_TASKS, ids=lambda task: task.key)
def test_a_user_task_says_who_does_what_in_both_languages(task: UserTask) -> None:
    verb = task.name.split()[0]

    assert gate.ENGLISH_ID.match(task.key)
    assert verb.endswith(("ar", "er", "ir"))
    assert task.form in FORMS
    assert task.office in set(Office) - {Office.SYSTEM}


def test_every_route_has_an_access_rule(app: Flask) -> None:
    with app.app_context():
        open_doors = [rule.rule for rule in app.url_map.iter_rules() if rule_of(rule.endpoint) is None]

    assert open_doors == []
