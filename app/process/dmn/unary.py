"""What may stand in a cell of a decision table: the unary tests of S-FEEL on texts, whole numbers, and yes or no.

Nothing is computed and nothing else is read: a cell compares its own column with values that stand in it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NoReturn

from app.process.expression_types import BOOL, INT, Type
from app.process.expressions import Value

LONGEST_CELL = 500
MOST_TESTS = 50
WORD = re.compile(
    r"""(?P<space>[ \t\r\n]+)
    | (?P<text>"[^"\\\x00-\x1f]*")
    | (?P<number>-?[0-9]{1,9})(?![A-Za-z0-9_])
    | (?P<name>true|false|not)(?![A-Za-z0-9_])
    | (?P<sign><=|>=|<|>|\.\.|[\[\](),])""",
    re.VERBOSE,
)
COMPARING = frozenset({"<", "<=", ">", ">="})
TRUTH = {"true": True, "false": False}
WAYS = {
    BOOL.face: "Escriba true, false o -.",
    INT.face: "Escriba 5, >= 10, [1..5], 1,3,5, not(5) o -, con enteros.",
}
OF_TEXTS = 'Escriba un texto entre comillas, como "nacional"; varios con comas, not("nacional") o -.'


class FeelError(ValueError):
    """The cell is outside what is read, or of another type than its column. The text is for the analyst."""


@dataclass(frozen=True)
class Span:
    """Whole numbers from `low` to `high`, both included; None: without end."""

    low: int | None
    high: int | None

    def __contains__(self, number: int) -> bool:
        return (self.low is None or number >= self.low) and (self.high is None or number <= self.high)


@dataclass(frozen=True)
class Condition:
    """A cell: true of `values` and of numbers in `spans`, or, if negated, of everything else."""

    source: str
    values: frozenset[Value] = frozenset()
    spans: tuple[Span, ...] = ()
    is_negated: bool = False

    def holds(self, value: Value) -> bool:
        """For a value of the column's type."""
        within = isinstance(value, int) and any(value in span for span in self.spans)
        return (within or value in self.values) is not self.is_negated


ANY = Condition("-", is_negated=True)


def condition(source: str, type_: Type) -> Condition:
    """The meaning of a cell on a column of `type_`. Raises FeelError."""
    if source.strip() in {"", "-"}:
        return ANY
    return _Cell(source, type_).condition()


def literal(source: str, type_: Type) -> Value:
    """The one value that a cell of an output gives. Raises FeelError."""
    return _Cell(source, type_).only_literal()


def written(value: Value) -> str:
    """A value as a cell writes it."""
    if isinstance(value, bool):
        return str(value).lower()
    return f'"{value}"' if isinstance(value, str) else str(value)


class _Cell:
    """Reads one cell from left to right."""

    def __init__(self, source: str, type_: Type) -> None:
        self._source, self._type = source, type_
        self._words = list(self._split())
        self._at = 0

    def _split(self) -> Iterator[str]:
        if len(self._source) > LONGEST_CELL:
            raise FeelError(f"La celda supera los {LONGEST_CELL} caracteres. Repártala en varias filas.")
        at = 0
        while at < len(self._source):
            word = WORD.match(self._source, at)
            if word is None:
                self._refuse(self._source[at : at + 20])
            if word.lastgroup != "space":
                yield word.group()
            at = word.end()

    def _refuse(self, what: str) -> NoReturn:
        raise FeelError(f"«{what.strip()}» no se entiende aquí. {WAYS.get(self._type.face, OF_TEXTS)}")

    def condition(self) -> Condition:
        is_negated = self._peek() == "not"
        if is_negated:
            self._at += 1
            self._take("(")
        tests = [self._test()]
        while self._peek() == ",":
            self._at += 1
            tests.append(self._test())
        if is_negated:
            self._take(")")
        self._end()
        if len(tests) > MOST_TESTS:
            raise FeelError(f"La celda tiene más de {MOST_TESTS} valores. Repártala en varias filas.")
        spans = tuple(test for test in tests if isinstance(test, Span))
        values = frozenset(test for test in tests if not isinstance(test, Span))
        return Condition(self._source.strip(), values, spans, is_negated)

    def only_literal(self) -> Value:
        if not self._source.strip():
            raise FeelError("Falta el valor que da la fila. Escríbalo.")
        value = self._literal()
        self._end()
        return value

    def _test(self) -> Value | Span:
        word = self._peek()
        if word in COMPARING:
            self._at += 1
            return _compared(word, self._number())
        if word in {"[", "(", "]"}:
            self._at += 1
            return self._range(word)
        value = self._literal()
        return Span(value, value) if self._type.face == INT.face and isinstance(value, int) else value

    def _range(self, opening: str) -> Span:
        low = self._number()
        self._take("..")
        high = self._number()
        closing = self._next()
        if closing not in {"]", ")", "["}:
            self._refuse(closing or self._source)
        span = Span(low if opening == "[" else low + 1, high if closing == "]" else high - 1)
        if span.low > span.high:  # type: ignore[operator]
            raise FeelError(f"El rango «{self._source.strip()}» no contiene ningún entero. Corrija sus límites.")
        return span

    def _literal(self) -> Value:
        word = self._next()
        if word[:1] == '"':
            value: Value = word[1:-1]
        elif word in TRUTH:
            value = TRUTH[word]
        elif word.lstrip("-").isdigit():
            value = int(word)
        else:
            self._refuse(word or self._source)
        self._require_type(value, word)
        return value

    def _number(self) -> int:
        word = self._next()
        if self._type.face != INT.face or not word.lstrip("-").isdigit():
            self._refuse(word or self._source)
        return int(word)

    def _require_type(self, value: Value, word: str) -> None:
        of = {bool: BOOL.face, int: INT.face}.get(type(value), "texto")
        if of != self._type.face:
            raise FeelError(
                f"«{word}» es {of} y la columna es {self._type.face}. {WAYS.get(self._type.face, OF_TEXTS)}"
            )
        if self._type.choices and value not in self._type.choices:
            known = ", ".join(sorted(self._type.choices))
            raise FeelError(f"«{value}» no es un valor de la columna. Los que hay: {known}.")
        low, high = self._type.bounds or (None, None)
        if isinstance(value, int) and value not in Span(low, high):
            raise FeelError(f"{value} no es un valor de la columna, que va de {low} a {high}.")

    def _peek(self) -> str:
        return self._words[self._at] if self._at < len(self._words) else ""

    def _next(self) -> str:
        word = self._peek()
        self._at += 1
        return word

    def _take(self, sign: str) -> None:
        word = self._next()
        if word != sign:
            self._refuse(word or self._source)

    def _end(self) -> None:
        if self._peek():
            self._refuse(self._peek())


def _compared(sign: str, number: int) -> Span:
    spans = {"<": (None, number - 1), "<=": (None, number), ">": (number + 1, None), ">=": (number, None)}
    return Span(*spans[sign])
