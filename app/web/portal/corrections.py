"""The corrections of a course: what was before and after, who and when; late marks, and marks that contradict each other."""

from typing import Any

from flask import render_template, request, url_for
from markupsafe import Markup
from sqlalchemy.orm import Session

from app.domain.attendance import AttendanceFlag
from app.domain.permissions import Action
from app.models import TrainingAction
from app.services import certificates, corrections, courses
from app.services.corrections import LateMark, ToReview
from app.unit_of_work import reading
from app.web import paging
from app.web.access import access, current_actor
from app.web.filters import local_moment
from app.web.portal import corrections_told, course_history
from app.web.portal.blueprint import portal

LATE_HEAD = ({"text": "Participante"}, {"text": "Marca"}, {"text": "Tomada"}, {"text": "Llegó"})
REVIEW_HEAD = ({"text": "Participante"}, {"text": "Por revisar"}, {"text": "Ver"})


@portal.get("/acciones/<code>/correcciones")
@access(Action.VIEW_CORRECTIONS)
def course_corrections(code: str) -> str:
    """`?despues=<id>` goes on after the last correction of the page before."""
    actor = current_actor()
    after = max(0, min(request.args.get(paging.AFTER, 0, type=int), 2**62))
    with reading() as session:
        action = courses.get(session, code, actor)
        issued = certificates.issuances_of(session, action.id)
        state = certificates.state_of_action(session, action.id)
        page = corrections.page(session, action, after=after)
        names = corrections.names_of(
            session, {rut for correction in page.rows for rut in corrections_told.ruts_in(correction)}
        )
        values = {
            "course": {"code": action.code, "name": action.name},
            "changes": course_history.changes(session, action, issued, state, actor),
            "corrections": [corrections_told.told(row, names, action.time_zone) for row in page.rows],
            "total": page.total,
            "next_url": page.next_after and _address(code, page.next_after),
            "first_url": _address(code, None) if after else None,
            **_marks(session, action, issued[0].issued_at if issued else None),
        }
    return render_template("portal/corrections.html", **values)


def _marks(session: Session, action: TrainingAction, issued_at: Any) -> dict[str, Any]:
    late = corrections.late_marks(session, action, issued_at=issued_at)
    to_review = corrections.to_review(session, action)
    return {
        "late_total": late.total,
        "late_after_issue": late.total_after_issue,
        "late": {"head": LATE_HEAD, "rows": [_late(mark, action.time_zone) for mark in late.after_issue]},
        "review": {"head": REVIEW_HEAD, "rows": [_review(one, action.code) for one in to_review]},
    }


def _late(mark: LateMark, zone: str) -> tuple[str, ...]:
    return (
        f"{mark.person.full_name}, RUT {mark.person.rut.screen}",
        f"{mark.kind.label}, clase {mark.class_id}",
        local_moment(mark.marked_at, zone),
        local_moment(mark.received_at, zone),
    )


def _review(one: ToReview, code: str) -> tuple[str, ...]:
    address = url_for("portal.participant", code=code, participant_id=one.participant_id)
    view = Markup('<a class="govuk-link" href="{}">Ver<span class="govuk-visually-hidden"> sesiones de {}</span></a>')
    flags = ", ".join(AttendanceFlag(flag).label for flag in one.flags)
    return (f"{one.person.full_name}, RUT {one.person.rut.screen}", flags, view.format(address, one.person.full_name))


def _address(code: str, after: int | None) -> str:
    return url_for("portal.course_corrections", code=code, despues=after)
