"""The pages of the hand-written approval, step for step those of ours."""

from flask import Blueprint, abort, current_app, flash, g, redirect, render_template, request, session, url_for
from sqlalchemy import or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import joinedload
from sqlalchemy.sql import ColumnElement
from werkzeug.wrappers import Response

from app.domain.rut import Rut
from app.models import TrainingAction
from app.services import accounts
from bench.handwritten import approval as approvals
from bench.handwritten.access import database
from bench.handwritten.forms import Page, form, token
from bench.handwritten.models import Approval, Certificate, Event, Request

blueprint = Blueprint("approval", __name__)


@blueprint.route("/login", methods=["GET", "POST"])
def login() -> Page:
    if request.method == "GET":
        return render_template("login.html", sentence="")
    with database().begin():
        person = accounts.verify_cus(database(), rut=Rut.parse(request.form["rut"]), cus=request.form["cus"])
        person_id = person.id if person else None
    if person_id is None:
        return render_template("login.html", sentence="RUT o clave incorrectos. Revíselos."), 401
    session.clear()
    session["person_id"] = person_id
    current_app.session_interface.regenerate(session)  # type: ignore[attr-defined]
    return redirect(url_for("approval.inbox"), code=303)


@blueprint.get("/courses/<code>")
def course(code: str) -> Page:
    approval = _approval(code)
    issued = database().scalars(
        select(Certificate).where(Certificate.action_id == approval.action_id).order_by(Certificate.sequence.desc())
    )
    events = database().scalars(
        select(Event)
        .where(Event.action_id == approval.action_id)
        .options(joinedload(Event.person))
        .order_by(Event.id.desc())
    )
    return render_template(
        "course.html",
        approval=approval,
        action=approval.action,
        certificates=issued.all(),
        events=events.all(),
        participants=approvals.participants(database(), approval.action),
    )


@blueprint.route("/courses/<code>/issue", methods=["GET", "POST"])
def issue(code: str) -> Page:
    def enter() -> str:
        approvals.enter_reference(_approval(code, lock=True), request.form["document_reference"].strip())
        return url_for("approval.review", code=code)

    def page(sentence: str) -> str:
        approval = _approval(code)
        return render_template(
            "issue.html", approval=approval, action=approval.action, sentence=sentence, token=token()
        )

    return form(page, enter)


@blueprint.route("/courses/<code>/review", methods=["GET", "POST"])
def review(code: str) -> Page:
    def accept() -> str:
        certificate = approvals.issue(
            database(), _approval(code, lock=True), accepted_sha256=request.form["sha256"], person=g.person
        )
        return url_for("approval.issued", code=code, sequence=certificate.sequence)

    def page(sentence: str) -> str:
        approval = _approval(code)
        draft = approvals.draft(database(), approval, g.person)
        sha256 = approvals.hash_of(draft)
        return render_template(
            "review.html", action=approval.action, draft=draft, sha256=sha256, sentence=sentence, token=token()
        )

    return form(page, accept)


@blueprint.get("/courses/<code>/certificates/<int:sequence>")
def issued(code: str, sequence: int) -> Page:
    approval = _approval(code)
    certificate = database().scalars(
        select(Certificate)
        .where(Certificate.action_id == approval.action_id, Certificate.sequence == sequence)
        .options(joinedload(Certificate.issued_by))
    )
    return render_template(
        "issued.html", approval=approval, action=approval.action, certificate=certificate.one_or_none() or abort(404)
    )


@blueprint.route("/courses/<code>/annulment", methods=["GET", "POST"])
def annul(code: str) -> Page:
    def send() -> str:
        reason = request.form["reason"].strip()
        approvals.request_annulment(database(), _approval(code, lock=True), reason=reason, person=g.person)
        return url_for("approval.course", code=code)

    def page(sentence: str) -> str:
        approval = _approval(code)
        certificate = approvals.latest(database(), approval)
        return render_template(
            "annul.html", action=approval.action, certificate=certificate, sentence=sentence, token=token()
        )

    answer = form(page, send)
    if isinstance(answer, Response):
        flash("Su solicitud quedó enviada a la Dirección Regional.")
    return answer


@blueprint.get("/inbox")
def inbox() -> Page:
    waiting = database().execute(
        select(Request, TrainingAction)
        .join(Request.certificate)
        .join(TrainingAction, TrainingAction.id == Certificate.action_id)
        .options(joinedload(TrainingAction.otec))
        .where(Request.region == g.grant.region, Request.decided_at.is_(None))
        .order_by(Request.id)
        .limit(25)
    )
    return render_template("inbox.html", rows=waiting.all())


@blueprint.route("/requests/<int:request_id>", methods=["GET", "POST"])
def decide(request_id: int) -> Page:
    def answer() -> str:
        asked = _request(request_id)
        approval = _locked(asked.certificate.action_id)
        database().refresh(asked)
        reason, granted = request.form["reason"].strip(), request.form["granted"] == "1"
        approvals.decide(database(), approval, asked, granted=granted, reason=reason, person=g.person)
        return url_for("approval.inbox")

    def page(sentence: str) -> str:
        asked = _request(request_id)
        return render_template(
            "decide.html",
            asked=asked,
            snapshot=asked.certificate.snapshot,
            now={line["rut"]: line for line in approvals.participants(database(), _action(asked))},
            sentence=sentence,
            token=token(),
        )

    return form(page, answer)


def _approval(code: str, *, lock: bool = False) -> Approval:
    """The course's row, if the person may know of it; made on first need."""
    action = database().scalar(
        select(TrainingAction)
        .where(TrainingAction.code == code, _visible())
        .options(joinedload(TrainingAction.otec), joinedload(TrainingAction.otic), joinedload(TrainingAction.company))
    )
    if action is None:
        abort(404)
    if lock:
        database().execute(insert(Approval).values(action_id=action.id).on_conflict_do_nothing())
        return _locked(action.id)
    return database().get(Approval, action.id) or Approval(action=action, action_id=action.id, status="pending")


def _visible() -> ColumnElement[bool]:
    return or_(TrainingAction.otec_id == g.grant.organisation_id, TrainingAction.region == g.grant.region)


def _locked(action_id: int) -> Approval:
    return database().get_one(Approval, action_id, with_for_update=True)


def _request(request_id: int) -> Request:
    asked = database().scalar(
        select(Request)
        .where(Request.id == request_id, Request.region == g.grant.region)
        .options(joinedload(Request.certificate), joinedload(Request.requested_by))
    )
    return asked or abort(404)


def _action(asked: Request) -> TrainingAction:
    return database().get_one(TrainingAction, asked.certificate.action_id)
