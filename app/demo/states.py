"""Brings each demo course to its state, the way people do: through the diagrams, as the persons who would."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.adapters.storage import Storage
from app.demo import evidence, staff, waits
from app.demo.accounts import SENCE_ADMIN
from app.demo.courses import Course
from app.demo.endings import Ending
from app.demo.institutions import OTECS
from app.domain.attendance_missing import missing_in
from app.domain.permissions import Actor, Profile
from app.domain.regions import Region
from app.domain.rut import Rut
from app.models import Certificate, Person, TrainingAction
from app.process import runner
from app.services import attendance, certificates, profiles, voids
from app.services.retroactive import Subject

REASON = "La asistencia de una participante quedó mal registrada: se corrigió en el libro de clases."
GRANTED = "Se verificó la corrección en el libro de clases. Se aprueba."
DENIED = "El libro de clases no muestra ninguna corrección. Se rechaza."
LOST_MARK = "El lector de huellas se quedó sin energía. Adjunto la planilla firmada y una foto del lector."
MARK_PROVEN = "La planilla firmada muestra que la persona estuvo en la clase. Se aprueba."
RETROACTIVE = "retroactive_attendance"
VOID_REASON = "SENCE rectificó el origen de la comunicación del curso."


@dataclass(frozen=True)
class _Story:
    """One course and the people who act on it."""

    session: Session
    seed: int
    course: Course
    certificate: Certificate
    storage: Storage

    def issue(self) -> None:
        reference = f"OC-{1000 + self.course.index}"
        actor = self._provider()
        runner.start(self.session, "issuance", certificate_id=self.certificate.id, actor=actor)
        self._answer("issuance", actor, document_reference=reference)
        draft = certificates.review(
            self.session, self.certificate.action, document_reference=reference, actor=actor
        ).document
        self._answer(
            "issuance",
            actor,
            content_sha256=draft.content_sha256(),
            authenticated_by=actor.authenticated_by,
            accepted=True,
        )

    def request(self) -> None:
        actor = self._provider()
        runner.start(self.session, "annulment", certificate_id=self.certificate.id, actor=actor)
        self._answer("annulment", actor, reason=REASON)

    def grant(self) -> None:
        self._answer("annulment", self._director(), granted=True, reason=GRANTED)

    def deny(self) -> None:
        self._answer("annulment", self._director(), granted=False, reason=DENIED)

    def void(self) -> None:
        sence = _person(self.session, SENCE_ADMIN.account.rut)
        voids.void(self.session, certificate_id=self.certificate.id, reason=VOID_REASON, actor_id=sence.id)

    def ask_retroactive(self) -> str | None:
        """For somebody with a mark missing, and what it is about; where nobody has one, nobody asks."""
        subject = self._somebody_without_mark()
        if subject is not None:
            actor, kept = self._provider(), [one.as_answer() for one in evidence.attach(self.storage)]
            runner.start(self.session, RETROACTIVE, certificate_id=self.certificate.id, actor=actor, subject=subject)
            self._answer(RETROACTIVE, actor, subject, reason=LOST_MARK, attachments=kept)
        return subject

    def leave_retroactive_waiting(self) -> None:
        """Two requests that nobody decides: one with the national level, one whose term is nearly over."""
        for working_days in (waits.PAST_THE_LIMIT, waits.NEARLY_DUE):
            by = waits.ago(self.certificate.action, working_days)
            with waits.written(self.session, by):
                subject = self.ask_retroactive()
            if subject is not None:
                case = runner.open_instance(
                    self.session, RETROACTIVE, certificate_id=self.certificate.id, subject=subject
                )
                assert case is not None
                waits.make_earlier(self.session, case, by)

    def have_retroactive_granted(self) -> None:
        if (subject := self.ask_retroactive()) is not None:
            self._answer(RETROACTIVE, self._director(), subject, granted=True, reason=MARK_PROVEN)

    def _somebody_without_mark(self) -> str | None:
        action = self.certificate.action
        classes = {row.class_id: row.id for row in attendance.class_rows(self.session, action)}
        found = (
            str(Subject(entry.participant_id, classes[breakdown.class_held.class_id]))
            for entry in attendance.compute(self.session, action)
            for breakdown in entry.result.classes
            if breakdown.class_held.held and missing_in(breakdown) is not None
        )
        return next((subject for subject in found if not self._is_asked(subject)), None)

    def _is_asked(self, subject: str) -> bool:
        case = runner.open_instance(self.session, RETROACTIVE, certificate_id=self.certificate.id, subject=subject)
        return case is not None

    def _answer(self, process_id: str, actor: Actor, subject: str = "", **answers: Any) -> None:
        task = runner.open_task(self.session, process_id, certificate_id=self.certificate.id, subject=subject)
        assert task is not None, f"{process_id} of {self.course.code} waits for nobody"
        runner.complete_task(self.session, task_id=task.id, actor=actor, answers=answers)

    def _provider(self) -> Actor:
        otec = next(number for number, known in enumerate(OTECS) if known.rut == self.course.otec_rut)
        person = _person(self.session, staff.admin_rut(self.seed, otec))
        return _actor(self.session, person, Profile.PROVIDER_NATIONAL_ADMIN, self.certificate.action.otec_id)

    def _director(self) -> Actor:
        person = _person(self.session, staff.director_rut(self.seed, Region(self.course.region)))
        return _actor(self.session, person, Profile.REGIONAL_DIRECTOR, None)


_STEPS: dict[Ending, tuple[Callable[[_Story], None], ...]] = {
    Ending.ISSUED: (_Story.issue,),
    Ending.PENDING_VALIDATION: (_Story.issue, _Story.request),
    Ending.APPROVED_FOR_REISSUE: (_Story.issue, _Story.request, _Story.grant),
    Ending.REJECTED: (_Story.issue, _Story.request, _Story.deny),
    Ending.VOIDED: (_Story.issue, _Story.void),
    Ending.REISSUED: (_Story.issue, _Story.request, _Story.grant, _Story.issue),
    Ending.LIQUIDATED: (_Story.issue,),
}


# Retroactive attendance comes before the certificate: asked for twice in one course, granted in another.
_RETROACTIVE: dict[int, tuple[Callable[[_Story], object], ...]] = {
    1: (_Story.have_retroactive_granted,),
    8: (_Story.leave_retroactive_waiting,),
}


def _steps(course: Course) -> tuple[Callable[[_Story], object], ...]:
    return (*_RETROACTIVE.get(course.index, ()), *_STEPS.get(course.ending, ()))


def untouched(session: Session, courses: Iterable[Course]) -> list[Course]:
    """The courses that should have come further and that nobody, person or demo, has begun anything on."""
    begun = set(
        session.scalars(select(TrainingAction.code).join(Certificate, Certificate.action_id == TrainingAction.id))
    )
    return [course for course in courses if _steps(course) and course.code not in begun]


def bring(session: Session, seed: int, course: Course, storage: Storage) -> None:
    """Take the course all the way to its state, in the caller's transaction."""
    action_id = session.scalars(select(TrainingAction.id).where(TrainingAction.code == course.code)).one()
    story = _Story(session, seed, course, certificates.of_action(session, action_id), storage)
    for step in _steps(course):
        step(story)


def _person(session: Session, rut: str) -> Person:
    return session.scalars(select(Person).where(Person.rut_body == Rut.parse(rut).body)).one()


def _actor(session: Session, person: Person, profile: Profile, organisation_id: int | None) -> Actor:
    actor = profiles.actor_for(session, person.id, profile, organisation_id)
    assert actor is not None, f"{profile} is not granted to who should act"
    return actor
