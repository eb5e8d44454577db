"""The small language of conditions and deadlines in diagrams: names, literals, comparison, and/or/not, in, named functions.

Nothing of Python is reachable from it: every word must be of the language before Python's parser sees it, every node of
the tree must be in the allow-list, and the tree is walked by us. There are no attributes, no subscripts, no arithmetic
and no loops. What the variables are is checked before a diagram is published, by `expression_types.py`.
"""

import ast
import operator
import re
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Any

Value = bool | int | str | None | tuple["Value", ...]
Functions = Mapping[str, Callable[..., object]]

MAX_LENGTH = 300
MAX_NODES = 60
MAX_DEPTH = 12
MAX_STEPS = 10_000
NO_FUNCTIONS: Functions = MappingProxyType({})

WORD = re.compile(
    r"""(?P<space>[ \t\r\n]+)
    | (?P<name>[A-Za-z_][A-Za-z0-9_]*)(?!['"])
    | (?P<number>[0-9]{1,9})(?![A-Za-z0-9_])
    | (?P<text>'[^'\\\r\n]*'|"[^"\\\r\n]*")(?!['"])
    | (?P<sign>==|!=|<=|>=|[<>()\[\],])""",
    re.VERBOSE,
)
COMPARISONS: Mapping[type[ast.cmpop], Callable[[Any, Any], object]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.In: lambda left, right: left in right,
    ast.NotIn: lambda left, right: left not in right,
}
CONSTANTS = (bool, int, str, type(None))
SHAPES = (ast.BoolOp, ast.UnaryOp, ast.Compare, ast.Name, ast.Constant, ast.Tuple, ast.List, ast.Call)
PUNCTUATION = (ast.Expression, ast.boolop, ast.Not, ast.Load, *COMPARISONS)


class ExpressionError(ValueError):
    """The expression is outside the language, or names something that is not there. The text is for the analyst."""


@lru_cache(maxsize=1024)
def parse(source: str) -> ast.expr:
    """The checked tree of `source`. Raises ExpressionError and says what is not allowed."""
    if len(source) > MAX_LENGTH:
        raise ExpressionError(f"La expresión supera los {MAX_LENGTH} caracteres. Divídala en dos compuertas.")
    _require_words(source)
    try:
        tree = ast.parse(source.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise ExpressionError(f"{source!r} no es una expresión válida. Revise su escritura.") from error

    _require_size(tree)
    for node in ast.walk(tree):
        _require_allowed(node)
    return tree.body


def _require_words(source: str) -> None:
    """Every word is one of ours: no accents or look-alikes outside quotes, no escapes, no comments, no large numbers."""
    at = 0
    while at < len(source):
        word = WORD.match(source, at)
        if word is None:
            raise ExpressionError(
                f"{source!r} no es una expresión válida: {source[at : at + 12]!r} no se permite. Use nombres sin tildes, "
                "textos entre comillas, enteros de hasta nueve cifras, comparaciones, and, or, not e in."
            )
        at = word.end()


def _require_size(tree: ast.AST) -> None:
    level: list[ast.AST] = [tree]
    count = depth = 0
    while level:
        count += len(level)
        depth += 1
        if count > MAX_NODES or depth > MAX_DEPTH:
            raise ExpressionError("La expresión es demasiado larga. Divídala en dos compuertas.")
        level = [child for node in level for child in ast.iter_child_nodes(node)]


def _require_allowed(node: ast.AST) -> None:
    if not isinstance(node, SHAPES + PUNCTUATION):
        raise ExpressionError(
            f"«{type(node).__name__}» no se permite en una expresión. Use comparaciones, and, or, not e in."
        )
    if isinstance(node, ast.Constant) and not isinstance(node.value, CONSTANTS):
        raise ExpressionError(f"El valor {node.value!r} no se permite. Use textos, enteros, True, False o None.")
    if isinstance(node, ast.Name) and node.id.startswith("_"):
        raise ExpressionError(f"El nombre «{node.id}» no se permite. Use el de una respuesta, como granted.")
    if isinstance(node, ast.Call) and (not isinstance(node.func, ast.Name) or node.keywords):
        raise ExpressionError("Una función se llama por su nombre y con valores, como plazo_habil(10).")


def names_in(source: str) -> frozenset[str]:
    """The variables that `source` reads; function names are not among them."""
    tree = parse(source)
    called = {node.func.id for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}
    return frozenset(node.id for node in ast.walk(tree) if isinstance(node, ast.Name)) - called


def evaluate(source: str, variables: Mapping[str, Value], functions: Functions = NO_FUNCTIONS) -> object:
    """The value of `source`. Raises ExpressionError for unknown names, values of unlike types, or too much work."""
    return _Walk(variables, functions).value(parse(source))


class _Walk:
    """One evaluation. Each node costs a step, each value as many as it is long: a stored value may be of any size."""

    def __init__(self, variables: Mapping[str, Value], functions: Functions) -> None:
        self._variables = variables
        self._functions = functions
        self._steps = MAX_STEPS

    def value(self, node: ast.expr) -> object:
        self._spend(1)
        match node:
            case ast.Constant(value=value):
                return value
            case ast.Name(id=name):
                return self._known(_lookup(self._variables, name, "La variable"))
            case ast.Tuple(elts=elements) | ast.List(elts=elements):
                return tuple(self.value(element) for element in elements)
            case ast.UnaryOp(operand=operand):
                return not self._truth(operand)
            case ast.BoolOp(op=ast.And(), values=values):
                return all(self._truth(value) for value in values)
            case ast.BoolOp(values=values):
                return any(self._truth(value) for value in values)
            case ast.Compare():
                return self._compare(node)
            case ast.Call(func=ast.Name(id=name), args=arguments):
                return self._called(name, arguments)
        raise ExpressionError("La expresión no se puede evaluar. Revise su escritura.")

    def _spend(self, steps: int) -> None:
        self._steps -= steps
        if self._steps < 0:
            raise ExpressionError("La expresión compara demasiado. Use respuestas más cortas.")

    def _known(self, value: object) -> object:
        if isinstance(value, str):
            self._spend(len(value))
        if isinstance(value, list | tuple):
            self._spend(len(value))
            return tuple(self._known(element) for element in value)
        return value

    def _truth(self, node: ast.expr) -> bool:
        value = self.value(node)
        if not isinstance(value, bool):
            raise ExpressionError(f"{value!r} no es sí ni no. Compárelo con un valor, como days > 5.")
        return value

    def _compare(self, node: ast.Compare) -> bool:
        left = self.value(node.left)
        for comparison, right_node in zip(node.ops, node.comparators, strict=True):
            right = self.value(right_node)
            _require_alike(comparison, left, right)
            if not COMPARISONS[type(comparison)](left, right):
                return False
            left = right
        return True

    def _called(self, name: str, arguments: Iterable[ast.expr]) -> object:
        function: Callable[..., object] = _lookup(self._functions, name, "La función")  # type: ignore[assignment]
        values = [self.value(argument) for argument in arguments]
        try:
            return function(*values)
        except (TypeError, OverflowError) as error:
            raise ExpressionError(f"«{name}» no acepta esos valores. Escríbala como plazo_habil(10).") from error


def _require_alike(comparison: ast.cmpop, left: object, right: object) -> None:
    """True is 1 for Python, and 'a' is in 'abc'; here unlike things are an error and not an answer."""
    if isinstance(comparison, ast.In | ast.NotIn):
        alike = isinstance(right, tuple) and all(_alike(left, element) for element in right)
    elif isinstance(comparison, ast.Eq | ast.NotEq):
        alike = _alike(left, right)
    else:
        alike = type(left) is type(right) and isinstance(left, int | str) and not isinstance(left, bool)
    if not alike:
        raise ExpressionError(f"No se pueden comparar {left!r} y {right!r}: son de tipos distintos.")


def _alike(left: object, right: object) -> bool:
    return left is None or right is None or type(left) is type(right)


def _lookup(known: Mapping[str, object], name: str, kind: str) -> object:
    if name not in known:
        raise ExpressionError(f"{kind} «{name}» no existe aquí. Las que hay: {', '.join(sorted(known)) or 'ninguna'}.")
    return known[name]
