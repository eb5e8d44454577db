"""Directors and providers at their inbox, and the task that waits for them."""

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.domain.permissions import Profile
from app.models import Certificate, HumanTask, Organisation
from app.process import runner
from tests.factories import CertificateFactory, PersonFactory, TrainingActionFactory
from tests.web.visitor import Visitor


def director(client: FlaskClient, region: str = "13") -> Visitor:
    visitor = Visitor(client)
    visitor.enter(PersonFactory(profiles=[(Profile.REGIONAL_DIRECTOR, None, region)]), Profile.REGIONAL_DIRECTOR)
    return visitor


def provider(client: FlaskClient, certificate: Certificate) -> Visitor:
    otec = certificate.action.otec
    visitor = Visitor(client)
    visitor.enter(
        PersonFactory(profiles=[(Profile.PROVIDER_NATIONAL_ADMIN, otec, None)]), Profile.PROVIDER_NATIONAL_ADMIN, otec
    )
    return visitor


def waiting(session: Session, certificate: Certificate) -> HumanTask:
    session.expire_all()
    task = runner.open_task(session, "annulment", certificate_id=certificate.id)
    assert task is not None
    return task


def requested(region: str = "13") -> Certificate:
    action = TrainingActionFactory(region=region, participants=2, classes=2, attended=True)
    certificate: Certificate = CertificateFactory(action=action, requested=True)
    return certificate


def task_address(session: Session, certificate: Certificate) -> str:
    return f"/bandeja/{waiting(session, certificate).id}"


def visit(client: FlaskClient, otec: Organisation, profile: Profile = Profile.PROVIDER_NATIONAL_ADMIN) -> Visitor:
    visitor = Visitor(client)
    visitor.enter(PersonFactory(profiles=[(profile, otec, None)]), profile, otec)
    return visitor
