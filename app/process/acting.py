"""In whose name a case goes on when nobody acts: a term that is over, or a fact, has no hands of its own."""

from collections.abc import Iterator
from dataclasses import replace

from sqlalchemy.orm import Session

from app.domain.errors import EffectFailed
from app.domain.offices import holds
from app.domain.permissions import Actor
from app.models import HumanTask, ProcessInstance, TaskStatus
from app.services import profiles

NO_LONGER_THEIRS = (
    "Quien respondió por última vez en este trámite ya no tiene el perfil con que lo hizo. Devuélvaselo y reintente."
)


def of_case(session: Session, instance: ProcessInstance) -> Actor:
    """Who answered last in the case, in a profile that holds the office of that task today; who began it if nobody has.

    Raises EffectFailed where that person holds no such profile any more: nothing is done in the name of who may not do it.
    """
    last = _last_answered(instance)
    person_id = instance.started_by_id if last is None else last.completed_by_id
    assert person_id is not None
    found = next((actor for actor in _profiles(session, person_id) if last is None or _holds(actor, last)), None)
    if found is None:
        raise EffectFailed(NO_LONGER_THEIRS)
    given = (last.answers or {}) if last is not None else {}
    return replace(found, authenticated_by=str(given.get("authenticated_by", found.authenticated_by)))


def _last_answered(instance: ProcessInstance) -> HumanTask | None:
    done = [task for task in instance.tasks if task.status is TaskStatus.COMPLETED]
    return max(done, key=lambda task: (task.closed_at, task.id), default=None)


def _holds(actor: Actor, task: HumanTask) -> bool:
    return holds(actor, task.office, organisation_id=task.organisation_id, region=task.region)


def _profiles(session: Session, person_id: int) -> Iterator[Actor]:
    for choice in profiles.choices_of(session, person_id):
        organisation_id = choice.organisation.id if choice.organisation else None
        actor = profiles.actor_for(session, person_id, choice.profile, organisation_id)
        if actor is not None:
            yield actor
