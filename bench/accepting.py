"""Acceptances through the services, as the portal's two steps make them, by the one who issues for the first institution."""

import time
from collections.abc import Sequence

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.permissions import Actor, Profile
from app.models import Organisation, Person
from app.process import runner
from app.services import certificates, profiles
from app.unit_of_work import unit_of_work
from bench import cases


def accept(app: Flask, codes: Sequence[str]) -> float:
    """Issue the certificates of these courses in one transaction: their effects appear all at once. Seconds it took."""
    begun = time.perf_counter()
    with app.app_context(), unit_of_work() as session:
        actor = _provider(session)
        for code in codes:
            _accept(session, code, actor)
    return time.perf_counter() - begun


def _accept(session: Session, code: str, actor: Actor) -> None:
    certificate = certificates.of_course(session, code, actor)
    reference = f"F-{code}"
    case = runner.start_and_answer(
        session, "issuance", certificate_id=certificate.id, actor=actor, answers={"document_reference": reference}
    )
    task = runner.waiting_task(case)
    assert task is not None
    reviewed = certificates.review(session, certificate.action, document_reference=reference, actor=actor).document
    answers = {"content_sha256": reviewed.content_sha256(), "authenticated_by": "cus", "accepted": True}
    runner.complete_task(session, task_id=task.id, actor=actor, answers=answers)


def _provider(session: Session) -> Actor:
    two = cases.pair(0)
    person = session.scalars(select(Person.id).where(Person.rut_body == two.provider.body)).one()
    institution = session.scalars(select(Organisation.id).where(Organisation.rut_body == two.institution)).one()
    actor = profiles.actor_for(session, person, Profile.PROVIDER_NATIONAL_ADMIN, institution)
    assert actor is not None
    return actor
