"""Procesos: which there are, their versions, and the drafts under way."""

from flask import render_template

from app.domain.permissions import Action
from app.process.studio import listing
from app.unit_of_work import reading
from app.web import actions
from app.web.access import access
from app.web.studio.blueprint import studio


@studio.get("")
@access(Action.VIEW_PROCESSES)
def processes() -> str:
    """All of them."""
    with reading() as session:
        found = listing.processes(session)
    return render_template("studio/processes.html", processes=found, one_time_token=actions.one_time_token())
