"""What can be done with a proposal: make it, return it, approve it, and propose an earlier version again."""

from flask import flash, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.domain.errors import NotAllowed, Refusal
from app.domain.permissions import Action
from app.process import gate
from app.process.studio import drafts, proposals
from app.process.studio.covering import NotCovered
from app.web import actions
from app.web.access import access, current_actor
from app.web.answering import problems, refused
from app.web.context import FieldError
from app.web.errors import keeps_what_was_typed
from app.web.studio.blueprint import studio
from app.web.studio.draft import address
from app.web.studio.draft_page import PROPOSE, Page, page
from app.web.studio.proposal_form import NoteForm, ProposalForm
from app.web.task_forms import clean, typed

PROPOSED = "El borrador quedó propuesto. Un colega tiene que aprobarlo."
NOTE_KEPT = "La nota quedó guardada en el borrador. La encuentra al volver a proponerlo."
NOT_COVERED = "Los escenarios no alcanzan todavía. Ábralos: acepte lo que quiso cambiar y agregue los que faltan."
HAS_FINDINGS = "El borrador tiene hallazgos. Corríjalos y vuelva a proponerlo."
RETURNED = "La propuesta volvió a ser un borrador."
APPROVED = "La versión {version} quedó publicada. La siguen los trámites que empiecen desde el {starts}."


@studio.route("/<process_id>/borradores/<int:draft_id>/proponer", methods=["GET", "POST"])
@access(Action.DESIGN_PROCESSES)
@keeps_what_was_typed
def propose(process_id: str, draft_id: int) -> Response | Page:
    """Asks for the note; a draft with findings, or one that others changed, is refused with what was typed kept."""
    if request.method == "GET":
        return page(process_id, draft_id, PROPOSE)
    form = ProposalForm()
    if not form.validate():
        return page(process_id, draft_id, PROPOSE, form=form, errors=problems(form), status=422)
    version = request.form.get("version", type=int) or 0

    def ask(session: Session) -> str:
        found = drafts.get(session, draft_id, process_id)
        proposals.propose(
            session,
            draft_id,
            version=version,
            note=typed(form.note),
            starts_at=form.starts_at(),
            actor=current_actor(),
        )
        return address(found)

    try:
        answer = actions.once(ask)
    except NotAllowed:
        raise
    except Refusal as refusal:
        errors = _why_not(refusal)
        return page(process_id, draft_id, PROPOSE, form=form, errors=errors, status=409)
    flash(PROPOSED, "success")
    return answer


@studio.route("/<process_id>/borradores/<int:draft_id>/proponer/nota", methods=["GET", "POST"])
@access(Action.DESIGN_PROCESSES)
@keeps_what_was_typed
def keep_note(process_id: str, draft_id: int) -> Response | Page:
    """Keeps what was written so far and goes on to the scenarios; it is there when one comes back."""
    if request.method == "GET":
        return page(process_id, draft_id, PROPOSE)
    form = NoteForm()
    if not form.validate():
        return page(process_id, draft_id, PROPOSE, form=form, errors=problems(form), status=422)

    def keep(session: Session) -> str:
        drafts.get(session, draft_id, process_id)
        note, starts_at = typed(form.note), form.starts_at()
        proposals.note_down(session, draft_id, note=note, starts_at=starts_at, actor=current_actor())
        return url_for("studio.scenarios", process_id=process_id, draft_id=draft_id)

    answer = actions.once(keep)
    flash(NOTE_KEPT, "success")
    return answer


def _why_not(refusal: Refusal) -> tuple[FieldError, ...]:
    """What fills a page or a list of its own is not told twice: the line leads there."""
    if isinstance(refusal, NotCovered):
        return (FieldError(NOT_COVERED, "#a-los-escenarios"),)
    if isinstance(refusal, gate.Refused):
        return (FieldError(HAS_FINDINGS, "#lista-de-hallazgos"),)
    return refused(refusal, "#proponer")


@studio.post("/<process_id>/borradores/<int:draft_id>/devolver")
@access(Action.DESIGN_PROCESSES)
def give_back(process_id: str, draft_id: int) -> Response | Page:
    """With a reason, by a colleague or by who proposed it."""

    def act(session: Session) -> str:
        found = drafts.get(session, draft_id, process_id)
        proposals.give_back(session, draft_id, reason=clean(request.form.get("reason")), actor=current_actor())
        return address(found)

    try:
        answer = actions.once(act)
    except NotAllowed:
        raise
    except Refusal as refusal:
        return page(process_id, draft_id, errors=refused(refusal, "#reason"), status=409, typed=request.form)
    flash(RETURNED, "success")
    return answer


@studio.post("/<process_id>/borradores/<int:draft_id>/aprobar")
@access(Action.DESIGN_PROCESSES)
def approve(process_id: str, draft_id: int) -> Response | Page:
    """Publish what was read; whoever had a hand in it is refused."""
    said: dict[str, str] = {}

    def act(session: Session) -> str:
        drafts.get(session, draft_id, process_id)
        read = {name: request.form.get(name, type=int) for name in ("version", "against")}
        made = proposals.approve(
            session, draft_id, version=read["version"] or 0, against=read["against"], actor=current_actor()
        )
        said.update(version=str(made.version), starts=drafts.moment(made.starts_at))
        return url_for("studio.version", process_id=process_id, number=made.version)

    try:
        answer = actions.once(act)
    except NotAllowed:
        raise
    except Refusal as refusal:
        return page(process_id, draft_id, errors=refused(refusal, "#aprobar"), status=409)
    if said:
        flash(APPROVED.format(**said), "success")
    return answer


@studio.post("/<process_id>/versiones/<int:number>/volver")
@access(Action.DESIGN_PROCESSES)
def propose_earlier(process_id: str, number: int) -> Response:
    """One click: the earlier version is proposed with its note written."""

    def act(session: Session) -> str:
        return address(proposals.propose_earlier(session, process_id, number, current_actor()))

    answer = actions.once(act)
    flash(PROPOSED, "success")
    return answer
