"""What must hold between the fields of one row; each check returns the record, completed, or raises BadField."""

import re

from app.domain.permissions import Profile
from app.domain.regions import zone_of
from app.domain.terms import Activity, Line
from app.services.intake.records import ActionRecord, ClassRecord, ProfileRecord

_NEEDS_ORGANISATION = {Profile.PROVIDER_NATIONAL_ADMIN, Profile.PROVIDER_REGIONAL_ADMIN, Profile.SUPERVISOR}
_NEEDS_REGION = {Profile.REGIONAL_DIRECTOR, Profile.SENCE_REGIONAL_ADMIN}
_OF_SENCE = {Profile.REGIONAL_DIRECTOR, Profile.SENCE_NATIONAL_ADMIN, Profile.SENCE_REGIONAL_ADMIN}
_CODES = {
    Line.TAX_FRANCHISE: (re.compile(r"[0-9]{7,50}"), "7 o más cifras"),
    Line.WORKPLACE_TRAINING: (re.compile(r"[0-9]{1,50}"), "solo cifras"),
}


class BadField(ValueError):
    """A field that cannot be taken, and the reason as a sentence for the person who sent it."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(reason)
        self.field = field
        self.reason = reason


def profile(record: ProfileRecord) -> ProfileRecord:
    """A profile has the scope that domain handbook §2 gives it."""
    if record.profile in _NEEDS_ORGANISATION and record.organisation_rut is None:
        raise BadField("organisation_rut", "Este perfil actúa por una institución. Indique su RUT.")
    if record.profile in _OF_SENCE and record.organisation_rut is not None:
        raise BadField("organisation_rut", "Este perfil es de SENCE y no lleva institución. Déjelo vacío.")
    if record.profile in _NEEDS_REGION and record.region is None:
        raise BadField("region", "Este perfil actúa en una región. Indique su código.")
    return record


def action(record: ActionRecord) -> ActionRecord:
    """Codes, dates and hours agree with the line and the activity (domain handbook §3)."""
    _check_codes(record)
    if record.ends_on < record.starts_on:
        raise BadField("ends_on", "La fecha de término es anterior a la de inicio. Revise ambas.")
    _check_hours(record)
    return record._replace(time_zone=record.time_zone or zone_of(record.region, record.commune))


def _check_codes(record: ActionRecord) -> None:
    if record.line in _CODES:
        pattern, shape = _CODES[record.line]
        if not pattern.fullmatch(record.code):
            raise BadField("code", f"En la línea de capacitación {record.line.value} el código de curso lleva {shape}.")
        if not record.sence_code:
            raise BadField(
                "sence_code",
                f"En la línea de capacitación {record.line.value} el código SENCE es obligatorio: 10 cifras.",
            )
    elif record.sence_code:
        raise BadField("sence_code", "En la línea de capacitación 1 el código SENCE va vacío.")


def _check_hours(record: ActionRecord) -> None:
    if record.partial_hours is None:
        if record.activity is not Activity.NORMAL:
            raise BadField("partial_hours", "Una actividad parcial o complementaria necesita sus horas parciales.")
    elif record.partial_hours >= record.credited_hours:
        raise BadField("partial_hours", "Las horas parciales deben ser menos que las acreditadas.")


def class_held(record: ClassRecord) -> ClassRecord:
    """A class ends after it starts, or is still open."""
    if record.ended_at is not None and record.ended_at <= record.started_at:
        raise BadField("ended_at", "La clase termina antes de empezar. Revise ambas horas y su desfase.")
    entry_at = record.instructor_entry_at
    if record.ended_at is not None and entry_at is not None and record.ended_at <= entry_at:
        raise BadField("ended_at", "El facilitador sale antes de su entrada. Revise ambas horas y su desfase.")
    return record
