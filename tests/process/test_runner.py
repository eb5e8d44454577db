"""Cases moved on the database: one story per end of each diagram, and what a case keeps, refuses and leaves behind."""

import json
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.errors import AlreadyDecided, NotFound, Refusal
from app.domain.permissions import Actor, Profile
from app.models import Certificate, Effect, HumanTask, InstanceStatus, ProcessInstance, TaskStatus
from app.process import definitions, diagrams, runner
from app.services import certificates, documents
from tests.factories import CertificateFactory, OrganisationFactory, PersonFactory, TrainingActionFactory
from tests.support.database import Work
from tests.support.stories import REFERENCE, WHY_ANNUL, actor_of
from tests.support.tables import all_rows

STORIES = {
    ("issuance", "certificate_issued"): ("issue",),
    ("annulment", "annulment_granted"): ("issue", "request", "grant"),
    ("annulment", "annulment_denied"): ("issue", "request", "deny"),
    ("retroactive_attendance", "retroactive_granted"): ("lose_exit", "ask_retroactive", "grant_retroactive"),
    ("retroactive_attendance", "retroactive_denied"): ("lose_exit", "ask_retroactive", "deny_retroactive"),
}


def last_case(session: Session, process_id: str) -> ProcessInstance:
    cases = select(ProcessInstance).where(ProcessInstance.process_id == process_id).order_by(ProcessInstance.id.desc())
    return session.scalars(cases.limit(1)).one()


def provider_of(certificate: Certificate) -> Actor:
    return actor_of(PersonFactory(profiles=[(Profile.PROVIDER_NATIONAL_ADMIN, certificate.action.otec, None)]))


def director_in(region: str) -> Actor:
    return actor_of(PersonFactory(profiles=[(Profile.REGIONAL_DIRECTOR, None, region)]))


def waiting(session: Session, certificate: Certificate, process_id: str) -> HumanTask:
    task = runner.open_task(session, process_id, certificate_id=certificate.id)
    assert task is not None
    return task


def acceptance(session: Session, certificate: Certificate, actor: Actor, *, accepted: bool = True) -> dict[str, Any]:
    draft = certificates.review(session, certificate.action, document_reference=REFERENCE, actor=actor).document
    return {"accepted": accepted, "content_sha256": draft.content_sha256(), "authenticated_by": "cus"}


def begun(work: Work, certificate: Certificate, actor: Actor) -> None:
    """An issuance that waits for its acceptance."""
    with work() as session:
        runner.start(session, "issuance", certificate_id=certificate.id, actor=actor)
        task = waiting(session, certificate, "issuance")
        runner.complete_task(session, task_id=task.id, actor=actor, answers={"document_reference": REFERENCE})


def test_every_end_of_every_diagram_has_its_story() -> None:
    ends = {
        (diagram.process_id, end)
        for diagram in (diagrams.read(path.read_bytes()) for path in definitions.FOLDER.glob("*.bpmn"))
        for end in diagram.ends
    }

    assert ends == set(STORIES)


@pytest.mark.parametrize(("end", "steps"), STORIES.items(), ids=lambda value: "-".join(value))
def test_the_story_reaches_its_end(session: Session, end: tuple[str, str], steps: tuple[str, ...]) -> None:
    CertificateFactory(steps=steps)

    case = last_case(session, end[0])

    assert (case.status, case.outcome) == (InstanceStatus.COMPLETED, end[1])
    assert case.ended_at is not None
    assert TaskStatus.OPEN not in {task.status for task in case.tasks}


def test_correcting_before_accepting_asks_for_the_reference_again(session: Session, work: Work) -> None:
    certificate = CertificateFactory()
    actor = provider_of(certificate)
    begun(work, certificate, actor)

    with work() as inner:
        answers = acceptance(inner, certificate, actor, accepted=False)
        task = waiting(inner, certificate, "issuance")
        runner.complete_task(inner, task_id=task.id, actor=actor, answers=answers)

    assert waiting(session, certificate, "issuance").key == "enter_document_reference"
    assert certificates.issuances_of(session, certificate.action_id) == []


def test_the_issue_asks_for_its_pdf_in_the_outbox(session: Session) -> None:
    CertificateFactory(issued=True)

    effects = session.scalars(select(Effect)).all()

    assert [effect.kind for effect in effects if effect.kind == documents.RENDER] == [documents.RENDER]


def test_the_case_keeps_decisions_only_and_never_the_diagram(session: Session) -> None:
    CertificateFactory(rejected=True)

    state = last_case(session, "annulment").state

    assert "granted" in json.dumps(state)
    assert WHY_ANNUL not in json.dumps(state)
    assert not {"spec", "subprocess_specs"} & state.keys()


def test_a_task_waits_for_the_office_of_its_lane_with_the_term_of_the_diagram(session: Session) -> None:
    certificate = CertificateFactory(requested=True)

    task = waiting(session, certificate, "annulment")

    assert (task.office, task.region, task.organisation_id) == ("regional_direction", certificate.action.region, None)
    assert task.due_at is not None
    assert 10 <= (task.due_at - task.opened_at).days <= 25


def test_a_second_case_of_a_kind_is_refused_while_one_is_open(session: Session, work: Work) -> None:
    certificate = CertificateFactory()
    actor = provider_of(certificate)
    begun(work, certificate, actor)

    with pytest.raises(AlreadyDecided, match="Ya hay un trámite abierto"), work() as inner:
        runner.start(inner, "issuance", certificate_id=certificate.id, actor=actor)


def test_who_comes_second_reads_who_decided_what_and_when(session: Session, work: Work) -> None:
    certificate = CertificateFactory(requested=True)
    first, second = director_in(certificate.action.region), director_in(certificate.action.region)
    task_id = waiting(session, certificate, "annulment").id
    with work() as inner:
        runner.complete_task(inner, task_id=task_id, actor=first, answers={"granted": True, "reason": "Procede."})

    with pytest.raises(AlreadyDecided, match=f"{first.person_name} aprobó la anulación el "), work() as inner:
        runner.complete_task(inner, task_id=task_id, actor=second, answers={"granted": False, "reason": "No."})


@pytest.mark.parametrize("who", ["another institution", "another region", "the institution itself"])
def test_a_task_is_not_there_for_who_does_not_hold_its_office(session: Session, work: Work, who: str) -> None:
    certificate = CertificateFactory(requested=True)
    stranger = PersonFactory(profiles=[(Profile.PROVIDER_NATIONAL_ADMIN, OrganisationFactory(), None)])
    actors = {
        "another institution": actor_of(stranger),
        "another region": director_in("05"),
        "the institution itself": provider_of(certificate),
    }
    task_id = waiting(session, certificate, "annulment").id

    with pytest.raises(NotFound), work() as inner:
        runner.complete_task(inner, task_id=task_id, actor=actors[who], answers={"granted": True, "reason": "Sí."})


def test_a_task_that_does_not_exist_is_not_found(session: Session, work: Work) -> None:
    with pytest.raises(NotFound), work() as inner:
        runner.complete_task(inner, task_id=999, actor=director_in("13"), answers={})


def test_a_refusal_in_an_operation_leaves_no_trace(session: Session, work: Work) -> None:
    certificate = CertificateFactory()
    actor = provider_of(certificate)
    begun(work, certificate, actor)
    before = all_rows(session)
    task = waiting(session, certificate, "issuance")
    stale = acceptance(session, certificate, actor) | {"content_sha256": "0" * 64}

    with pytest.raises(Refusal, match="cambiaron mientras usted revisaba"), work() as inner:
        runner.complete_task(inner, task_id=task.id, actor=actor, answers=stale)

    assert all_rows(session) == before


def test_a_case_that_may_not_begin_leaves_no_trace(session: Session, work: Work) -> None:
    action = TrainingActionFactory(finished=False, participants=1)
    certificate = certificates.of_action(session, action.id)
    actor = provider_of(certificate)
    session.commit()
    before = all_rows(session)

    with pytest.raises(Refusal, match="Podrá emitir el certificado desde el"), work() as inner:
        runner.start(inner, "issuance", certificate_id=certificate.id, actor=actor)

    assert all_rows(session) == before


def test_each_step_counts_the_version_of_its_case(session: Session, work: Work) -> None:
    certificate = CertificateFactory()
    actor = provider_of(certificate)
    begun(work, certificate, actor)
    session.expire_all()
    before = last_case(session, "issuance").version

    with work() as inner:
        task = waiting(inner, certificate, "issuance")
        runner.complete_task(inner, task_id=task.id, actor=actor, answers=acceptance(inner, certificate, actor))

    session.expire_all()
    assert last_case(session, "issuance").version > before


def test_the_same_diagram_is_stored_once(session: Session, work: Work) -> None:
    with work() as inner:
        first = [definition.id for definition in definitions.load_files(inner)]
    with work() as inner:
        again = [definition.id for definition in definitions.load_files(inner)]

    assert again == first
