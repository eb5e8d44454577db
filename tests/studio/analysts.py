"""Analysts at the studio, and drafts for them to work on."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.domain.permissions import Actor, Profile
from app.models import CoverageRule, Person, ProcessDraft
from app.process import definitions
from app.process.studio import drafts
from tests.factories import PersonFactory
from tests.web.visitor import Visitor

ANALYST = Profile.PROCESS_ANALYST
ANNULMENT: Path = definitions.FOLDER / "annulment.bpmn"
TEN_DAYS, FIFTEEN_DAYS = "plazo_habil(10)", "plazo_habil(15)"


def analyst() -> Person:
    person: Person = PersonFactory(profiles=[(ANALYST, None, None)])
    return person


def actor_of(person: Person, profile: Profile = ANALYST) -> Actor:
    return Actor(person.id, person.full_name, profile)


def at_the_studio(client: FlaskClient, person: Person, profile: Profile = ANALYST) -> Visitor:
    visitor = Visitor(client)
    visitor.enter(person, profile)
    return visitor


def begun(session: Session, author: Person, process_id: str = "annulment") -> ProcessDraft:
    """A draft without scenarios, in a house that asks for none: for what is not about them."""
    draft = with_scenarios(session, author, process_id)
    draft.scenarios = {}
    session.add(CoverageRule(percent=0, set_at=datetime.now(UTC), set_by_id=author.id))
    session.flush()
    return draft


def with_scenarios(session: Session, author: Person, process_id: str = "annulment") -> ProcessDraft:
    """A draft with the scenarios of its version, in a house that asks for every arrow."""
    return drafts.start(session, definitions.latest(session, process_id), actor_of(author))


def address(draft: ProcessDraft, rest: str = "") -> str:
    return f"/procesos/{draft.process_id}/borradores/{draft.id}{rest}"


def csrf_of(visitor: Visitor, draft: ProcessDraft) -> str:
    return str(visitor.read(address(draft)).select("#studio")[0]["data-csrf"])


def put(visitor: Visitor, draft: ProcessDraft, **body: Any) -> TestResponse:
    """What the editor sends when it saves."""
    headers = {"X-CSRFToken": csrf_of(visitor, draft)}
    return visitor.client.put(address(draft, "/diagrama"), json=body, headers=headers)
