"""What a decision table leaves open, decides twice or never uses: exact, over classes of values that no cell tells apart."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.process.dmn.classes import Class, classes
from app.process.dmn.table import DecisionTable, HitPolicy, Input, Rule
from app.process.expression_types import Type, Variables
from app.process.expressions import Value

MOST_STEPS = 50_000
MOST_TOLD = 10

World = Mapping[str, Value]


class NotDecided(Exception):
    """There are more combinations than are looked at."""


@dataclass(frozen=True)
class Gap:
    """Answers for which no row holds: one example, and the cells of a row that would take them all."""

    world: World
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Overlap:
    """Two rows that hold at once, with an example; `rule` is the later one."""

    rule: Rule
    other: Rule
    world: World


@dataclass(frozen=True)
class Never:
    """A row that never holds, because no value of this input is what its cell asks for."""

    rule: Rule
    input: Input


def gaps(table: DecisionTable, declared: Variables) -> tuple[Gap, ...]:
    """The first ten, when inputs are what they are `declared`; of a table that gives something without a row, none.

    Raises NotDecided.
    """
    if not table.needs_a_rule:
        return ()
    search = _Search(table, declared)
    return tuple(search.found((1 << len(table.rules)) - 1, ()))


def overlaps(table: DecisionTable, declared: Variables) -> tuple[Overlap, ...]:
    """Every pair of rows of a UNIQUE table that hold at once."""
    if table.hit_policy is not HitPolicy.UNIQUE:
        return ()
    columns = _columns(table, declared)
    return tuple(
        Overlap(rule, table.rules[other], _world(table, columns, 1 << place | 1 << other))
        for place, rule in enumerate(table.rules)
        for other in _meeting(columns, place)
    )


def never(table: DecisionTable, declared: Variables) -> tuple[Never, ...]:
    """Every row that no values reach, with the first cell that is to blame."""
    columns = _columns(table, declared)
    return tuple(
        Never(rule, table.inputs[blamed[0]])
        for place, rule in enumerate(table.rules)
        if (
            blamed := [
                number for number, column in enumerate(columns) if not any(one.mask & 1 << place for one in column)
            ]
        )
    )


def _columns(table: DecisionTable, declared: Variables) -> list[list[Class]]:
    return [
        classes(_type(input_, declared), [rule.conditions[place] for rule in table.rules])
        for place, input_ in enumerate(table.inputs)
    ]


def _type(input_: Input, declared: Variables) -> Type:
    given = declared.get(input_.name, input_.type)
    return given if given.face == input_.type.face else input_.type


def _meeting(columns: Sequence[Sequence[Class]], place: int) -> Iterator[int]:
    """The rows before the one in `place` that hold together with it somewhere on every column."""
    together = (1 << place) - 1
    for column in columns:
        met = 0
        for one in column:
            met |= one.mask if one.mask & 1 << place else 0
        together &= met
    return (other for other in range(place) if together & 1 << other)


def _world(table: DecisionTable, columns: Sequence[Sequence[Class]], rows: int) -> World:
    found = (next(one.value for one in column if one.mask & rows == rows) for column in columns)
    return {input_.name: value for input_, value in zip(table.inputs, found, strict=True)}


class _Search:
    """Goes through the inputs one by one with the rows that still hold, and keeps from where nothing is left open."""

    def __init__(self, table: DecisionTable, declared: Variables) -> None:
        self._table = table
        self._columns = _columns(table, declared)
        self._whole: set[tuple[int, int]] = set()
        self._steps = self._told = 0

    def found(self, holding: int, way: tuple[Class, ...]) -> Iterator[Gap]:
        depth = len(way)
        if not holding:
            self._told += 1
            yield self._gap(way)
            return
        if depth == len(self._columns) or (depth, holding) in self._whole:
            return
        told = self._told
        for one in self._columns[depth]:
            self._steps += 1
            if self._steps > MOST_STEPS:
                raise NotDecided
            if self._told < MOST_TOLD:
                yield from self.found(holding & one.mask, (*way, one))
        if told == self._told:
            self._whole.add((depth, holding))

    def _gap(self, way: tuple[Class, ...]) -> Gap:
        rest = [column[0].value for column in self._columns[len(way) :]]
        values = [*(one.value for one in way), *rest]
        names = [input_.name for input_ in self._table.inputs]
        return Gap(
            dict(zip(names, values, strict=True)),
            (*(one.source for one in way), *("-" for _ in rest)),
        )
