"""The small language of conditions and deadlines in diagrams: names, literals, comparison, and/or/not, in, named functions.

Nothing of Python is reachable from it: an expression is parsed to a tree, every node of the tree must be in the
allow-list, and the tree is walked by us. There are no attributes, no subscripts, no arithmetic and no loops.
"""

import ast
import operator
from collections.abc import Callable, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Any

Value = bool | int | str | None | tuple["Value", ...]
Functions = Mapping[str, Callable[..., object]]

MAX_LENGTH = 300
MAX_NODES = 60
NO_FUNCTIONS: Functions = MappingProxyType({})

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
    try:
        tree = ast.parse(source.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise ExpressionError(f"«{source}» no es una expresión válida. Revise su escritura.") from error

    nodes = list(ast.walk(tree))
    if len(nodes) > MAX_NODES:
        raise ExpressionError("La expresión es demasiado larga. Divídala en dos compuertas.")
    for node in nodes:
        _require_allowed(node)
    return tree.body


def _require_allowed(node: ast.AST) -> None:
    if not isinstance(node, SHAPES + PUNCTUATION):
        raise ExpressionError(
            f"«{type(node).__name__}» no se permite en una expresión. Use comparaciones, and, or, not e in."
        )
    if isinstance(node, ast.Constant) and not isinstance(node.value, CONSTANTS):
        raise ExpressionError(f"El valor {node.value!r} no se permite. Use textos, enteros, True, False o None.")
    if isinstance(node, ast.UnaryOp) and not isinstance(node.op, ast.Not):
        raise ExpressionError("El único operador de un solo lado es not.")
    if isinstance(node, ast.Name) and node.id.startswith("_"):
        raise ExpressionError(f"El nombre «{node.id}» no se permite.")
    if isinstance(node, ast.Call) and (not isinstance(node.func, ast.Name) or node.keywords):
        raise ExpressionError("Una función se llama por su nombre y con valores, como plazo_habil(10).")


def names_in(source: str) -> frozenset[str]:
    """The variables that `source` reads; function names are not among them."""
    tree = parse(source)
    called = {node.func.id for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}
    return frozenset(node.id for node in ast.walk(tree) if isinstance(node, ast.Name)) - called


def evaluate(source: str, variables: Mapping[str, Value], functions: Functions = NO_FUNCTIONS) -> object:
    """The value of `source`. Raises ExpressionError for an unknown name or function, or values that do not compare."""
    return _value(parse(source), variables, functions)


def _value(node: ast.expr, variables: Mapping[str, Value], functions: Functions) -> object:
    match node:
        case ast.Constant(value=value):
            return value
        case ast.Name(id=name):
            return _lookup(variables, name, "La variable")
        case ast.Tuple(elts=elements) | ast.List(elts=elements):
            return tuple(_value(element, variables, functions) for element in elements)
        case ast.UnaryOp(operand=operand):
            return not _value(operand, variables, functions)
        case ast.BoolOp(op=ast.And(), values=values):
            return all(_value(value, variables, functions) for value in values)
        case ast.BoolOp(values=values):
            return any(_value(value, variables, functions) for value in values)
        case ast.Compare():
            return _compare(node, variables, functions)
        case ast.Call(func=ast.Name(id=name), args=arguments):
            function: Callable[..., object] = _lookup(functions, name, "La función")  # type: ignore[assignment]
            return function(*(_value(argument, variables, functions) for argument in arguments))
    raise ExpressionError("La expresión no se puede evaluar.")


def _compare(node: ast.Compare, variables: Mapping[str, Value], functions: Functions) -> bool:
    left = _value(node.left, variables, functions)
    for comparison, right_node in zip(node.ops, node.comparators, strict=True):
        right = _value(right_node, variables, functions)
        try:
            holds = COMPARISONS[type(comparison)](left, right)
        except TypeError as error:
            raise ExpressionError(f"No se pueden comparar {left!r} y {right!r}: son de tipos distintos.") from error
        if not holds:
            return False
        left = right
    return True


def _lookup(known: Mapping[str, object], name: str, kind: str) -> object:
    if name not in known:
        raise ExpressionError(f"{kind} «{name}» no existe aquí. Las que hay: {', '.join(sorted(known)) or 'ninguna'}.")
    return known[name]
