"""Incidents as the operators' pages tell them: in plain values, and never whose data they are about."""

from dataclasses import dataclass
from datetime import UTC, datetime

from flask import url_for

from app.models import Incident, JobKind
from app.services import attendance, awaited, documents, holidays, jobs, mail, transparency
from app.services.effects import EffectQueue
from app.services.incidents_found import OpenKind, Waiting
from app.web import actions
from app.web.filters import local_moment

KINDS = {
    documents.RENDER: "Hacer el PDF de un certificado",
    attendance.RECOMPUTE: "Recalcular la asistencia de un curso",
    mail.SEND: "Enviar un correo",
    transparency.SEAL: "Firmar la cabeza del registro público",
    holidays.RESCHEDULE: "Recalcular plazos por un feriado",
    holidays.RESCHEDULE_AWAITED: "Recalcular esperas por un feriado",
    awaited.DELIVER: "Avisar de un hecho a los trámites que lo esperan",
    awaited.HAPPEN: "Seguir un trámite que esperaba un plazo o un aviso",
    awaited.START: "Empezar un trámite por un aviso",
    **{jobs.effect_kind(kind): f"{kind.label}, una parte" for kind in JobKind},
    "process/issuance": "Trámite detenido: emisión",
    "process/annulment": "Trámite detenido: anulación",
    "process/retroactive_attendance": "Trámite detenido: asistencia retroactiva",
}
QUEUES = {
    EffectQueue.INTERACTIVE: "Correos y lo que alguien espera",
    EffectQueue.DOCUMENTS: "Documentos y descargas",
    EffectQueue.BULK: "Recálculos",
}


@dataclass(frozen=True)
class ToldIncident:
    """`token` guards this incident's own button: pressing another one on an old page is another action."""

    number: int
    kind: str
    about: str
    reason: str
    opened: str
    resolved: str
    is_open: bool
    is_retryable: bool
    url: str
    retry_url: str
    dismiss_url: str
    token: str


@dataclass(frozen=True)
class ToldKind:
    name: str
    kind: str
    count: int
    retryable: int
    since: str
    reason: str
    url: str
    token: str


def kind_name(kind: str) -> str:
    return KINDS.get(kind, kind)


def incident(row: Incident, about: str) -> ToldIncident:
    return ToldIncident(
        number=row.id,
        kind=kind_name(row.kind),
        about=about,
        reason=row.reason,
        opened=local_moment(row.opened_at),
        resolved=_resolved(row),
        is_open=row.resolved_at is None,
        is_retryable=row.resolved_at is None and row.effect_id is not None,
        url=url_for("operations.incident", incident_id=row.id),
        retry_url=url_for("operations.retry", incident_id=row.id),
        dismiss_url=url_for("operations.dismiss", incident_id=row.id),
        token=actions.one_time_token(),
    )


def kind(row: OpenKind) -> ToldKind:
    return ToldKind(
        name=kind_name(row.kind),
        kind=row.kind,
        count=row.count,
        retryable=row.retryable,
        since=local_moment(row.since),
        reason=row.latest_reason,
        url=url_for("operations.incidents", tipo=row.kind),
        token=actions.one_time_token(),
    )


def queue(row: Waiting) -> dict[str, str]:
    if row.since is None:
        return {"label": QUEUES[row.queue], "value": "Nada en espera"}
    how_many = "1 en espera" if row.count == 1 else f"{row.count} en espera"
    return {"label": QUEUES[row.queue], "value": f"{how_many}, lo más antiguo hace {_span(row.since)}"}


def facts(row: Incident, about: str) -> tuple[dict[str, str], ...]:
    """What is known of an incident, for its own page."""
    tries = (("Intentos", str(row.effect.attempts)),) if row.effect is not None and row.resolved_at is None else ()
    told = (
        ("Trabajo", kind_name(row.kind)),
        ("Sobre", about),
        ("Desde", local_moment(row.opened_at)),
        *tries,
        ("Detalle técnico", row.detail),
        ("Resuelto", _resolved(row)),
    )
    return tuple({"label": label, "value": value} for label, value in told if value)


def _resolved(row: Incident) -> str:
    if row.resolved_at is None or row.resolution is None or row.resolved_by is None:
        return ""
    return f"{row.resolution.label} por {row.resolved_by.full_name} el {local_moment(row.resolved_at)}"


def _span(since: datetime) -> str:
    seconds = int((datetime.now(UTC) - since).total_seconds())
    for length, one, several in ((86400, "día", "días"), (3600, "hora", "horas"), (60, "minuto", "minutos")):
        if seconds >= length:
            return f"{seconds // length} {one if seconds // length == 1 else several}"
    return "menos de un minuto"
