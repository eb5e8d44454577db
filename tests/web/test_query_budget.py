"""No action asks the database more than 25 times, however it ends: over a slow line, each time is a wait of its own."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.models import Certificate
from tests.factories import CertificateFactory, TrainingActionFactory
from tests.support.queries import all_statements
from tests.web.course_page import address
from tests.web.offices import director, provider, task_address
from tests.web.visitor import Visitor

MOST = 25
SEARCH = "/CertificadoAsistencia/BusquedaAccion"
CHOSEN = {"FilterTipoPrograma": "3", "FilterTipobusqueda": "5"}
Arranged = tuple[Visitor, Certificate, Session]
Reading = Callable[[Arranged], str]


def at(*steps: str) -> Callable[[FlaskClient, Session], Arranged]:
    """A course of twelve taken so far, and its institution's administrator."""

    def arrange(client: FlaskClient, session: Session) -> Arranged:
        action = TrainingActionFactory(participants=12, classes=5, attended=True)
        certificate = CertificateFactory(action=action, steps=steps)
        return provider(client, certificate), certificate, session

    return arrange


def entered(client: FlaskClient, session: Session, *steps: str) -> Arranged:
    """The same with the number of the invoice written."""
    visitor, certificate, _ = at(*steps)(client, session)
    visitor.send(f"{address(certificate.action)}/emitir", "Emitir Certificado", document_reference="4521")
    return visitor, certificate, session


def reentered(client: FlaskClient, session: Session) -> Arranged:
    return entered(client, session, "issue", "request", "grant", "issue", "request", "grant")


def at_the_regional_direction(client: FlaskClient, session: Session) -> Arranged:
    _, certificate, _ = at("issue", "request")(client, session)
    return director(client), certificate, session


def searching(client: FlaskClient, session: Session) -> Arranged:
    visitor, certificate, _ = at("issue")(client, session)
    visitor.client.post(SEARCH, data=_criteria(visitor))
    return visitor, certificate, session


def _criteria(visitor: Visitor) -> dict[str, str]:
    token = visitor.read(SEARCH).select("main input[name=csrf_token]")[0]["value"]
    return CHOSEN | {"csrf_token": str(token)}


def course(path: str = "") -> Reading:
    return lambda arranged: f"{address(arranged[1].action)}{path}"


def task(arranged: Arranged) -> str:
    _, certificate, session = arranged
    return task_address(session, certificate)


PAGES: dict[str, tuple[Callable[[FlaskClient, Session], Arranged], Reading]] = {
    "open the course": (at(), course()),
    "open the course that has all its history": (
        at("issue", "request", "deny", "request", "grant", "issue", "request"),
        course(),
    ),
    "see what was found": (searching, lambda _: f"{SEARCH}?ver=resultado"),
    "generate": (at(), course("/emitir")),
    "review": (entered, course("/emitir/revision")),
    "read that it was issued": (at("issue"), course("/certificados/1/emitido")),
    "read the certificate": (at("issue", "request", "grant", "issue"), course("/certificados/1")),
    "ask whether the PDF is there": (at("issue"), course("/certificados/1/avance")),
    "open the request for annulment": (at("issue", "request", "deny"), course("/anulacion")),
    "see the request": (at("issue", "request"), course("/solicitudes")),
    "open the inbox": (at_the_regional_direction, lambda _: "/bandeja"),
    "open the task": (at_the_regional_direction, task),
}
ACTIONS: dict[str, tuple[Callable[[FlaskClient, Session], Arranged], Reading, str, dict[str, str]]] = {
    "type the reference": (at(), course("/emitir"), "Emitir Certificado", {"document_reference": "4521"}),
    "correct the reference": (entered, course("/emitir"), "Emitir Certificado", {"document_reference": "4522"}),
    "go back to the reference": (entered, course("/emitir/revision"), "Corregir el N° de factura", {}),
    "accept": (entered, course("/emitir/revision"), "Acepto emitir el certificado", {}),
    "accept once more": (reentered, course("/emitir/revision"), "Acepto emitir el certificado", {}),
    "request the annulment": (at("issue"), course("/anulacion"), "Enviar Solicitud", {"reason": "Error."}),
    "ask once more": (at("issue", "request", "deny"), course("/anulacion"), "Enviar Solicitud", {"reason": "Error."}),
    "grant": (at_the_regional_direction, task, "Aprobar", {"reason": "Se revisó."}),
    "deny": (at_the_regional_direction, task, "Rechazar", {"reason": "Se revisó."}),
}


@pytest.mark.parametrize("name", PAGES)
def test_no_page_asks_more_than_25_times(client: FlaskClient, session: Session, name: str) -> None:
    arrange, where = PAGES[name]
    page = where(arrange(client, session))

    with all_statements(session) as sent:
        answer = client.get(page)

    assert answer.status_code in (200, 204)
    assert len(sent) <= MOST, "\n".join(sent)


@pytest.mark.parametrize("name", ACTIONS)
def test_no_action_asks_more_than_25_times(client: FlaskClient, session: Session, name: str) -> None:
    arrange, where, button, fields = ACTIONS[name]
    arranged = arrange(client, session)
    page = where(arranged)
    form = arranged[0].fill(arranged[0].read(page), button, **fields)

    with all_statements(session) as sent:
        answer = client.post(page, data=form)

    assert answer.status_code == 303
    assert len(sent) <= MOST, "\n".join(sent)


def test_a_search_asks_no_more_than_25_times(client: FlaskClient, session: Session) -> None:
    visitor, _, _ = searching(client, session)
    criteria = _criteria(visitor)

    with all_statements(session) as sent:
        answer = client.post(SEARCH, data=criteria)

    assert answer.status_code == 303
    assert len(sent) <= MOST, "\n".join(sent)
