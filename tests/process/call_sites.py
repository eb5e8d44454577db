"""Where the installed engine evaluates, executes, calls or starts something, read from its source."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import SpiffWorkflow

PACKAGE = Path(SpiffWorkflow.__file__).parent
RUNS = frozenset({"eval", "exec", "compile", "__import__", "import_module", "Popen", "system"})
ASKS = frozenset({"evaluate", "execute", "call_service"})
HANDS = frozenset({"script_engine", "environment"})


@dataclass(frozen=True, order=True)
class Site:
    """One call or use: the file, the function it stands in, and its text, so that a moved line is not news."""

    file: str
    function: str
    text: str

    @property
    def where(self) -> str:
        return f"{self.file} {self.function}"


def found() -> set[Site]:
    """Every call of a thing that runs or evaluates, and every other use of a script engine or its environment."""
    sites: set[Site] = set()
    for path in sorted(PACKAGE.rglob("*.py")):
        name = path.relative_to(PACKAGE).as_posix()
        tree = ast.parse(path.read_text(encoding="utf-8"))
        called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
        sites |= {
            Site(name, function, ast.unparse(node))
            for function, node in _within(tree, "")
            if _runs(node) or (isinstance(node, ast.Attribute) and node.attr in HANDS and id(node) not in called)
        }
    return {site for site in sites if not _is_part(site, sites)}


def _runs(node: ast.AST) -> bool:
    if not isinstance(node, ast.Call):
        return False
    return _name(node.func) in RUNS | ASKS or ast.unparse(node.func) == "pickle.loads"


def _within(tree: ast.AST, function: str) -> Iterator[tuple[str, ast.AST]]:
    """Each node with the dotted name of the function it stands in."""
    for node in ast.iter_child_nodes(tree):
        inner = function
        if isinstance(node, ast.ClassDef | ast.FunctionDef):
            inner = f"{function}.{node.name}" if function else node.name
        yield inner, node
        yield from _within(node, inner)


def _name(called: ast.expr) -> str:
    return called.attr if isinstance(called, ast.Attribute) else called.id if isinstance(called, ast.Name) else ""


def _is_part(site: Site, sites: set[Site]) -> bool:
    """A use inside a call that is listed already."""
    return any(other.where == site.where and other.text != site.text and site.text in other.text for other in sites)
