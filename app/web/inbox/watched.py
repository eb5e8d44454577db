"""A task that the national level looks at and does not decide: how late it is, and who is to be called."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy.orm import Session

from app.domain import offices
from app.domain.regions import Region
from app.models import HumanTask
from app.services import holders, holidays
from app.web.filters import local_date
from app.web.inbox.due import due_in_words


def values(session: Session, task: HumanTask) -> dict[str, Any]:
    """What the page tells."""
    action = task.instance.certificate.action
    due = due_in_words(task.due_at, datetime.now(UTC), holidays.place_of(session, action))
    people = holders.people_holding(session, task.office, organisation_id=task.organisation_id, region=task.region)
    office = offices.named(task.office, task.region)
    facts = (
        ("Código Curso", action.code),
        ("Nombre del Curso", action.name),
        ("OTEC", action.otec.name),
        ("Región", Region(action.region).label),
        ("Espera a", office),
        ("Desde", local_date(task.opened_at, action.time_zone)),
        ("Plazo", due.text),
        ("En el nivel central desde", local_date(task.escalated_at, action.time_zone) if task.escalated_at else ""),
    )
    return {
        "task_name": task.name,
        "code": action.code,
        "office": office,
        "facts": [{"label": label, "value": value} for label, value in facts],
        "people": [{"name": person.full_name, "email": person.email} for person in people],
    }
