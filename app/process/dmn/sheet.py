"""A decision table as it is written, cell by cell, sound or not: what an editor shows and a file holds."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Column:
    """An input, whose `name` is the answer that is read, or an output, which gives an answer called `name`.

    `type` is one of `TYPES` of DMN; `allowed` lists the values in its words: `"a","b"`, or `[1..30]`.
    """

    name: str
    label: str
    type: str
    allowed: str = ""
    key: str = ""

    @property
    def said(self) -> str:
        return self.label or self.name


@dataclass(frozen=True)
class Row:
    """A rule: a text for each input and each output. `cells` holds the ids of these in the file, if it is from one."""

    conditions: tuple[str, ...]
    conclusions: tuple[str, ...]
    note: str = ""
    key: str = ""
    cells: tuple[str, ...] = ()

    def cell(self, column: int) -> str:
        """The id to find a cell by: its own, or the row's; inputs come first."""
        return self.cells[column] if column < len(self.cells) and self.cells[column] else self.key


@dataclass(frozen=True)
class Sheet:
    """`name` is the table's, as diagrams name it; `title` its face; `hit_policy` and `aggregation` in DMN's words."""

    name: str
    title: str
    hit_policy: str
    aggregation: str
    inputs: tuple[Column, ...]
    outputs: tuple[Column, ...]
    rows: tuple[Row, ...]
