"""Marks that a machine sends for its institution: taken in by the rules of the files, with an answer for each record."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.faces import Face
from app.models import AttendanceMark, ClassHeld, RecordedKind, TrainingAction
from app.services.intake import clashes, resolve
from app.services.intake.chunks import load_chunk, wait_for_turn
from app.services.intake.kinds import MARKS
from app.services.intake.source import Row

NOT_AN_OBJECT = "El registro no es un objeto JSON. Envíe los campos de marks.csv."
UNKNOWN_FIELD = "No es un campo de una marca. Quítelo."
NOT_TEXT = "El valor no es un texto. Escríbalo entre comillas, como en marks.csv."
REPEATED = "Ese mark_id viene dos veces en el lote. Deje uno; envíe la corrección en otro lote."
NOT_YOURS = "No hay una acción con ese código entre las de su institución. Revise el código."
TAKEN = "Ese mark_id ya es de otra marca que no puede cambiar. Use uno propio."
# By the sentence of a file's row: the code, and the sentence for who has no files.
IN_SHORT = {
    resolve.NOT_AN_ACTION: ("not_your_course", NOT_YOURS),
    resolve.NOT_A_CLASS: ("unknown_class", "Esa clase no existe en la acción. Espere a que se cargue y reenvíela."),
    resolve.NOT_A_PERSON: ("unknown_person", "No hay una persona con ese RUT. Revíselo."),
    clashes.EXIT_BEFORE_ENTRY: ("exit_before_entry", clashes.EXIT_BEFORE_ENTRY),
    resolve.NOT_A_PARTICIPANT: ("not_a_participant", "Esa persona no es participante de la acción. Revise el RUT."),
}


class Outcome(Face):
    ACCEPTED = "accepted", "Aceptada"
    UNCHANGED = "unchanged", "Sin cambio"
    CORRECTED = "corrected", "Corregida"
    REFUSED = "refused", "Rechazada"


@dataclass(frozen=True)
class Answer:
    """What became of one record; `field`, `code` and `reason` say why it was refused."""

    outcome: Outcome
    mark_id: str | None = None
    field: str | None = None
    code: str | None = None
    reason: str | None = None


def take_in(session: Session, records: Sequence[Any], *, organisation_id: int, source: str, run: str) -> list[Answer]:
    """Take in the records that can be, of the institution's own courses; an answer for each, in their order."""
    # Before looking at what is stored, so that nobody changes it between the look and the change.
    wait_for_turn(session)
    answers: dict[int, Answer] = {}
    rows = _readable(records, answers)
    _refuse_foreign(session, rows, organisation_id, answers)
    rows = [row for row in rows if row.line not in answers]

    ids = [row.values["mark_id"].strip() for row in rows]
    before = _stored(session, ids)
    report = load_chunk(session, MARKS, rows, source=source, run=run)
    after = _stored(session, ids)

    for refused in report.refused:
        code, reason = IN_SHORT.get(refused.reason, ("invalid_value", refused.reason))
        answers[refused.line or 0] = _refused(records[refused.line or 0], refused.field, code, reason)
    for row, mark_id in zip(rows, ids, strict=True):
        if row.line not in answers:
            answers[row.line] = Answer(_became(before.get(mark_id), after.get(mark_id)), mark_id)
    return [answers[place] for place in range(len(records))]


def _readable(records: Sequence[Any], answers: dict[int, Answer]) -> list[Row]:
    """Those that are objects of texts under known names, with a `mark_id` of their own in the batch."""
    rows: list[Row] = []
    seen: set[str] = set()
    for place, record in enumerate(records):
        found = _shape(record, seen)
        if found is not None:
            answers[place] = found
            continue
        values = {name: record.get(name) or "" for name in MARKS.fields}
        seen.add(values["mark_id"].strip())
        rows.append(Row(place, values))
    return rows


def _shape(record: Any, seen: set[str]) -> Answer | None:
    if not isinstance(record, dict):
        return Answer(Outcome.REFUSED, code="not_an_object", reason=NOT_AN_OBJECT)
    for name, value in record.items():
        if name not in MARKS.fields:
            return _refused(record, str(name)[:80], "unknown_field", UNKNOWN_FIELD)
        if value is not None and not isinstance(value, str):
            return _refused(record, name, "not_text", NOT_TEXT)
    mark_id = (record.get("mark_id") or "").strip()
    return _refused(record, "mark_id", "repeated", REPEATED) if mark_id in seen else None


def _refuse_foreign(session: Session, rows: Sequence[Row], organisation_id: int, answers: dict[int, Answer]) -> None:
    """Courses of others look like courses that do not exist; marks of others, or decided ones, cannot be corrected."""
    own = set(
        session.scalars(
            select(TrainingAction.code).where(
                TrainingAction.otec_id == organisation_id, TrainingAction.code.in_(_texts(rows, "action_code"))
            )
        )
    )
    taken = set(
        session.scalars(
            select(AttendanceMark.mark_id)
            .join(ClassHeld, ClassHeld.id == AttendanceMark.class_held_id)
            .join(TrainingAction, TrainingAction.id == ClassHeld.action_id)
            .where(AttendanceMark.mark_id.in_(_texts(rows, "mark_id")))
            .where((TrainingAction.otec_id != organisation_id) | (AttendanceMark.kind == RecordedKind.RETROACTIVE))
        )
    )
    for row in rows:
        code = row.values["action_code"].strip()
        if code and code not in own:
            answers[row.line] = _refused(row.values, "action_code", "not_your_course", NOT_YOURS)
        elif row.values["mark_id"].strip() in taken:
            answers[row.line] = _refused(row.values, "mark_id", "mark_id_taken", TAKEN)


def _texts(rows: Sequence[Row], name: str) -> list[str]:
    # A NUL is refused later, field by field; no column can be asked for it.
    return [text for row in rows if "\0" not in (text := row.values[name].strip())]


def _stored(session: Session, mark_ids: Sequence[str]) -> dict[str, tuple[Any, ...]]:
    """The marks as they are kept, by their id."""
    columns = [column for column in AttendanceMark.__table__.c if column.name != "received_at"]
    rows = session.execute(
        select(AttendanceMark.mark_id, *columns).where(
            AttendanceMark.mark_id.in_([mark_id for mark_id in mark_ids if "\0" not in mark_id])
        )
    )
    return {row[0]: tuple(row[1:]) for row in rows}


def _became(before: tuple[Any, ...] | None, after: tuple[Any, ...] | None) -> Outcome:
    if before is None:
        return Outcome.ACCEPTED
    return Outcome.UNCHANGED if before == after else Outcome.CORRECTED


def _refused(record: Mapping[str, Any], field: str | None, code: str, reason: str) -> Answer:
    mark_id = record.get("mark_id")
    return Answer(Outcome.REFUSED, mark_id if isinstance(mark_id, str) else None, field, code, reason)
