"""What is taken and yet looks wrong: marks are facts that come out of order, so a doubt is told and refuses nothing."""

from typing import Any

from sqlalchemy import Select, SQLColumnExpression, Table, func, or_, select

from app.models import AttendanceMark, RecordedKind

EXIT_BEFORE_ENTRY = (
    "Esta salida es anterior a la entrada de la persona en la clase. Quedó cargada y la asistencia la señala; "
    "si la hora está mal, corríjala."
)


def exits_before_entry(merged: Table, good: SQLColumnExpression[bool]) -> Select[Any]:
    """The places of the exits that come before the person's first entry in their class, as the marks are stored now.

    A class without any entry raises no doubt: its entry may be in another computer and come later.
    """
    pair = (merged.c.participant_id, merged.c.class_held_id)
    entered = (
        select(*pair, func.min(merged.c.marked_at).label("at"))
        .where(good, merged.c.kind == RecordedKind.IN)
        .group_by(*pair)
        .subquery("entered")
    )
    first_stored = (
        select(func.min(AttendanceMark.marked_at))
        .where(AttendanceMark.participant_id == merged.c.participant_id)
        .where(AttendanceMark.class_held_id == merged.c.class_held_id, AttendanceMark.kind == RecordedKind.IN)
        .scalar_subquery()
    )
    same = (entered.c.participant_id == merged.c.participant_id) & (entered.c.class_held_id == merged.c.class_held_id)
    return (
        select(merged.c.row_number)
        .outerjoin_from(merged, entered, same)
        .where(good, merged.c.kind == RecordedKind.OUT)
        # Almost all have their entry beside them; only for the rest it is looked up.
        .where(or_(entered.c.at.is_(None), entered.c.at > merged.c.marked_at))
        .where(first_stored > merged.c.marked_at)
        .order_by(merged.c.row_number)
    )
