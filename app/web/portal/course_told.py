"""A course as its page tells it: every label with its value, and the terms that run."""

from datetime import UTC, date, datetime
from fractions import Fraction

from app.domain.deadlines import (
    ORDINARY_WINDOW_DAYS,
    OTIC_DOCUMENTS_DAYS,
    local_date,
    ordinary_window_ends_on,
    otic_documents_due_on,
)
from app.domain.regions import Region
from app.domain.states import CertificateState
from app.domain.terms import Activity
from app.models import Organisation, TrainingAction
from app.services.printing import hours_text
from app.web.filters import local_date as screen_date

Fact = dict[str, str]
HOURS = {
    Activity.NORMAL: "Hora(s) Acreditadas",
    Activity.PARTIAL: "Horas Parciales",
    Activity.COMPLEMENTARY: "Horas Complementarias",
}


def facts(action: TrainingAction) -> list[Fact]:
    """*Datos del curso*, with the portal's labels."""
    rows = (
        ("Código Curso", action.code),
        ("Código SENCE", action.sence_code),
        ("Nombre del Curso", action.name),
        ("Programa", action.line.label),
        ("Tipo de Actividad", action.activity.label),
        *((one["label"], one["value"]) for one in hours(action)),
        ("Fecha Inicio", screen_date(action.starts_on)),
        ("Fecha Término", screen_date(action.ends_on)),
        ("Estado del Curso", action.status.label),
        ("Modalidad del Curso", action.modality.label),
        ("Región", Region(action.region).label),
        ("Comuna", action.commune),
        ("OTEC", _party(action.otec)),
        ("OTIC", _party(action.otic)),
        ("Empresa", _party(action.company)),
    )
    return [{"label": label, "value": value} for label, value in rows]


def hours(action: TrainingAction) -> list[Fact]:
    """Acreditadas, parciales and complementarias; where there are several, those that the percentages refer to say so."""
    credited = Fraction(action.credited_hours)
    if action.activity is Activity.NORMAL or action.partial_hours is None:
        return [{"label": HOURS[Activity.NORMAL], "value": f"{hours_text(credited)} Hrs"}]
    partial = Fraction(action.partial_hours)
    rows = {Activity.NORMAL: credited, Activity.PARTIAL: partial, Activity.COMPLEMENTARY: credited - partial}
    return [
        {
            "label": HOURS[activity],
            "value": f"{hours_text(amount)} Hrs"
            + (", sobre ellas se calcula el porcentaje" if activity is action.activity else ""),
        }
        for activity, amount in rows.items()
    ]


def deadlines(action: TrainingAction, state: CertificateState) -> list[str]:
    """The terms of the handbook's §6 that still mean something here, as sentences, in the calendar of the place."""
    today = local_date(datetime.now(UTC), action.time_zone)
    terms = []
    if state.may_issue:
        window = f"El plazo ordinario para emitir ({ORDINARY_WINDOW_DAYS} días corridos desde el término)"
        terms.append(_term(today, ordinary_window_ends_on(action.ends_on), window))
    if action.otic is not None and (state.may_issue or state.is_valid_document):
        receipt = f"El plazo para que la OTIC reciba los documentos ({OTIC_DOCUMENTS_DAYS} días corridos)"
        terms.append(_term(today, otic_documents_due_on(action.ends_on), receipt))
    return terms


def _term(today: date, last_day: date, what: str) -> str:
    if today > last_day:
        return f"{what} venció el {screen_date(last_day)}."
    if today == last_day:
        return f"{what} vence hoy."
    left = (last_day - today).days
    return f"{what} vence el {screen_date(last_day)}: {'queda 1 día' if left == 1 else f'quedan {left} días'}."


def _party(organisation: Organisation | None) -> str:
    return f"{organisation.rut.screen} {organisation.name}" if organisation else ""
