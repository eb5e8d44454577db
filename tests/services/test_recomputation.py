"""Which courses a recomputation reaches, and that it makes their stored figures again in chunks and nothing else."""

from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.domain.errors import NotAllowed, Refusal
from app.domain.permissions import Actor, Profile
from app.domain.terms import Line
from app.models import AttendanceMark, AttendanceResult, Issuance, Job, JobChunk, JobState, Participant, TrainingAction
from app.services import jobs, recomputation
from app.services.recomputation import Reach, Scope
from app.unit_of_work import unit_of_work
from tests.factories import CertificateFactory, OrganisationFactory, TrainingActionFactory
from tests.support.database import Work
from tests.support.effects import eventually, run
from tests.support.jobs import national_admin, reread, somebody, waiting, work_off
from tests.support.queue import WorkerProcess


def ask(work: Work, scope: Scope, actor: Actor) -> int:
    with work() as inner:
        return recomputation.ask(inner, scope, actor=actor).id


def forget_figures(session: Session) -> None:
    session.execute(delete(AttendanceResult))
    session.commit()


def computed(session: Session) -> set[int]:
    """The courses that have stored figures."""
    session.commit()
    return set(session.scalars(select(AttendanceResult.action_id)))


@pytest.fixture
def three_chunks(session: Session, monkeypatch: pytest.MonkeyPatch) -> list[TrainingAction]:
    """Five courses without figures, two to a chunk."""
    monkeypatch.setattr(recomputation, "ACTIONS_A_CHUNK", 2)
    actions: list[TrainingAction] = TrainingActionFactory.create_batch(5, participants=1, classes=1, attended=True)
    forget_figures(session)
    return actions


@pytest.mark.parametrize("reach", ["action", "organisation", "region", "policy", "all"])
def test_a_recomputation_reaches_exactly_its_courses(session: Session, reach: str) -> None:
    otec = OrganisationFactory()
    past = {"starts_on": date(2020, 1, 1), "ends_on": date(2020, 2, 1)}
    other = TrainingActionFactory(region="08", line=Line.SOCIAL_PROGRAMMES, **past)
    mine = TrainingActionFactory(region="15", otec=otec)
    paid = TrainingActionFactory(region="01", company=otec, **past)
    expected: dict[str, tuple[Scope, set[TrainingAction]]] = {
        "action": (Scope(Reach.ACTION, mine.code), {mine}),
        "organisation": (Scope(Reach.ORGANISATION, otec.rut.screen), {mine, paid}),
        "region": (Scope(Reach.REGION, "15"), {mine}),
        "policy": (Scope(Reach.POLICY, line=Line.TAX_FRANCHISE, starts_from=date(2020, 1, 2)), {mine}),
        "all": (Scope(Reach.ALL), {other, mine, paid}),
    }
    scope, actions = expected[reach]

    assert set(recomputation.find(session, scope).action_ids) == {action.id for action in actions}


def test_a_regional_administrator_recomputes_in_the_own_regions_only(session: Session, work: Work) -> None:
    own, other = TrainingActionFactory(region="13"), TrainingActionFactory(region="08")
    actor = somebody(Profile.SENCE_REGIONAL_ADMIN, region="13")

    job_id = ask(work, Scope(Reach.ALL), actor)

    assert chunk_actions(session, job_id) == [own.id]
    assert "Metropolitana" in reread(session, job_id).title
    with pytest.raises(Refusal, match="en sus regiones"):
        ask(work, Scope(Reach.ACTION, other.code), actor)


def chunk_actions(session: Session, job_id: int) -> list[int]:
    session.commit()
    contents = session.scalars(select(JobChunk.content).where(JobChunk.job_id == job_id).order_by(JobChunk.number))
    return [action_id for content in contents for action_id in content["action_ids"]]


def test_who_may_not_recompute_is_refused(work: Work) -> None:
    action = TrainingActionFactory()
    director = somebody(Profile.REGIONAL_DIRECTOR, region="13")

    with pytest.raises(NotAllowed):
        ask(work, Scope(Reach.ACTION, action.code), director)


@pytest.mark.parametrize(
    ("scope", "says"),
    [
        (Scope(Reach.ACTION, "nada"), "No hay cursos que recalcular: curso nada"),
        (Scope(Reach.REGION, "99"), "no es el código de una región"),
        (Scope(Reach.ORGANISATION, "76000006-K"), "No hay una institución"),
    ],
)
def test_a_scope_without_courses_is_refused_with_what_to_look_at(session: Session, scope: Scope, says: str) -> None:
    with pytest.raises(Refusal, match=says):
        recomputation.find(session, scope)


def test_the_chunks_together_make_every_figure_again(
    app: Flask, session: Session, work: Work, three_chunks: list[TrainingAction]
) -> None:
    job_id = ask(work, Scope(Reach.ALL), national_admin())
    assert len(waiting(session)) == 3

    with app.app_context():
        work_off(session)

    job = reread(session, job_id)
    assert (job.done, job.total, job.state) == (5, 5, JobState.DONE)
    assert computed(session) == {action.id for action in three_chunks}


def test_a_cancelled_recomputation_stops_half_way(
    app: Flask, session: Session, work: Work, three_chunks: list[TrainingAction]
) -> None:
    actor = national_admin()
    job_id = ask(work, Scope(Reach.ALL), actor)
    run(app, waiting(session)[0])
    with work() as inner:
        jobs.cancel(inner, job_id, actor=actor)

    with app.app_context():
        work_off(session)

    job = reread(session, job_id)
    assert (job.done, job.state) == (2, JobState.CANCELLED)
    assert computed(session) == {action.id for action in three_chunks[:2]}


def test_figures_made_twice_are_the_same(app: Flask, session: Session, work: Work) -> None:
    action = TrainingActionFactory(participants=2, classes=2, attended=True)
    before = figures(session)

    for _ in range(2):
        ask(work, Scope(Reach.ACTION, action.code), national_admin())
        with app.app_context():
            work_off(session)

    assert figures(session) == before
    assert len(before) == 2


def figures(session: Session) -> list[Any]:
    session.commit()
    columns = (AttendanceResult.participant_id, AttendanceResult.credited_seconds, AttendanceResult.flags)
    return [tuple(row) for row in session.execute(select(*columns).order_by(AttendanceResult.participant_id))]


def test_an_issued_certificate_keeps_its_snapshot(app: Flask, session: Session, work: Work) -> None:
    certificate = CertificateFactory(issued=True)
    action = certificate.action
    printed = session.scalars(select(Issuance.snapshot)).one()
    move_exits(session, action)

    ask(work, Scope(Reach.ACTION, action.code), national_admin())
    with app.app_context():
        work_off(session)

    assert {seconds for _, seconds, _ in figures(session)} == {2 * 4 * 3600}
    assert session.scalars(select(Issuance.snapshot)).one() == printed


def move_exits(session: Session, action: TrainingAction) -> None:
    """Everybody left an hour earlier."""
    own = select(Participant.id).where(Participant.action_id == action.id)
    for mark in session.scalars(select(AttendanceMark).where(AttendanceMark.participant_id.in_(own))):
        if mark.kind == "out":
            mark.marked_at -= timedelta(hours=1)
    session.commit()


def test_a_real_worker_ends_a_recomputation(
    live: Flask, live_session: Session, celery_worker_process: WorkerProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recomputation, "ACTIONS_A_CHUNK", 1)
    TrainingActionFactory.create_batch(2, participants=1, classes=1, attended=True)
    actor = national_admin()
    forget_figures(live_session)
    with live.app_context(), unit_of_work() as session:
        job_id = recomputation.ask(session, Scope(Reach.ALL), actor=actor).id

    with celery_worker_process():
        assert eventually(lambda: reread(live_session, job_id).ended_at is not None, patience_s=60)

    job: Job = reread(live_session, job_id)
    assert (job.done, job.state, len(computed(live_session))) == (2, JobState.DONE, 2)
