"""Decision tables for tests, written as rows of cells."""

from collections.abc import Sequence

from app.process import dmn
from app.process.dmn import Column, DecisionTable, Row, Sheet

MOTIVES = '"data_error","duplicate","other"'


def sheet(*rows: str, policy: str = "UNIQUE", aggregation: str = "", output: str = "string", name: str = "") -> Sheet:
    """Who reviews by motive and days; each row is `motive | days | level`."""
    return Sheet(
        name=name or "review_level",
        title="Quién revisa la anulación",
        hit_policy=policy,
        aggregation=aggregation,
        inputs=(Column("motive", "Motivo", "string", MOTIVES), Column("days", "Días", "integer", "[0..30]")),
        outputs=(Column("level", "Nivel", output),),
        rows=tuple(row(*text.split(" | ")) for text in rows),
    )


def row(*cells: str, outputs: int = 1) -> Row:
    return Row(tuple(cells[:-outputs]), tuple(cells[-outputs:]))


def table(*rows: str, policy: str = "UNIQUE", aggregation: str = "", output: str = "string") -> DecisionTable:
    return dmn.table_of(sheet(*rows, policy=policy, aggregation=aggregation, output=output))


SOUND: Sequence[str] = (
    '"data_error" | <= 10 | "regional"',
    '"data_error" | > 10 | "national"',
    'not("data_error") | - | "national"',
)


def described(
    name: str, *, reads: list[str], gives: list[str], rows: list[str], policy: str = "UNIQUE"
) -> DecisionTable:
    """One in a few lines: each column as `name type`, each row as its cells."""
    inputs, outputs = ([_column(*words.split()) for words in columns] for columns in (reads, gives))
    lines = [row(*text.split(" | "), outputs=len(outputs)) for text in rows]
    return dmn.table_of(Sheet(name, f"Tabla {name}", policy, "", tuple(inputs), tuple(outputs), tuple(lines)))


def _column(name: str, kind: str) -> Column:
    return Column(name, "", kind)
