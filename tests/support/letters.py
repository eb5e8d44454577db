"""Every letter there is, written for real from the rows of stories told for real, and kept instead of sent."""

from collections.abc import Callable
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.adapters.mail import PostOffice
from app.domain.permissions import Profile
from app.models import Certificate, Effect, HumanTask, Person, TaskTimer, TimerKind
from app.services import mail
from tests.factories import CertificateFactory, PersonFactory, TrainingActionFactory, director_of
from tests.web.people import ADMIN

SITE = "https://constancia.example"
ISSUER, DIRECTOR, NATIONAL = "emisora@otec.example", "directora@sence.example", "nacional@sence.example"


@dataclass
class Bag:
    """A transport that keeps what it is given."""

    messages: list[EmailMessage] = field(default_factory=list)

    def send(self, message: EmailMessage) -> None:
        self.messages.append(message)

    def to(self, address: str) -> list[EmailMessage]:
        return [message for message in self.messages if address in message["To"]]


def text_of(message: EmailMessage, kind: str = "plain") -> str:
    part = message.get_body((kind,))
    assert part is not None
    return str(part.get_content())


def certificate_at(*steps: str, **course: Any) -> Certificate:
    """A course whose issuer and director have e-mail, taken through `steps`."""
    action = TrainingActionFactory(participants=2, classes=2, attended=True, **course)
    certificate: Certificate = CertificateFactory(
        action=action,
        issuer=PersonFactory(email=ISSUER, profiles=[(ADMIN, action.otec, None)]),
        director=PersonFactory(email=DIRECTOR, profiles=[director_of(action.region)]),
        steps=steps,
    )
    return certificate


def send_all(session: Session) -> Bag:
    """Perform every effect of mail that waits."""
    bag = Bag()
    for effect in session.scalars(select(Effect).where(Effect.kind == mail.SEND).order_by(Effect.id)):
        mail.send(session, effect.payload, post_office=PostOffice(bag, "Constancia <c@constancia.example>", SITE))
    return bag


def waiting_task(session: Session) -> HumanTask:
    return session.scalars(select(HumanTask).order_by(HumanTask.id.desc()).limit(1)).one()


def ask_about_task(session: Session, kind: TimerKind) -> None:
    """What the clock asks for when that falls due about the task, whether it waits or not."""
    task = waiting_task(session)
    timer = session.scalars(select(TaskTimer).where(TaskTimer.task_id == task.id, TaskTimer.kind == kind)).one()
    if kind is TimerKind.ESCALATION:
        mail.ask_escalation(session, task, timer)
    else:
        mail.ask_reminder(session, task, timer)


def national_admin() -> Person:
    """Somebody of the national level, with e-mail."""
    person: Person = PersonFactory(email=NATIONAL, profiles=[(Profile.SENCE_NATIONAL_ADMIN, None, None)])
    return person


def everything(session: Session, **course: Any) -> Bag:
    """Every letter there is, each in all its cases: its messages."""
    sent = Bag()
    stories: list[tuple[tuple[str, ...], Callable[[], None]]] = [
        (("issue", "request", "grant"), lambda: None),
        (("issue", "request", "deny", "request", "deny"), lambda: None),
        (("lose_exit", "ask_retroactive", "grant_retroactive"), lambda: None),
        (("lose_exit", "ask_retroactive", "deny_retroactive"), lambda: None),
        (("lose_exit", "ask_retroactive"), lambda: None),
        (("issue", "request"), lambda: _every_timer(session)),
    ]
    for steps, more in stories:
        certificate_at(*steps, **course)
        more()
        sent.messages += send_all(session).messages
        session.query(Effect).delete()
        session.query(Person).filter(Person.email != "").update({"email": ""})
        session.expire_all()
    return sent


def _every_timer(session: Session) -> None:
    national_admin()
    for kind in TimerKind:
        ask_about_task(session, kind)
