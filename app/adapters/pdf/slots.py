"""A page read once and filled many times: texts leave a mark in it, and take their place as text, never as markup."""

import copy
import re
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

from reportlab.platypus import Flowable

from app.adapters.pdf.columns import Columns
from app.adapters.pdf.fonts import drawable

_MARK = re.compile(r"§(\d+)§")
Value = TypeVar("Value")


def marked(value: Value, texts: list[str]) -> Value:
    """The value with a mark for every text in it; the texts themselves are added to `texts`, in the order of the marks."""
    made: Any = value
    if isinstance(value, str):
        texts.append(value)
        made = f"§{len(texts) - 1}§"
    elif isinstance(value, tuple):
        made = tuple(marked(one, texts) for one in value)
    elif is_dataclass(value):
        made = replace(made, **{one.name: marked(getattr(value, one.name), texts) for one in fields(value)})
    result: Value = made
    return result


class Place(Flowable):  # type: ignore[misc]
    """Where something drawn by hand is to stand."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name


def filled(story: Sequence[Flowable], *, texts: Sequence[str], drawn: Mapping[str, Flowable]) -> list[Flowable]:
    """A copy of the story with the texts at their marks and the drawings in their places; the story stays as it was."""
    inked = [drawable(text) for text in texts]

    def with_texts(text: Any) -> Any:
        return _MARK.sub(lambda mark: inked[int(mark[1])], text) if isinstance(text, str) and "§" in text else text

    def fill(flowable: Flowable) -> Flowable:
        if isinstance(flowable, Place):
            return drawn[flowable.name]
        if isinstance(flowable, Columns):
            return flowable.of_each(fill)
        made = copy.copy(flowable)
        made.frags = [one.clone(text=with_texts(one.text), link=with_texts(one.link)) for one in flowable.frags]
        return made

    return [fill(flowable) for flowable in story]
