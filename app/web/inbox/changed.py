"""*Asistencia modificada después de la emisión*, for who decides in the region: each course with its differences."""

from typing import Any

from flask import request, url_for
from sqlalchemy.orm import Session

from app.domain.permissions import Actor, Profile
from app.services import changes
from app.services.changes import Changed
from app.web.filters import local_date
from app.web.inbox.comparison import compared_line

SIZE = 10
# A whole course may differ; the rest is on its page.
SHOWN = 5
AFTER = "modificadas"


def section(session: Session, actor: Actor) -> dict[str, Any] | None:
    """`?modificadas=<id>` goes on after the last course of the page before; None for who decides nothing."""
    if actor.profile is not Profile.REGIONAL_DIRECTOR:
        return None
    after = max(0, min(request.args.get(AFTER, 0, type=int), 2**62))
    page = changes.page(session, actor, after=after, size=SIZE)
    return {
        "courses": [_told(row) for row in page.rows],
        "total": page.total,
        "first_url": _address() if after else None,
        "next_url": _address(page.next_after) if page.next_after else None,
    }


def _told(row: Changed) -> dict[str, Any]:
    lines = [compared_line(one) for one in row.differences[:SHOWN]]
    return {
        "code": row.action.code,
        "name": row.action.name,
        "otec": row.action.otec.name,
        "url": url_for("portal.course", code=row.action.code),
        "folio": str(row.issuance.folio),
        "found_at": local_date(row.found_at, row.action.time_zone),
        "differences": [
            {"name": one.name, "rut": one.rut, "issued": one.issued, "now": one.now, "change": one.difference}
            for one in lines
        ],
        "more": len(row.differences) - len(lines),
    }


def _address(after: int | None = None) -> str:
    return url_for("inbox.index", modificadas=after, _anchor=AFTER)
