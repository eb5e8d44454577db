"""What an expression of a diagram gives, told from the declared types alone, before any case runs it."""

import ast
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from app.process.expressions import ExpressionError, parse


@dataclass(frozen=True)
class Type:
    """A type by its Spanish face. A text may be one of `choices`, a number lie within `bounds`, a list hold `element`s."""

    face: str
    choices: frozenset[str] = frozenset()
    bounds: tuple[int, int] | None = None
    element: "Type | None" = None


BOOL = Type("sí o no")
INT = Type("número entero")
TEXT = Type("texto")
DAY = Type("fecha")
FILES = Type("archivos")
NOTHING = Type("nada")


def choice_of(*choices: str) -> Type:
    """One of a few texts; a comparison with any other text is a mistake."""
    return replace(TEXT, choices=frozenset(choices))


def list_of(element: Type) -> Type:
    """A list, in which `in` looks; of texts, with the ones that may be in it."""
    return Type("lista", choices=element.choices, element=replace(element, choices=frozenset(), bounds=None))


def within(least: int, most: int) -> Type:
    return replace(INT, bounds=(least, most))


@dataclass(frozen=True)
class Signature:
    """What a function of the language takes and gives."""

    takes: Sequence[Type]
    gives: Type


Variables = Mapping[str, Type]
Signatures = Mapping[str, Signature]


def require(source: str, expected: Type, variables: Variables, functions: Signatures) -> None:
    """Raises ExpressionError unless `source` always gives `expected` when the variables are what they are declared."""
    given = type_of(source, variables, functions)
    if given.face != expected.face:
        raise ExpressionError(f"La expresión da {_said(given)} y aquí se necesita {_said(expected)}. {_hint(expected)}")


def type_of(source: str, variables: Variables, functions: Signatures) -> Type:
    """What `source` gives. Raises ExpressionError where that cannot be said."""
    return _Checker(variables, functions).type_of(parse(source))


def _hint(expected: Type) -> str:
    return "Compare una respuesta con un valor, como granted == True." if expected == BOOL else "Revise su escritura."


def _said(given: Type) -> str:
    return f"«{given.face}»"


class _Checker:
    def __init__(self, variables: Variables, functions: Signatures) -> None:
        self._variables = variables
        self._functions = functions

    def type_of(self, node: ast.expr) -> Type:
        match node:
            case ast.Constant(value=value):
                return _of_constant(value)
            case ast.Name(id=name):
                return self._variable(name)
            case ast.Tuple(elts=elements) | ast.List(elts=elements):
                return self._list(elements)
            case ast.UnaryOp(operand=operand):
                return self._boolean(operand)
            case ast.BoolOp(values=values):
                return [self._boolean(value) for value in values][-1]
            case ast.Compare(left=left, ops=comparisons, comparators=rights):
                for comparison, one, other in zip(comparisons, [left, *rights], rights, strict=False):
                    self._compare(comparison, one, other)
                return BOOL
            case ast.Call(func=ast.Name(id=name), args=arguments):
                return self._call(name, arguments)
        raise ExpressionError("La expresión no se puede evaluar. Revise su escritura.")

    def _variable(self, name: str) -> Type:
        if name not in self._variables:
            known = ", ".join(sorted(self._variables)) or "ninguna"
            raise ExpressionError(f"La condición lee «{name}», que nadie responde. Las respuestas que hay: {known}.")
        return self._variables[name]

    def _list(self, elements: Sequence[ast.expr]) -> Type:
        if not elements:
            raise ExpressionError("La lista está vacía. Escriba sus valores, como ('13', '05').")
        types = [self.type_of(element) for element in elements]
        for other in types[1:]:
            _require_alike(types[0], other)
        texts = [text for element in elements for text in _texts(element)]
        return list_of(replace(types[0], choices=frozenset(texts)))

    def _boolean(self, node: ast.expr) -> Type:
        given = self.type_of(node)
        if given != BOOL:
            raise ExpressionError(f"and, or y not unen condiciones, y aquí hay {_said(given)}. {_hint(BOOL)}")
        return BOOL

    def _compare(self, comparison: ast.cmpop, left_node: ast.expr, right_node: ast.expr) -> None:
        left, right = self.type_of(left_node), self.type_of(right_node)
        if isinstance(comparison, ast.In | ast.NotIn):
            if right.element is None:
                raise ExpressionError(f"in busca en una lista, y aquí hay {_said(right)}. Escríbala como ('13', '05').")
            _require_alike(left, right.element)
            _require_choices(left, right.choices)
            _require_choices(right, _texts(left_node))
            return
        _require_alike(left, right)
        if left.element is not None and ast.Name in {type(left_node), type(right_node)}:
            raise ExpressionError("Una lista solo se mira con in, como 'nacional' in levels. Use in o not in.")
        if not isinstance(comparison, ast.Eq | ast.NotEq) and left.face != INT.face:
            raise ExpressionError(f"Solo los números se ordenan con < y >, y aquí hay {_said(left)}. Use == o !=.")
        for one, other in ((left, right_node), (right, left_node)):
            _require_choices(one, _texts(other))

    def _call(self, name: str, arguments: Sequence[ast.expr]) -> Type:
        if name not in self._functions:
            known = ", ".join(sorted(self._functions)) or "ninguna"
            raise ExpressionError(f"La función «{name}» no existe aquí. Las que hay: {known}.")
        signature = self._functions[name]
        if len(arguments) != len(signature.takes):
            raise ExpressionError(
                f"«{name}» lleva {len(signature.takes)} valor(es) y aquí hay {len(arguments)}. Escríbala como {name}(10)."
            )
        for argument, taken in zip(arguments, signature.takes, strict=True):
            given = self.type_of(argument)
            if given.face != taken.face:
                raise ExpressionError(f"«{name}» lleva {_said(taken)} y aquí hay {_said(given)}. Use {name}(10).")
            _require_bounds(name, argument, taken)
        return signature.gives


def _of_constant(value: object) -> Type:
    faces = {bool: BOOL, int: INT, str: TEXT}
    return faces.get(type(value), NOTHING)


def _texts(node: ast.expr) -> list[str]:
    return [node.value] if isinstance(node, ast.Constant) and isinstance(node.value, str) else []


def _require_alike(left: Type, right: Type) -> None:
    if left.face != right.face:
        raise ExpressionError(
            f"Se compara {_said(left)} con {_said(right)}: son de tipos distintos. Use un valor del mismo tipo."
        )


def _require_choices(declared: Type, texts: Iterable[str]) -> None:
    unknown = sorted(set(texts) - declared.choices) if declared.choices else []
    if unknown:
        raise ExpressionError(f"«{unknown[0]}» no es una opción. Las que hay: {', '.join(sorted(declared.choices))}.")


def _require_bounds(name: str, argument: ast.expr, taken: Type) -> None:
    if taken.bounds is None:
        return
    least, most = taken.bounds
    number = argument.value if isinstance(argument, ast.Constant) else None
    if not isinstance(number, int) or not least <= number <= most:
        raise ExpressionError(f"«{name}» lleva un número de {least} a {most}. Escríbala como {name}(10).")
