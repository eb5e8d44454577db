"""In whose name a case goes on when nobody acts."""

import pytest
from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.domain.errors import EffectFailed
from app.domain.permissions import Profile
from app.models import Certificate, ProcessInstance, ProfileGrant
from app.process import acting
from tests.factories import CertificateFactory, PersonFactory, director_of, grant
from tests.support import stories
from tests.support.awaited import case_of


@pytest.fixture
def certificate(session: Session) -> Certificate:
    certificate: Certificate = CertificateFactory(requested=True)
    return certificate


@pytest.fixture
def case(session: Session, certificate: Certificate) -> ProcessInstance:
    """Its first step was answered by the institution, the second by nobody yet."""
    return case_of(session, certificate, "annulment")


def test_who_answered_last_in_the_profile_that_answers_such_a_task(session: Session, case: ProcessInstance) -> None:
    answered = case.tasks[0].completed_by
    assert answered is not None
    answered_id = answered.id
    # Another one, chosen before it in the portal's order of profiles, does not hold the office.
    grant(answered, Profile.SENCE_NATIONAL_ADMIN)

    actor = acting.of_case(session, case)

    assert (actor.person_id, actor.profile) == (answered_id, Profile.PROVIDER_NATIONAL_ADMIN)


def test_the_next_to_answer_is_the_last(session: Session, certificate: Certificate, case: ProcessInstance) -> None:
    director = PersonFactory(profiles=[director_of(certificate.action.region)])
    stories.tell(certificate, ["grant"], issuer=director, director=director)

    assert acting.of_case(session, case).person_id == director.id


def test_how_the_answer_was_proved_is_how_the_step_after_it_is(session: Session, case: ProcessInstance) -> None:
    case.tasks[0].answers = {"reason": "Error.", "authenticated_by": "clave_unica"}

    assert acting.of_case(session, case).authenticated_by == "clave_unica"


def test_nothing_is_done_in_the_name_of_who_may_not_any_more(session: Session, case: ProcessInstance) -> None:
    session.execute(delete(ProfileGrant).where(ProfileGrant.person_id == case.tasks[0].completed_by_id))

    with pytest.raises(EffectFailed, match="ya no tiene el perfil con que lo hizo"):
        acting.of_case(session, case)


def test_where_nobody_answered_it_is_who_began_it(session: Session) -> None:
    case = case_of(session, CertificateFactory(steps=("begin",)), "issuance")

    assert acting.of_case(session, case).person_id == case.started_by_id
