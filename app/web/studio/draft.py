"""A draft: starting one, its page with the editor's place, and discarding it."""

from flask import flash, render_template, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.domain.permissions import Action
from app.models import DraftStatus, ProcessDraft
from app.process import definitions, diagrams
from app.process.studio import checking, drafts
from app.unit_of_work import unit_of_work
from app.web import actions
from app.web.access import access, current_actor
from app.web.studio.blueprint import studio

DISCARDED = "El borrador quedó descartado. Las versiones publicadas no cambian."


@studio.post("/<process_id>/borradores")
@access(Action.DESIGN_PROCESSES)
def start_draft(process_id: str) -> Response:
    """A new draft of the version that was published last."""

    def begin(session: Session) -> str:
        latest = definitions.latest(session, process_id)
        return address(drafts.start(session, latest, current_actor()))

    return actions.once(begin)


@studio.get("/<process_id>/borradores/<int:draft_id>")
@access(Action.DESIGN_PROCESSES)
def draft(process_id: str, draft_id: int) -> str:
    """The editor's place, and what there is without a script. Being here is noted for the others."""
    with unit_of_work() as session:
        found = drafts.get(session, draft_id, process_id)
        values = {
            "draft": {"id": found.id, "process_id": process_id, "is_open": found.status is DraftStatus.DRAFT},
            "name": diagrams.stored(found.xml).name,
            "saved": f"{found.saved_by.full_name}, el {drafts.moment(found.saved_at)}",
            "others": drafts.come_in(session, found, current_actor()),
            "findings": checking.findings(found),
        }
    return render_template("studio/draft.html", one_time_token=actions.one_time_token(), **values)


@studio.post("/<process_id>/borradores/<int:draft_id>/descartar")
@access(Action.DESIGN_PROCESSES)
def discard_draft(process_id: str, draft_id: int) -> Response:
    """Raises Refusal for a proposal, which is returned first."""

    def discard(session: Session) -> str:
        drafts.get(session, draft_id, process_id)
        drafts.discard(session, draft_id, current_actor())
        return url_for("studio.processes")

    answer = actions.once(discard)
    flash(DISCARDED, "success")
    return answer


def address(draft: ProcessDraft) -> str:
    return url_for("studio.draft", process_id=draft.process_id, draft_id=draft.id)
