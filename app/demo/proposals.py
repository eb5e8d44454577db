"""A proposal for the demo's second analyst to look at: the term of annulments, from ten to fifteen working days."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.demo.accounts import FIRST_ANALYST
from app.domain.permissions import Profile
from app.domain.rut import Rut
from app.models import Person, ProcessDraft
from app.process import definitions
from app.process.studio import drafts, proposals, scenarios
from app.services import profiles

PROCESS = "annulment"
BEFORE, AFTER = "plazo_habil(10)", "plazo_habil(15)"
NOTE = "Diez días no alcanzan en las regiones con más solicitudes: la mediana de los últimos meses fue de doce."


def propose(session: Session) -> None:
    """Once: whatever became of it stays."""
    if session.scalar(select(ProcessDraft.id).limit(1)) is not None:
        return
    body = Rut.parse(FIRST_ANALYST.account.rut).body
    author = session.scalars(select(Person).where(Person.rut_body == body)).one()
    actor = profiles.actor_for(session, author.id, Profile.PROCESS_ANALYST, None)
    assert actor is not None
    draft = drafts.start(session, definitions.latest(session, PROCESS), actor)
    xml = draft.xml.replace(BEFORE, AFTER)
    drafts.save(session, draft.id, xml=xml, version=draft.version, actor=actor)
    # With another term other days are expected: whoever proposes says so.
    scenarios.accept_all(session, draft.id, actor)
    proposals.propose(session, draft.id, version=draft.version, note=NOTE, starts_at=None, actor=actor)
