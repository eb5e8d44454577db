"""Rows of text become records, a column at a time: what repeats is read once. Nothing here looks at the database."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.services.intake.checks import BadField
from app.services.intake.fields import BadValue, Field
from app.services.intake.kinds import Kind
from app.services.intake.records import Record
from app.services.intake.report import Refused
from app.services.intake.source import Row
from app.services.intake.staging import copy_lines

Numbered = list[tuple[int, Record]]
_BAD = object()


@dataclass(frozen=True)
class Wave:
    """Records without two of one natural key: the line of each, and all of them as they are copied."""

    lines: Sequence[int]
    copied: str


@dataclass
class Reading:
    """The good records in waves, in order: a key's second record corrects its first.

    `held` are the rows that wait for the rest of their file, by their keys; `keys` are those of the others.
    """

    kind: Kind
    waves: list[Wave] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    keys: set[object] = field(default_factory=set)
    held: dict[object, Row] = field(default_factory=dict)


def read(kind: Kind, rows: Iterable[Row], *, hold: bool = False) -> Reading:
    """The records of `rows`, and the rows that are none, each with its field and reason.

    With `hold` more of the same file may come, so the rows that must wait for it are set apart.
    """
    rows = list(rows)
    reading = Reading(kind)
    columns = [_column(of, [row.values[name] for row in rows]) for name, of in kind.fields.items()]
    good: Numbered = []
    for row, values in zip(rows, zip(*columns, strict=True), strict=True):
        try:
            # The whole row is read again for its reason: its first bad field is the one told.
            record = kind.record(row.values) if _BAD in values else kind.completed(values)
        except BadField as bad:
            reading.refused.append(Refused(kind.file_name, row.line, bad.field, bad.reason))
        else:
            good.append((row.line, record))
    if hold and kind.holds is not None:
        good = _hold(reading, kind.holds([record for _, record in good]), good, rows)
    reading.keys = {kind.key_of(record) for _, record in good}
    for wave in _without_repetition(kind, good, reading.keys):
        lines, records = zip(*wave, strict=True)
        reading.waves.append(Wave(lines, copy_lines(records)))
    return reading


def _hold(reading: Reading, places: set[int], good: Numbered, rows: Sequence[Row]) -> Numbered:
    by_line = {row.line: row for row in rows} if places else {}
    for line, record in (good[place] for place in places):
        reading.held[reading.kind.key_of(record)] = by_line[line]
    return [numbered for place, numbered in enumerate(good) if place not in places] if places else good


def _column(of: Field, texts: Sequence[str]) -> list[Any]:
    values = {text: _value(of, text) for text in set(texts)}
    return list(map(values.__getitem__, texts))


def _value(of: Field, text: str) -> Any:
    try:
        return of.read(text)
    except BadValue:
        return _BAD


def _without_repetition(kind: Kind, records: Numbered, keys: set[object]) -> list[Numbered]:
    if len(keys) == len(records):
        return [records] if records else []
    waves: list[Numbered] = []
    seen: Counter[object] = Counter()
    for numbered in records:
        key = kind.key_of(numbered[1])
        if seen[key] == len(waves):
            waves.append([])
        waves[seen[key]].append(numbered)
        seen[key] += 1
    return waves
