"""Recomputing stored attendance on request: which courses a request is about, and the job that does it in chunks.

A course already issued keeps its certificate: only the stored figures are made again.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import or_, select, true
from sqlalchemy.orm import Session
from sqlalchemy.sql import ColumnElement

from app.domain.errors import Refusal
from app.domain.faces import Face
from app.domain.permissions import Action, Actor
from app.domain.regions import Region
from app.domain.rut import Rut
from app.domain.terms import Line
from app.models import Job, JobKind, Organisation, TrainingAction
from app.services import jobs
from app.services.jobs import Part

# About two hundred thousand marks: a second or two of work, so that progress is seen and a cancellation soon felt.
ACTIONS_A_CHUNK = 200


class Reach(Face):
    """What a recomputation is asked for."""

    ACTION = "action", "Un curso"
    ORGANISATION = "organisation", "Los cursos de una institución"
    REGION = "region", "Los cursos de una región"
    POLICY = "policy", "Los cursos a los que alcanza un cambio de política"
    ALL = "all", "Todos los cursos"


@dataclass(frozen=True)
class Scope:
    """`value` is the course's code, the institution's RUT or the region's CUT code.

    A policy reaches the courses of a `line` (all if None) that start on `starts_from` or later.
    """

    reach: Reach
    value: str = ""
    line: Line | None = None
    starts_from: date | None = None

    def to_data(self) -> dict[str, Any]:
        return {
            "reach": self.reach.value,
            "value": self.value,
            "line": self.line.value if self.line else None,
            "starts_from": self.starts_from.isoformat() if self.starts_from else None,
        }


@dataclass(frozen=True)
class Found:
    """The courses of a scope, in order of id, and the scope in words."""

    title: str
    action_ids: Sequence[int]

    def chunks(self) -> Iterator[Sequence[int]]:
        for begin in range(0, len(self.action_ids), ACTIONS_A_CHUNK):
            yield self.action_ids[begin : begin + ACTIONS_A_CHUNK]


def ask(session: Session, scope: Scope, *, actor: Actor) -> Job:
    """Put the recomputation of a scope in the queue, within the actor's regions.

    Raises Refusal for a scope without courses there, NotAllowed for a profile that does not recompute.
    """
    actor.require(Action.RECOMPUTE)
    return start(session, find(session, scope, regions=actor.regions), scope=scope.to_data(), actor=actor)


def start(session: Session, found: Found, *, scope: Mapping[str, Any], actor: Actor) -> Job:
    """The job over courses already found: for who may cause a recomputation without being allowed to ask for any."""
    return jobs.start(
        session,
        JobKind.RECOMPUTATION,
        title=f"Recálculo de asistencia: {found.title}",
        scope=scope,
        parts=[Part(len(ids), {"action_ids": list(ids)}) for ids in found.chunks()],
        actor=actor,
    )


def find(session: Session, scope: Scope, *, regions: frozenset[str] | None = None) -> Found:
    """The courses of a scope; `regions` limits them. Raises Refusal, with what to correct, if there are none."""
    title, condition = _meaning(session, scope)
    if regions is not None and scope.reach is Reach.ALL:
        title = f"todos los cursos de {', '.join(Region(code).label for code in sorted(regions))}"
    within = true() if regions is None else TrainingAction.region.in_(regions)
    ids = session.scalars(select(TrainingAction.id).where(condition, within).order_by(TrainingAction.id)).all()
    if not ids:
        where = "" if regions is None else " en sus regiones"
        raise Refusal(f"No hay cursos que recalcular{where}: {title}. Revise lo que pidió.")
    return Found(title, ids)


def _meaning(session: Session, scope: Scope) -> tuple[str, ColumnElement[bool]]:
    match scope.reach:
        case Reach.ACTION:
            return f"curso {scope.value}", TrainingAction.code == scope.value
        case Reach.ORGANISATION:
            organisation = _organisation(session, scope.value)
            columns = (TrainingAction.otec_id, TrainingAction.otic_id, TrainingAction.company_id)
            return f"cursos de {organisation.name}", or_(*(column == organisation.id for column in columns))
        case Reach.REGION:
            return f"región {_region(scope.value).label}", TrainingAction.region == scope.value
        case Reach.POLICY:
            return _policy_in_words(scope), _reached_by_policy(scope)
        case Reach.ALL:
            return "todos los cursos", true()


def _organisation(session: Session, rut: str) -> Organisation:
    """Raises InvalidRut or Refusal, each with a sentence for the person."""
    parsed = Rut.parse(rut)
    organisation = session.scalar(select(Organisation).where(Organisation.rut_body == parsed.body))
    if organisation is None:
        raise Refusal(f"No hay una institución con el RUT {parsed.screen}. Revíselo y vuelva a intentar.")
    return organisation


def _region(code: str) -> Region:
    known = {region.value: region for region in Region}
    if code not in known:
        raise Refusal(f"«{code}» no es el código de una región. Use uno de estos: {', '.join(known)}.")
    return known[code]


def _policy_in_words(scope: Scope) -> str:
    programme = scope.line.label if scope.line else "todos los programas"
    since = f", cursos que empiezan el {scope.starts_from:%d/%m/%Y} o después" if scope.starts_from else ""
    return f"cambio de política, {programme}{since}"


def _reached_by_policy(scope: Scope) -> ColumnElement[bool]:
    of_line = true() if scope.line is None else TrainingAction.line == scope.line
    since = true() if scope.starts_from is None else TrainingAction.starts_on >= scope.starts_from
    return of_line & since
