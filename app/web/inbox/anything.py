"""What somebody needs to answer a task whose form has no page of its own: the course, the case, what was answered so far."""

from typing import Any

from sqlalchemy.orm import Session

from app.domain import offices
from app.domain.regions import Region
from app.models import HumanTask
from app.process import definitions
from app.web.filters import local_date, local_moment
from app.web.inbox.so_far import steps


def values(_session: Session, task: HumanTask) -> dict[str, Any]:
    """Plain values for the page."""
    instance, action = task.instance, task.instance.certificate.action
    facts = (
        ("Trámite", definitions.diagram_of(instance.definition).name),
        ("Empezó", local_moment(instance.started_at, action.time_zone)),
        ("Código Curso", action.code),
        ("Nombre del Curso", action.name),
        ("OTEC", action.otec.name),
        ("Región", Region(action.region).label),
        ("Espera a", offices.named(task.office, task.region)),
        ("Desde", local_date(task.opened_at, action.time_zone)),
    )
    return {
        "course": {"code": action.code, "name": action.name},
        "facts": [{"label": label, "value": value} for label, value in facts],
        "answered": steps(instance, action.time_zone),
    }
