"""Long works in tests: who asks for them, and their chunks performed as a worker does."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.permissions import Actor, Profile
from app.models import Effect, Job
from app.services.effects import TRIES
from tests.factories import PersonFactory
from tests.support.effects import perform_now
from tests.support.stories import actor_of


def somebody(profile: Profile, *, region: str | None = None) -> Actor:
    """Somebody of SENCE in that profile."""
    return actor_of(PersonFactory(profiles=[(profile, None, region)]))


def national_admin() -> Actor:
    return somebody(Profile.SENCE_NATIONAL_ADMIN)


def waiting(session: Session) -> list[int]:
    """The effects of jobs that wait, oldest first."""
    session.commit()
    open_ = (Effect.done_at.is_(None), Effect.gave_up_at.is_(None))
    found = session.scalars(select(Effect.id).where(*open_, Effect.kind.startswith("jobs/")).order_by(Effect.id)).all()
    # Nothing stays open: what a worker does inside a savepoint of this session would go with it.
    session.commit()
    return list(found)


def work_off(session: Session) -> None:
    """Perform everything that jobs wait for, each failure tried again. Needs an application context."""
    for _ in range(TRIES + 1):
        perform_now(waiting(session))
    assert waiting(session) == []


def reread(session: Session, job_id: int) -> Job:
    session.commit()
    return session.get_one(Job, job_id, populate_existing=True)
