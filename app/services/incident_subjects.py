"""What an incident is about: a course by its code, or a long work by its title, and never a person."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, literal, select
from sqlalchemy.orm import Session

from app.models import (
    AnnulmentRequest,
    AwaitedEvent,
    Certificate,
    Holiday,
    HumanTask,
    Incident,
    Issuance,
    Job,
    Participant,
    ProcessInstance,
    RetroactiveRequest,
    TaskTimer,
    TrainingAction,
)

COURSE = literal("Curso ") + TrainingAction.code


@dataclass(frozen=True)
class _Way:
    """From the rows that an id names, over these relations, to the text that tells what they are about."""

    key: Any
    relations: tuple[Any, ...] = ()
    text: Any = COURSE

    def texts(self, ids: set[int]) -> Select[Any]:
        query = select(self.key, self.text).where(self.key.in_(ids))
        for relation in self.relations:
            query = query.join(relation)
        return query


_OF_CERTIFICATE = (Certificate.action,)
_OF_INSTANCE = (ProcessInstance.certificate, *_OF_CERTIFICATE)
_OF_ISSUANCE = (Issuance.certificate, *_OF_CERTIFICATE)
# By the names under which effects and incidents keep ids.
WAYS: Mapping[str, _Way] = {
    "instance_id": _Way(ProcessInstance.id, _OF_INSTANCE),
    "action_id": _Way(TrainingAction.id),
    "issuance_id": _Way(Issuance.id, _OF_ISSUANCE),
    "task_id": _Way(HumanTask.id, (HumanTask.instance, *_OF_INSTANCE)),
    "timer_id": _Way(TaskTimer.id, (TaskTimer.task, HumanTask.instance, *_OF_INSTANCE)),
    "awaited_id": _Way(AwaitedEvent.id, (AwaitedEvent.instance, *_OF_INSTANCE)),
    "certificate_id": _Way(Certificate.id, _OF_CERTIFICATE),
    "annulment_request_id": _Way(AnnulmentRequest.id, (AnnulmentRequest.issuance, *_OF_ISSUANCE)),
    "retroactive_request_id": _Way(RetroactiveRequest.id, (RetroactiveRequest.participant, Participant.action)),
    "job_id": _Way(Job.id, text=Job.title),
    "holiday_id": _Way(Holiday.id, text=literal("Feriado: ") + Holiday.name),
}


def of(session: Session, incidents: Sequence[Incident]) -> dict[int, str]:
    """By incident's number, what it is about, empty where that is not known; one query for each sort of thing."""
    named = {incident.id: _name_of(incident) for incident in incidents}
    wanted = defaultdict(set)
    for name, row_id in named.values():
        wanted[name].add(row_id)
    found = {
        (name, row_id): text
        for name, way in WAYS.items()
        if name in wanted
        for row_id, text in session.execute(way.texts(wanted[name]))
    }
    return {incident_id: found.get(subject, "") for incident_id, subject in named.items()}


def _name_of(incident: Incident) -> tuple[str, int]:
    """The first id that leads somewhere, with its name."""
    payload: Mapping[str, Any] = incident.effect.payload if incident.effect is not None else {}
    ids = {"instance_id": incident.instance_id, **payload, **payload.get("about", {})}
    return next(((name, ids[name]) for name in WAYS if ids.get(name) is not None), ("", 0))
