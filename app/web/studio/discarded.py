"""Descartados: the drafts that somebody discarded, of one process or of all."""

from flask import render_template, request

from app.domain.permissions import Action
from app.process.studio import discarded
from app.process.studio.drafts import moment
from app.unit_of_work import reading
from app.web.access import access
from app.web.studio.blueprint import studio


@studio.get("/descartados")
@access(Action.DESIGN_PROCESSES)
def discarded_drafts() -> str:
    """Filtered by `?proceso=`; with anything else it shows all."""
    chosen = request.args.get("proceso", "")
    with reading() as session:
        known = discarded.processes(session)
        found = discarded.drafts(session, chosen if chosen in known else "")
    return render_template(
        "studio/discarded.html",
        chosen=chosen,
        processes=[("", "Todos"), *((one, one) for one in known)],
        most=discarded.SHOWN,
        drafts=[
            {
                "id": one.id,
                "process_id": one.process_id,
                "name": one.name,
                "base": one.base,
                "author": one.author,
                "discarded": f"{one.discarded_by}, el {moment(one.discarded_at)}",
            }
            for one in found
        ],
    )
