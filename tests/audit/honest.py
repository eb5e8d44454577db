"""An honest history: every story told day by day by the real processes, every effect performed."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import time_machine
from flask import Flask
from sqlalchemy import Engine, delete, select, text, update
from sqlalchemy.orm import Session

from app.adapters.storage import Storage
from app.db import db
from app.domain.permissions import Profile
from app.models import (
    AwaitedEvent,
    Certificate,
    Effect,
    HumanTask,
    JobKind,
    ProcessDefinition,
    ProcessInstance,
    RetroactiveAttachment,
    RetroactiveRequest,
    TaskTimer,
)
from app.process import definitions, runner
from app.process.studio import drafts, proposals
from app.services import awaited, claims, effects, jobs, timers
from app.services.jobs import Part
from app.services.retroactive import Attachment
from tests.factories import CertificateFactory, PersonFactory, director_of
from tests.studio.analysts import FIFTEEN_DAYS, TEN_DAYS, actor_of, analyst, begun
from tests.support import stories, waits
from tests.support.arranging import arranged
from tests.support.database import as_application, empty_tables, rewriting
from tests.support.effects import perform_now
from tests.support.incidents import give_up
from tests.support.jobs import national_admin

WAITING = ("follow_up", "replacement")
# The courses ended ten days ago. Between two steps passes less than a day, so every term is kept.
FIRST_STEP, BETWEEN = timedelta(days=-8), timedelta(hours=11)
STORIES: dict[str, tuple[str, ...]] = {
    "issued": ("issue",),
    "requested": ("issue", "request"),
    "escalated": ("issue", "request"),
    "rejected": ("issue", "request", "deny"),
    "reconsidering": ("issue", "request", "deny", "request"),
    "granted": ("issue", "request", "grant"),
    "reissued": ("issue", "request", "grant", "issue"),
    "voided": ("issue", "void"),
    "reissued_after_void": ("issue", "void", "issue"),
    "retroactive_granted": ("lose_exit", "ask_retroactive", "grant_retroactive", "issue"),
    "retroactive_asked": ("lose_exit", "ask_retroactive"),
    "retroactive_asked_again": ("lose_exit", "ask_retroactive", "deny_retroactive", "ask_retroactive"),
    "changed": ("issue", "lose_exit"),
    "begun": ("begin",),
    "last": ("issue",),
}


@dataclass(frozen=True)
class Honest:
    engine: Engine
    owner: Engine
    storage: Storage
    certificates: dict[str, int]


@contextmanager
def told(app: Flask, owner: Engine, storage: Storage) -> Iterator[Honest]:
    """The history, its files in `storage`; committed, so that other processes see it too, and taken away afterwards."""
    with app.app_context():
        engine = db.engine
    kept = app.extensions["storage"]
    app.extensions["storage"] = storage
    with as_application(owner, app.extensions["settings"]) as connection, Session(connection) as session:
        arranged.use(session, app)
        _publish_what_waits(session)
        of_story = {story: _tell(steps) for story, steps in STORIES.items()}
        _leave_other_traces(session, of_story["issued"])
        _attach_file(session, storage)
        _let_the_term_pass(session, of_story["escalated"])
        _publish_a_version(session)
        _begin_to_wait(session, of_story["granted"])
        certificates = {story: certificate.id for story, certificate in of_story.items()}
        session.commit()
        _perform_all(app, session)
        _let_a_day_pass(session, of_story["issued"])
        _perform_all(app, session)
        arranged.use(None, None)
    yield Honest(engine, owner, storage, certificates)
    app.extensions["storage"] = kept
    _take_back_what_waits(owner)
    empty_tables(owner)


def _tell(steps: tuple[str, ...]) -> Certificate:
    certificate: Certificate = CertificateFactory()
    action = certificate.action
    issuer = PersonFactory(profiles=[(Profile.PROVIDER_NATIONAL_ADMIN, action.otec, None)])
    director = PersonFactory(profiles=[director_of(action.region)])
    for number, step in enumerate(steps):
        with time_machine.travel(datetime.now(UTC) + FIRST_STEP + number * BETWEEN):
            stories.tell(certificate, [step], issuer=issuer, director=director)
    return certificate


def _leave_other_traces(session: Session, certificate: Certificate) -> None:
    """A form sent once, a long work, and an effect that was given up."""
    claims.claim(session, "1.token", person_id=PersonFactory().id).store_answer("/acciones/1")
    give_up(session, f"attendance/recompute:{certificate.action_id}:full", action_id=certificate.action_id)
    part = Part(1, {"action_ids": [certificate.action_id]})
    jobs.start(session, JobKind.RECOMPUTATION, title="Recálculo", scope={}, parts=[part], actor=national_admin())


def _publish_a_version(session: Session) -> None:
    """A deadline changed by one analyst and approved by another, while cases run."""
    author, colleague = analyst(), analyst()
    draft = begun(session, author)
    later, actor = draft.xml.replace(TEN_DAYS, FIFTEEN_DAYS), actor_of(author)
    drafts.save(session, draft.id, xml=later, version=1, actor=actor)
    proposals.propose(session, draft.id, version=2, note="Resolución 12", starts_at=None, actor=actor)
    proposals.approve(session, draft.id, version=3, against=1, actor=actor_of(colleague))


def _publish_what_waits(session: Session) -> None:
    """A process that each issue begins and one that waits for an annulment, in force since before everything."""
    for diagram in (waits.follow_up(), waits.replacement()):
        definitions.publish(session, diagram, {}, definitions.INSTALLATION)
    long_ago = timers.clock(session) - timedelta(days=9)
    with rewriting(session):
        session.execute(
            update(ProcessDefinition)
            .where(ProcessDefinition.process_id.in_(WAITING))
            .values(published_at=long_ago, starts_at=long_ago)
        )


def _take_back_what_waits(owner: Engine) -> None:
    """What comes with the installation stays when tables are emptied, and these do not come with it."""
    with owner.begin() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        connection.execute(delete(ProcessDefinition).where(ProcessDefinition.process_id.in_(WAITING)))


def _begin_to_wait(session: Session, certificate: Certificate) -> None:
    """For the next annulment: the last one was before."""
    person = PersonFactory(profiles=[(Profile.PROVIDER_NATIONAL_ADMIN, certificate.action.otec, None)])
    runner.start(session, "replacement", certificate_id=certificate.id, actor=stories.actor_of(person))


def _let_a_day_pass(session: Session, certificate: Certificate) -> None:
    """The follow-up of its issue has waited for long enough, and the clock comes by."""
    about = select(ProcessInstance.id).where(ProcessInstance.certificate_id == certificate.id)
    past = timers.clock(session) - timedelta(seconds=1)
    session.execute(update(AwaitedEvent).where(AwaitedEvent.instance_id.in_(about)).values(due_at=past))
    assert awaited.ask_due(session, now=timers.clock(session)) == 1


def _attach_file(session: Session, storage: Storage) -> None:
    content = b"%PDF-1.7 planilla firmada %%EOF"
    asked = session.scalars(select(RetroactiveRequest).order_by(RetroactiveRequest.id).limit(1)).one()
    kept = Attachment("planilla.pdf", "application/pdf", len(content), storage.put(content))
    asked.attachments.append(RetroactiveAttachment(number=1, **kept.as_answer()))


def _let_the_term_pass(session: Session, certificate: Certificate) -> None:
    """All that falls due about its task has, and the clock comes by."""
    about = select(HumanTask.id).join(HumanTask.instance).where(ProcessInstance.certificate_id == certificate.id)
    past = timers.clock(session) - timedelta(seconds=1)
    session.execute(
        update(TaskTimer).where(TaskTimer.task_id.in_(about), TaskTimer.cancelled_at.is_(None)).values(due_at=past)
    )
    assert timers.fire_due(session, now=timers.clock(session)) == 1


def _perform_all(app: Flask, session: Session) -> None:
    """What an effect asks for too: each once, for what fails would come back later."""
    done: set[int] = set()
    while waiting := set(session.scalars(select(Effect.id).where(effects.waits()))) - done:
        session.commit()
        with app.app_context():
            perform_now(sorted(waiting))
        done |= waiting
    left = session.scalars(select(Effect.identity).where(effects.waits())).all()
    assert left == []
