"""The pager of a grid: how many rows at a time, which ones are shown and where the other pages are."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import request, url_for

SIZES = (10, 25, 50, 100, 250, 500)
SIZE, AFTER = "registros", "despues"


@dataclass(frozen=True)
class SizeChoice:
    size: int
    url: str


@dataclass(frozen=True)
class Pager:
    """What the macro `pager` draws."""

    first: int
    last: int
    total: int
    previous_url: str | None
    next_url: str | None
    sizes: tuple[SizeChoice, ...]
    size: int


def asked_size() -> int:
    """Rows a page as the address asks; anything else than the sizes offered counts as the first."""
    size = request.args.get(SIZE, type=int)
    return size if size in SIZES else SIZES[0]


def pager(
    *,
    shown: int,
    before: int,
    total: int,
    previous_after: object | None,
    next_after: object | None,
    anchor: str = "",
    **kept: str,
) -> Pager:
    """The pager of the page being answered. An `…_after` is the key a page begins after, empty or 0 for the first."""
    size = asked_size()

    def address(after: object | None, rows: int) -> str:
        values: Mapping[str, object] = {**(request.view_args or {}), **kept}
        at = {AFTER: after} if after else {}
        return url_for(request.endpoint or "", **values, **{SIZE: rows}, **at, _anchor=anchor or None)  # type: ignore[arg-type]

    return Pager(
        first=before + 1 if shown else 0,
        last=before + shown,
        total=total,
        previous_url=None if previous_after is None else address(previous_after, size),
        next_url=None if next_after is None else address(next_after, size),
        sizes=tuple(SizeChoice(rows, address(None, rows)) for rows in SIZES),
        size=size,
    )
