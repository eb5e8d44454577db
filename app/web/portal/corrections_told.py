"""A correction in words: what happened, each changed value before and after, who brought it and when."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.domain.attendance import MarkKind, Validation
from app.domain.rut import Rut
from app.domain.terms import ActionStatus, Activity, Line, Modality
from app.models import Correction
from app.web.filters import local_moment

LABELS = {
    "kind": "Tipo de marca",
    "marked_at": "Hora de la marca",
    "validation": "Huella",
    "device_id": "Equipo",
    "rut": "Participante",
    "class_id": "Clase",
    "action_code": "Código Curso",
    "instructor_entry_at": "Entrada del facilitador",
    "started_at": "Inicio de la clase",
    "ended_at": "Término de la clase",
    "name": "Nombre del curso",
    "sence_code": "Código SENCE",
    "line": "Programa",
    "activity": "Tipo de actividad",
    "region": "Región",
    "commune": "Comuna",
    "time_zone": "Zona horaria",
    "starts_on": "Fecha Inicio",
    "ends_on": "Fecha Término",
    "credited_hours": "Horas acreditadas",
    "partial_hours": "Horas parciales",
    "modality": "Modalidad",
    "status": "Estado del curso",
    "otec_rut": "OTEC",
    "otic_rut": "OTIC",
    "company_rut": "Empresa",
}
MOMENTS = ("marked_at", "instructor_entry_at", "started_at", "ended_at")
FACES = {
    "kind": MarkKind,
    "validation": Validation,
    "line": Line,
    "activity": Activity,
    "modality": Modality,
    "status": ActionStatus,
}
ABSENT = "vacío"


@dataclass(frozen=True)
class ToldCorrection:
    """`who` is the person or, where a file or a machine brought it, its name."""

    what: str
    about: str
    changes: tuple[tuple[str, str, str], ...]
    who: str
    when: str


def told(correction: Correction, names: Mapping[str, str], zone: str) -> ToldCorrection:
    before, after = correction.before, correction.after
    by = correction.corrected_by
    return ToldCorrection(
        what=_what(correction, zone),
        about=_about(correction, names),
        changes=tuple(
            (LABELS.get(name, name), _value(name, before.get(name), zone), _value(name, after[name], zone))
            for name in after
            if _value(name, before.get(name), zone) != _value(name, after[name], zone)
        ),
        who=f"{by.full_name}, en «{correction.source}»" if by else correction.source,
        when=local_moment(correction.corrected_at, zone),
    )


def ruts_in(correction: Correction) -> set[str]:
    """The people a correction is about, by their wire RUT."""
    return {
        str(values[name])
        for values in (correction.before, correction.after)
        for name in ("rut", "instructor_rut")
        if values.get(name)
    }


def _what(correction: Correction, zone: str) -> str:
    before, after = correction.before, correction.after
    if correction.record == "classes":
        is_closed_now = before.get("ended_at") is None and after.get("ended_at") is not None
        return "Clase cerrada después" if is_closed_now else "Clase corregida"
    if correction.record != "marks":
        return "Horas parciales corregidas" if set(after) == {"partial_hours"} else "Datos del curso corregidos"
    if before["rut"] != after["rut"] or before["action_code"] != after["action_code"]:
        return "Marca cambiada de participante o de curso"
    only_validation = {name for name in after if _value(name, before[name], zone) != _value(name, after[name], zone)}
    if only_validation == {"validation"}:
        answer = {"valid": "validada", "rejected": "rechazada"}.get(after["validation"], "puesta en espera")
        return f"Huella {answer} {_days_later(correction)}"
    return "Marca corregida"


def _days_later(correction: Correction) -> str:
    days = (correction.corrected_at - datetime.fromisoformat(correction.after["marked_at"])).days
    return "el mismo día" if days < 1 else f"{days} {'día' if days == 1 else 'días'} después"


def _about(correction: Correction, names: Mapping[str, str]) -> str:
    after = correction.after
    rut = after.get("rut") or after.get("instructor_rut")
    if not rut:
        return ""
    who = f"{names.get(rut, 'Persona desconocida')}, RUT {Rut.parse(rut).screen}"
    return f"{who}, clase {after['class_id']}"


def _value(name: str, value: Any, zone: str) -> str:
    if value in (None, ""):
        return ABSENT
    if name in MOMENTS:
        return local_moment(datetime.fromisoformat(str(value)), zone)
    if name in FACES:
        return FACES[name](value).label
    if name in ("credited_hours", "partial_hours"):
        return f"{float(value):g}".replace(".", ",")
    return Rut.parse(str(value)).screen if name.endswith("rut") else str(value)
