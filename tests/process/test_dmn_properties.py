"""What is said of any decision table at all: compared with reading it by hand and with trying every value there is."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from app.process import dmn
from app.process.dmn import Column, DecisionTable, Row, Sheet
from app.process.dmn.coverage import MOST_TOLD
from app.process.expressions import Value

LETTERS = ("a", "b", "c")
NUMBERS = range(7)
DOMAINS: Mapping[str, tuple[Value, ...]] = {"letter": LETTERS, "number": tuple(NUMBERS), "flag": (True, False)}
WORLDS = [dict(zip(DOMAINS, values, strict=True)) for values in product(*DOMAINS.values())]

Test = tuple[str, Callable[[Value], bool]]
"""A cell, and the same by hand."""


def negated(test: Test) -> Test:
    return f"not({test[0]})", lambda value: not test[1](value)


def either(tests: list[Test]) -> Test:
    return ",".join(source for source, _ in tests), lambda value: any(holds(value) for _, holds in tests)


def number_test(low: int, high: int, kind: int) -> Test:
    low, high = min(low, high), max(low, high)
    kinds: list[Test] = [
        (f"{low}", lambda value: value == low),
        (f"< {low}", lambda value: value < low),  # type: ignore[operator]
        (f">= {low}", lambda value: value >= low),  # type: ignore[operator]
        (f"[{low}..{high}]", lambda value: low <= value <= high),  # type: ignore[operator]
        (f"]{low}..{high + 2}[", lambda value: low < value < high + 2),  # type: ignore[operator]
    ]
    return kinds[kind]


numbers = st.builds(number_test, st.sampled_from(NUMBERS), st.sampled_from(NUMBERS), st.integers(0, 4))
letters = st.sampled_from(LETTERS).map(lambda letter: (f'"{letter}"', lambda value: value == letter))
flags = st.booleans().map(lambda flag: (str(flag).lower(), lambda value: value is flag))
anything: st.SearchStrategy[Test] = st.just(("-", lambda _: True))


def cells(tests: st.SearchStrategy[Test]) -> st.SearchStrategy[Test]:
    listed = st.lists(tests, min_size=1, max_size=3).map(either)
    return st.one_of(anything, listed, listed.map(negated))


rows = st.tuples(cells(letters), cells(numbers), cells(flags), st.integers(-9, 9))
lists_of_rows = st.lists(rows, min_size=1, max_size=6)
Rows = list[tuple[Test, Test, Test, int]]


def table(written: Rows, policy: str = "UNIQUE", aggregation: str = "") -> DecisionTable:
    inputs = (
        Column("letter", "", "string", ",".join(f'"{letter}"' for letter in LETTERS)),
        Column("number", "", "integer", f"[0..{NUMBERS[-1]}]"),
        Column("flag", "", "boolean"),
    )
    lines = tuple(Row((one[0], two[0], three[0]), (str(given),)) for one, two, three, given in written)
    outputs = (Column("given", "", "integer"),)
    return dmn.table_of(Sheet("any_table", "Cualquiera", policy, aggregation, inputs, outputs, lines))


def applied(written: Rows, world: Mapping[str, Value]) -> tuple[int, ...]:
    """The rows that hold, by hand."""
    values = world.values()
    return tuple(
        number
        for number, (*tests, _) in enumerate(written, start=1)
        if all(holds(value) for (_, holds), value in zip(tests, values, strict=True))
    )


@given(lists_of_rows)
def test_the_rows_that_decide_are_those_that_hold_by_hand(written: Rows) -> None:
    collecting = table(written, "COLLECT")

    for world in WORLDS:
        rules = applied(written, world)
        assert dmn.evaluate(collecting, world) == dmn.Decided({"given": tuple(written[n - 1][3] for n in rules)}, rules)


@given(lists_of_rows)
def test_a_gap_is_told_where_there_is_one_and_nowhere_else(written: Rows) -> None:
    found = dmn.gaps(table(written), {})
    open_ = [world for world in WORLDS if not applied(written, world)]

    assert bool(found) == bool(open_)
    assert all(gap.world in open_ for gap in found)


@given(lists_of_rows)
def test_the_row_that_a_gap_offers_takes_only_what_was_open(written: Rows) -> None:
    for gap in dmn.gaps(table(written), {}):
        sheet = table(written).sheet
        more = replace(sheet, rows=(*sheet.rows, Row(gap.cells, ("0",))))
        mended = dmn.table_of(more)

        assert len(written) + 1 not in {one.rule.number for one in dmn.never(mended, {})}
        assert len(written) + 1 not in {one.rule.number for one in dmn.overlaps(mended, {})}


@given(lists_of_rows)
def test_what_is_open_is_in_a_gap_that_is_told(written: Rows) -> None:
    """Unless there are more than are told."""
    found = dmn.gaps(table(written), {})
    sheet = table(written).sheet
    offered = collecting(replace(sheet, rows=tuple(Row(gap.cells, ("0",)) for gap in found)))
    taken = [world for world in WORLDS if found and dmn.evaluate(dmn.table_of(offered), world).rules]

    assert len(found) == MOST_TOLD or taken == [world for world in WORLDS if not applied(written, world)]


@given(lists_of_rows)
def test_adding_the_offered_rows_ends_in_a_complete_table(written: Rows) -> None:
    sheet = table(written).sheet
    while found := dmn.gaps(dmn.table_of(sheet), {}):
        sheet = replace(sheet, rows=(*sheet.rows, *(Row(gap.cells, ("0",)) for gap in found)))

    assert all(dmn.evaluate(dmn.table_of(collecting(sheet)), world).rules for world in WORLDS)


def collecting(sheet: Sheet) -> Sheet:
    return replace(sheet, hit_policy="COLLECT")


@given(lists_of_rows)
def test_every_pair_that_holds_at_once_is_told_and_no_other(written: Rows) -> None:
    found = dmn.overlaps(table(written), {})
    alike = {(other, rule) for world in WORLDS for rule in applied(written, world) for other in applied(written, world)}

    assert {(one.other.number, one.rule.number) for one in found} == {(one, two) for one, two in alike if one < two}
    assert all({one.rule.number, one.other.number} <= set(applied(written, one.world)) for one in found)


@given(lists_of_rows)
def test_a_row_that_no_values_reach_is_told_and_no_other(written: Rows) -> None:
    reached = {number for world in WORLDS for number in applied(written, world)}

    assert {one.rule.number for one in dmn.never(table(written), {})} == set(range(1, len(written) + 1)) - reached


@given(lists_of_rows)
def test_a_table_is_written_and_read_the_same(written: Rows) -> None:
    xml = dmn.written(table(written))
    back, canonical = dmn.read(xml.encode())

    assert canonical == xml
    for world in WORLDS:
        assert applied(written, world) == dmn.evaluate(dmn.table_of(collecting(back.sheet)), world).rules
