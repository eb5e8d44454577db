"""How many tasks wait in the inbox of who asks: found out when a page is drawn, which not every answer is."""

from flask import g

from app.domain.permissions import Actor
from app.services import inbox
from app.unit_of_work import reading


def inbox_count() -> int | None:
    """None for who has no inbox. Asked once a request."""
    if "inbox_count" not in g:
        actor: Actor | None = g.get("actor")
        g.inbox_count = None
        if actor is not None and inbox.has_inbox(actor):
            with reading() as session:
                g.inbox_count = inbox.count(session, actor)
    count: int | None = g.inbox_count
    return count
