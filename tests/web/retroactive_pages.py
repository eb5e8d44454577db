"""The pages of retroactive attendance as tests walk them: who enters, where things are, and how a request is sent."""

import io
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.domain.permissions import Profile
from app.models import Certificate, RetroactiveRequest
from app.process import runner
from tests.factories import CertificateFactory, PersonFactory
from tests.support.stories import WHY_RETROACTIVE, first_class
from tests.web.visitor import Visitor

SEND, GRANT, DENY = "Enviar Solicitud", "Aprobar", "Rechazar"
PDF = b"%PDF-1.7 synthetic"
Sent = tuple[str, bytes]


def provider(client: FlaskClient, certificate: Certificate) -> Visitor:
    otec = certificate.action.otec
    visitor = Visitor(client)
    visitor.enter(
        PersonFactory(profiles=[(Profile.PROVIDER_NATIONAL_ADMIN, otec, None)]), Profile.PROVIDER_NATIONAL_ADMIN, otec
    )
    return visitor


def director(client: FlaskClient, region: str = "13") -> Visitor:
    visitor = Visitor(client)
    visitor.enter(PersonFactory(profiles=[(Profile.REGIONAL_DIRECTOR, None, region)]), Profile.REGIONAL_DIRECTOR)
    return visitor


def sessions_address(certificate: Certificate) -> str:
    return f"/acciones/{certificate.action.code}/participantes/{first_class(certificate).participant_id}"


def form_address(certificate: Certificate) -> str:
    return f"{sessions_address(certificate)}/clases/{first_class(certificate).class_held_id}/asistencia-retroactiva"


def request_address(session: Session, certificate: Certificate) -> str:
    request = session.query(RetroactiveRequest).order_by(RetroactiveRequest.id.desc()).first()
    assert request is not None
    return f"/acciones/{certificate.action.code}/asistencia-retroactiva/{request.id}"


def task_address(session: Session, certificate: Certificate) -> str:
    session.expire_all()
    subject = str(first_class(certificate))
    task = runner.open_task(session, "retroactive_attendance", certificate_id=certificate.id, subject=subject)
    assert task is not None
    return f"/bandeja/{task.id}"


def filled(
    visitor: Visitor, certificate: Certificate, reason: str = "Falló el lector.", *files: Sent
) -> dict[str, Any]:
    form: dict[str, Any] = visitor.fill(visitor.read(form_address(certificate)), SEND, reason=reason)
    return form | {"attachments": [(io.BytesIO(data), name) for name, data in files]}


def send(visitor: Visitor, certificate: Certificate, reason: str = "Falló el lector.", *files: Sent) -> TestResponse:
    return visitor.client.post(form_address(certificate), data=filled(visitor, certificate, reason, *files))


def addresses(session: Session, certificate: Certificate) -> list[str]:
    request = request_address(session, certificate)
    return [request, f"{request}/antecedentes/1"]


def asked_with_a_file(client: FlaskClient) -> Certificate:
    certificate: Certificate = CertificateFactory(exit_lost=True)
    send(provider(client, certificate), certificate, WHY_RETROACTIVE, ("libro.pdf", PDF))
    return certificate
