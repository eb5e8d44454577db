"""Being in two courses at once, in words for who reviews one of them."""

from flask import url_for
from markupsafe import Markup
from sqlalchemy.orm import Session

from app.domain.permissions import Actor
from app.models import Participant, TrainingAction
from app.services import conflicts, courses
from app.services.conflicts import Shared
from app.web.filters import local_date, local_time


def sentences(session: Session, participant: Participant, actor: Actor) -> list[str]:
    """A sentence for each stretch of time that another course credits too; the course is named to who may see it."""
    shared = conflicts.found(session, [participant.id]).get(participant.id, [])
    seen = courses.seen_among(session, {one.action.id for one in shared}, actor) if shared else set()
    return [_sentence(one, participant.action, is_seen=one.action.id in seen) for one in shared]


def _sentence(one: Shared, here: TrainingAction, *, is_seen: bool) -> str:
    zone = here.time_zone
    when = f"El {local_date(one.time.start, zone)}, de {local_time(one.time.start, zone)} a {local_time(one.time.end, zone)}"
    if not is_seen:
        return f"{when}, también tiene asistencia en otra acción."
    link = Markup('<a class="govuk-link" href="{}">{}</a>').format(
        url_for("portal.course", code=one.action.code), one.action.code
    )
    return Markup("{}, también tiene asistencia en el curso {}, {}.").format(when, link, one.action.name)
