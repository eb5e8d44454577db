"""What is wrong with a mark only beside other marks: those of its load and those that are stored."""

from collections.abc import Callable
from typing import Any, NamedTuple

from sqlalchemy import Select, SQLColumnExpression, Table, func, or_, select

from app.models import AttendanceMark, RecordedKind

NOT_A_DEVICE_S = "Ese mark_id es de una asistencia retroactiva ya resuelta, que no cambia. Use un mark_id propio."
EXIT_BEFORE_ENTRY = (
    "Esta salida es anterior a toda entrada de la persona en la clase. Corrija la hora; "
    "si falta una entrada anterior, cárguela junto con esta salida."
)
ENTRY_AFTER_EXIT = (
    "Ya había una salida anterior a esta entrada, y ninguna entrada antes de ella. Quedó cargada; "
    "la asistencia señala la salida sin marca de entrada. Revise ambas horas."
)


class Clash(NamedTuple):
    """The rows of a merge, by their places, that `field` is wrong with. `rows` is given the merge and which are good."""

    field: str
    sentence: str
    rows: Callable[[Table, SQLColumnExpression[bool]], Select[Any]]


def taken_by_a_decision(merging: Table, good: SQLColumnExpression[bool]) -> Select[Any]:
    """Rows that would change what a decision granted: no device may."""
    granted = AttendanceMark.decision_id.is_not(None)
    return (
        select(merging.c.row_number).join(AttendanceMark, AttendanceMark.id == merging.c.stored_id).where(good, granted)
    )


def exits_before_entry(merging: Table, good: SQLColumnExpression[bool]) -> Select[Any]:
    """Exits that come before every entry of the person in the class, as these will be once the merge is done.

    A class without any entry refuses none: its entry may be in another computer and come later. Nor does a row that moves
    nothing: what is stored stays, and its fingerprint may be validated.
    """
    row = _with_their_class(merging, good)
    kept = AttendanceMark.__table__.alias("kept")
    moved = or_(kept.c.id.is_(None), *(kept.c[name] != row[name] for name in (*_PAIR, "kind", "marked_at")))
    changed = select(merging.c.stored_id).where(good, merging.c.stored_id.is_not(None), merging.c.differs)
    stored = _first_stored(row, RecordedKind.IN).where(AttendanceMark.id.not_in(changed)).scalar_subquery()
    return (
        select(row.row_number)
        .outerjoin(kept, kept.c.id == row.stored_id)
        .where(row.kind == RecordedKind.OUT, moved)
        # Almost all have their entry beside them; only for the rest it is looked up.
        .where(or_(row.first_entry.is_(None), row.first_entry > row.marked_at))
        .where(func.least(row.first_entry, stored) > row.marked_at)
    )


def entries_after_exit(merged: Table, good: SQLColumnExpression[bool]) -> Select[Any]:
    """First entries for which an exit had come before, in an earlier load: nobody knew then that it was wrong.

    Looked up only for classes that bring no exit themselves, which are few: the marks of a class travel together.
    """
    row = _with_their_class(merged, good)
    first_exit = _first_stored(row, RecordedKind.OUT).scalar_subquery()
    first_entry = _first_stored(row, RecordedKind.IN).scalar_subquery()
    return (
        select(row.row_number)
        .where(row.kind == RecordedKind.IN, row.stored_id.is_(None), row.marked_at == row.first_entry)
        .where(row.exits == 0, first_exit < row.marked_at, first_entry == row.marked_at)
        .order_by(row.row_number)
    )


_PAIR = ("participant_id", "class_held_id")


def _with_their_class(merging: Table, good: SQLColumnExpression[bool]) -> Any:
    """The good rows beside what the merge brings of their person and class. Windows: no join of a table without figures."""
    pair = [merging.c[name] for name in _PAIR]
    first_entry = func.min(merging.c.marked_at).filter(merging.c.kind == RecordedKind.IN).over(partition_by=pair)
    exits = func.count().filter(merging.c.kind == RecordedKind.OUT).over(partition_by=pair)
    own = [merging.c[name] for name in ("row_number", "kind", "marked_at", "stored_id", *_PAIR)]
    return select(*own, first_entry.label("first_entry"), exits.label("exits")).where(good).subquery("row").c


def _first_stored(row: Any, kind: RecordedKind) -> Select[Any]:
    return select(func.min(AttendanceMark.marked_at)).where(
        AttendanceMark.participant_id == row.participant_id,
        AttendanceMark.class_held_id == row.class_held_id,
        AttendanceMark.kind == kind,
    )
