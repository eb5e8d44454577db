"""Who is in a draft at the same time. Functions here never commit."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.domain.permissions import Actor
from app.models import DraftPresence, Person, ProcessDraft

PRESENT = timedelta(minutes=2)


def come_in(session: Session, draft: ProcessDraft, actor: Actor) -> list[str]:
    """Note that the actor is in the draft; the names of the others who were a moment ago."""
    now = datetime.now(UTC)
    seen = insert(DraftPresence).values(draft_id=draft.id, person_id=actor.person_id, seen_at=now)
    session.execute(
        seen.on_conflict_do_update(index_elements=["draft_id", "person_id"], set_={"seen_at": seen.excluded.seen_at})
    )
    others = (
        select(Person)
        .join(DraftPresence, DraftPresence.person_id == Person.id)
        .where(
            DraftPresence.draft_id == draft.id,
            DraftPresence.person_id != actor.person_id,
            DraftPresence.seen_at > now - PRESENT,
        )
        .order_by(Person.sort_name)
    )
    return [person.full_name for person in session.scalars(others)]
