"""What is wrong with a mark only beside other marks: those of its load and those that are stored."""

from collections.abc import Callable
from typing import Any, NamedTuple

from sqlalchemy import Select, SQLColumnExpression, Table, and_, exists, func, or_, select

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
    kept = AttendanceMark.__table__.alias("kept")
    entered = _firsts(merging, good, RecordedKind.IN)
    moved = or_(kept.c.id.is_(None), *(kept.c[name] != merging.c[name] for name in (*_PAIR, "kind", "marked_at")))
    changed = select(merging.c.stored_id).where(good, merging.c.stored_id.is_not(None), merging.c.differs)
    stored = _first_stored(merging, RecordedKind.IN).where(AttendanceMark.id.not_in(changed)).scalar_subquery()
    return (
        select(merging.c.row_number)
        .outerjoin_from(merging, entered, _same_pair(entered, merging))
        .outerjoin(kept, kept.c.id == merging.c.stored_id)
        .where(good, merging.c.kind == RecordedKind.OUT, moved)
        # Almost all have their entry beside them; only for the rest it is looked up.
        .where(or_(entered.c.at.is_(None), entered.c.at > merging.c.marked_at))
        .where(func.least(entered.c.at, stored) > merging.c.marked_at)
    )


def entries_after_exit(merged: Table, good: SQLColumnExpression[bool]) -> Select[Any]:
    """First entries for which an exit had come before, in an earlier load: nobody knew then that it was wrong.

    Looked up only for classes that bring no exit themselves, which are few: the marks of a class travel together.
    """
    entered, left = _firsts(merged, good, RecordedKind.IN), _firsts(merged, good, RecordedKind.OUT)
    first_exit = _first_stored(merged, RecordedKind.OUT).scalar_subquery()
    first_entry = _first_stored(merged, RecordedKind.IN).scalar_subquery()
    return (
        select(merged.c.row_number)
        .join(entered, and_(_same_pair(entered, merged), entered.c.at == merged.c.marked_at))
        .where(good, merged.c.kind == RecordedKind.IN, merged.c.stored_id.is_(None))
        .where(~exists().where(_same_pair(left, merged)))
        .where(first_exit < merged.c.marked_at, first_entry == merged.c.marked_at)
        .order_by(merged.c.row_number)
    )


_PAIR = ("participant_id", "class_held_id")


def _firsts(merging: Table, good: SQLColumnExpression[bool], kind: RecordedKind) -> Any:
    pair = [merging.c[name] for name in _PAIR]
    first = select(*pair, func.min(merging.c.marked_at).label("at")).where(good, merging.c.kind == kind)
    return first.group_by(*pair).subquery(f"first_{kind.value}")


def _first_stored(merging: Table, kind: RecordedKind) -> Select[Any]:
    return select(func.min(AttendanceMark.marked_at)).where(
        AttendanceMark.participant_id == merging.c.participant_id,
        AttendanceMark.class_held_id == merging.c.class_held_id,
        AttendanceMark.kind == kind,
    )


def _same_pair(one: Any, other: Any) -> SQLColumnExpression[bool]:
    return and_(*(one.c[name] == other.c[name] for name in _PAIR))
