"""Incidentes: what was given up, told by kind and one by one, and the ways to try again or to let it be."""

from collections.abc import Callable
from functools import partial

from flask import flash, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.domain.permissions import Action
from app.services import incident_subjects, incidents_found, separation
from app.services import incidents as given_up
from app.unit_of_work import reading
from app.web import actions
from app.web.access import access, current_actor
from app.web.operations import told
from app.web.operations.blueprint import operations

SIZE = 25
OPEN, RESOLVED = "abiertos", "resueltos"
LARGEST_ID = 2**62
RETRIED = "Se intentará de nuevo ahora. Si vuelve a fallar, aparecerá otro incidente."
DISMISSED = "El incidente quedó descartado."


@operations.get("/incidentes")
@access(Action.OPERATE)
def incidents() -> str:
    """`?estado=resueltos` shows the others, `?tipo=` one kind, `?despues=` goes on after the last of the page before."""
    state = RESOLVED if request.args.get("estado") == RESOLVED else OPEN
    kind, after = request.args.get("tipo", ""), request.args.get("despues", type=int)
    before = None if after is None else max(0, min(after, LARGEST_ID))
    with reading() as session:
        kinds = [told.kind(row) for row in incidents_found.open_kinds(session)]
        page = incidents_found.page(session, is_open=state == OPEN, kind=kind[:60], before=before, size=SIZE)
        about = incident_subjects.of(session, page.incidents)
        rows = [told.incident(row, about[row.id]) for row in page.incidents]
        queues = [told.queue(row) for row in incidents_found.waiting(session)]
        is_separated = separation.holds(session)
    again = partial(url_for, "operations.incidents", estado=state, tipo=kind or None)
    return render_template(
        "operations/incidents.html",
        kinds=kinds,
        rows=rows,
        queues=queues,
        warning="" if is_separated else separation.NOT_SEPARATED,
        is_open=state == OPEN,
        kind=told.kind_name(kind) if kind else "",
        open_url=url_for("operations.incidents"),
        resolved_url=url_for("operations.incidents", estado=RESOLVED),
        first_url=None if before is None else again(),
        next_url=None if page.next_after is None else again(despues=page.next_after),
    )


@operations.get("/incidentes/<int:incident_id>")
@access(Action.OPERATE)
def incident(incident_id: int) -> str:
    """One incident, open or not."""
    return _page("operations/incident.html", incident_id)


@operations.post("/incidentes/<int:incident_id>/reintentar")
@access(Action.OPERATE)
def retry(incident_id: int) -> Response:
    """Try one again."""

    def act(session: Session) -> str:
        given_up.retry(session, incident_id, current_actor())
        return url_for("operations.incidents")

    return _answered(act, RETRIED)


@operations.post("/incidentes/reintentar")
@access(Action.OPERATE)
def retry_all() -> Response:
    """Try all of a kind again."""

    def act(session: Session) -> str:
        given_up.retry_all(session, request.form.get("kind", ""), current_actor())
        return url_for("operations.incidents")

    return _answered(act, RETRIED)


@operations.route("/incidentes/<int:incident_id>/descartar", methods=["GET", "POST"])
@access(Action.OPERATE)
def dismiss(incident_id: int) -> Response | str:
    """Asks whether it is meant; the POST closes the incident without trying again."""
    if request.method == "GET":
        return _page("operations/dismiss.html", incident_id)

    def act(session: Session) -> str:
        given_up.dismiss(session, incident_id, current_actor())
        return url_for("operations.incidents")

    return _answered(act, DISMISSED)


def _answered(act: Callable[[Session], str], sentence: str) -> Response:
    answer = actions.once(act)
    flash(sentence, "success")
    return answer


def _page(template: str, incident_id: int) -> str:
    with reading() as session:
        row = incidents_found.get(session, min(incident_id, LARGEST_ID), current_actor())
        about = incident_subjects.of(session, [row])[row.id]
        return render_template(template, incident=told.incident(row, about), facts=told.facts(row, about))
