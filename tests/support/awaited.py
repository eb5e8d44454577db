"""What cases wait for besides people: rows made by hand, and those that real diagrams left."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import AwaitedEvent, Certificate, Effect, ProcessInstance
from app.process import awaited
from app.process.diagrams import Event
from tests.factories import CertificateFactory

FIVE_DAYS = Event("wait_five_days", "Esperar cinco días", "timer", term="plazo_habil(5)")
ANNULLED = Event("is_annulled", "Anulado", "message", message="certificates/annulled")


# The case about attendance is still open when the one about the annulment ends.
STEPS = ("lose_exit", "ask_retroactive", "issue", "request")


def case_of(session: Session, certificate: Certificate, process_id: str) -> ProcessInstance:
    """The last case of a process about a certificate."""
    about = select(ProcessInstance).where(
        ProcessInstance.certificate_id == certificate.id, ProcessInstance.process_id == process_id
    )
    return session.scalars(about.order_by(ProcessInstance.id.desc()).limit(1)).one()


def waiting(
    session: Session,
    described: Event,
    certificate: Certificate | None = None,
    process_id: str = "retroactive_attendance",
) -> AwaitedEvent:
    """An open case that waits for that too, though its diagram knows nothing of it."""
    case = case_of(session, certificate or CertificateFactory(steps=STEPS), process_id)
    row = awaited.open_for(session, case, described, str(uuid4()))
    session.flush()
    return row


def let_pass(session: Session, row: AwaitedEvent) -> None:
    """Its term was over a moment ago."""
    row.due_at = datetime.now(UTC) - timedelta(seconds=1)
    session.flush()


def asked(session: Session, kind: str) -> Sequence[Effect]:
    return session.scalars(select(Effect).where(Effect.kind == kind).order_by(Effect.id)).all()
