"""The values of an input in classes that no cell of its column tells apart, so that a few stand for all."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from app.process.dmn.unary import Condition, Span, written
from app.process.expression_types import BOOL, INT, Type
from app.process.expressions import Value


@dataclass(frozen=True)
class Class:
    """`value` stands for it, `source` is a cell that holds of it alone; bit n of `mask` says that the nth row's cell holds."""

    value: Value
    source: str
    mask: int


def classes(type_: Type, conditions: Sequence[Condition]) -> list[Class]:
    """Every value of the type is in one of them."""
    if type_.face == INT.face:
        return _joined(_of_numbers(type_, conditions))
    if type_.face == BOOL.face or type_.choices:
        values: Iterable[Value] = [True, False] if type_.face == BOOL.face else sorted(type_.choices)
        return _joined(Class(value, written(value), _mask(value, conditions)) for value in values)
    return _of_texts(conditions)


def _mask(value: Value, conditions: Sequence[Condition]) -> int:
    return sum(1 << place for place, condition in enumerate(conditions) if condition.holds(value))


def _of_numbers(type_: Type, conditions: Sequence[Condition]) -> Iterator[Class]:
    """Between two numbers at which some cell begins or ceases to hold, all are alike."""
    least, most = type_.bounds or (None, None)
    spans = [span for condition in conditions for span in condition.spans]
    begins = {span.low for span in spans if span.low is not None}
    begins |= {span.high + 1 for span in spans if span.high is not None}
    bounds = Span(None if least is None else least + 1, most)
    cuts = sorted(cut for cut in begins if cut in bounds)
    lows, highs = [least, *cuts], [*(cut - 1 for cut in cuts), most]
    for low, high in zip(lows, highs, strict=True):
        value = low if low is not None else high if high is not None else 0
        yield Class(value, _source(low, high), _mask(value, conditions))


def _source(low: int | None, high: int | None) -> str:
    if low is None:
        return "-" if high is None else f"<= {high}"
    if high is None:
        return f">= {low}"
    return str(low) if low == high else f"[{low}..{high}]"


def _joined(found: Iterable[Class]) -> list[Class]:
    alike: dict[int, list[Class]] = {}
    for one in found:
        alike.setdefault(one.mask, []).append(one)
    return [
        Class(these[0].value, ",".join(one.source for one in these) if len(alike) > 1 else "-", mask)
        for mask, these in alike.items()
    ]


def _of_texts(conditions: Sequence[Condition]) -> list[Class]:
    """Those that cells name, and all the others, of which one stands for all."""
    named = sorted({text for condition in conditions for text in condition.values if isinstance(text, str)})
    other = "otro texto"
    while other in named:
        other += " más"
    alike: dict[int, list[str]] = {}
    for text in named:
        alike.setdefault(_mask(text, conditions), []).append(text)
    of_others = _mask(other, conditions)
    alike.pop(of_others, None)
    told = [Class(texts[0], _listed(texts), mask) for mask, texts in alike.items()]
    apart = sorted(text for texts in alike.values() for text in texts)
    return [*told, Class(other, f"not({_listed(apart)})" if apart else "-", of_others)]


def _listed(texts: Sequence[str]) -> str:
    return ",".join(map(written, texts))
