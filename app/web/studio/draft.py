"""A draft: starting one from a version or from a file, its page, and discarding it."""

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.domain.errors import NotAllowed, Refusal
from app.domain.permissions import Action
from app.models import ProcessDraft
from app.process import definitions
from app.process.safe_xml import MAX_BYTES
from app.process.studio import drafts, listing
from app.unit_of_work import reading
from app.web import actions, unsent
from app.web.access import access, current_actor
from app.web.answering import refused
from app.web.studio import told
from app.web.studio.blueprint import studio
from app.web.studio.draft_page import Page, page

DISCARDED = "El borrador quedó descartado. Las versiones publicadas no cambian."
NO_FILE = "Elija un archivo BPMN y vuelva a enviarlo."


@studio.post("/<process_id>/borradores")
@access(Action.DESIGN_PROCESSES)
def start_draft(process_id: str) -> Response:
    """A new draft of the version that was published last."""

    def begin(session: Session) -> str:
        return address(drafts.start(session, definitions.latest(session, process_id), current_actor()))

    return actions.once(begin)


@studio.post("/archivo")
@access(Action.DESIGN_PROCESSES)
def start_from_file() -> Response | Page:
    """A new draft of what somebody drew elsewhere; a file that is no safe diagram is told why."""
    file = request.files.get("diagram")
    content = file.stream.read(MAX_BYTES + 1) if file is not None else b""

    def begin(session: Session) -> str:
        if not content:
            raise Refusal(NO_FILE)
        return address(drafts.start_from_file(session, content, current_actor()))

    try:
        return actions.once(begin)
    except NotAllowed:
        raise
    except Refusal as refusal:
        with reading() as session:
            found = [told.process(one) for one in listing.processes(session)]
        errors, token = refused(refusal, "#diagram"), actions.one_time_token()
        values = {"processes": found, "designs": True, "sets_share": False, "one_time_token": token}
        return render_template("studio/processes.html", errors=errors, **values), 422


@studio.get("/<process_id>/borradores/<int:draft_id>")
@access(Action.DESIGN_PROCESSES)
def draft(process_id: str, draft_id: int) -> Page:
    """As a draft, a proposal, or what became of it."""
    return page(process_id, draft_id)


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


@studio.get("/<process_id>/borradores/<int:draft_id>/<any(aprobar, descartar):_act>")
@access(Action.DESIGN_PROCESSES)
def back_to_draft(process_id: str, draft_id: int, _act: str) -> Response:
    """Where somebody lands whose session ended in the middle of one of these."""
    return redirect(url_for("studio.draft", process_id=process_id, draft_id=draft_id))


@studio.get("/<process_id>/borradores/<int:draft_id>/devolver")
@access(Action.DESIGN_PROCESSES)
def back_to_proposal(process_id: str, draft_id: int) -> Page:
    """The reason that somebody was writing then."""
    return page(process_id, draft_id, typed=unsent.typed_before())


@studio.get("/<process_id>/borradores")
@access(Action.VIEW_PROCESSES)
def back_to_process(process_id: str) -> Response:
    return redirect(url_for("studio.process", process_id=process_id))


@studio.get("/archivo")
@access(Action.VIEW_PROCESSES)
def back_to_processes() -> Response:
    """No file is kept: it is chosen again."""
    return redirect(url_for("studio.processes"))


def address(draft: ProcessDraft) -> str:
    return url_for("studio.draft", process_id=draft.process_id, draft_id=draft.id)
