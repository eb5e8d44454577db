"""Forms are data: an analyst's required field and second review are asked, refused, stored, shown and printed, without code."""

import io
import json
import zipfile

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.domain.permissions import Profile
from app.models import Certificate, HumanTask, Person
from app.process import forms as process_forms
from app.process import gate
from app.process.package import Package
from app.services import annulments, certificates
from tests.factories import CertificateFactory, grant
from tests.support import second_review
from tests.support.tables import all_rows
from tests.web.offices import director, provider, requested, waiting
from tests.web.people import enter
from tests.web.visitor import Visitor, errors_of, page_of, words

SEND, GRANT, DENY, CONFIRM, RETURN = "Enviar Solicitud", "Aprobar", "Rechazar", "Confirmar", "Devolver"
WHY, SEEN, REVIEWED = "Falta un participante.", "Se revisaron las marcas.", "Conforme a la norma."
NATIONAL = Profile.SENCE_NATIONAL_ADMIN
LABEL = str(second_review.PAID["label"])


def at_the_request(client: FlaskClient, session: Session) -> tuple[Certificate, Visitor, str]:
    second_review.published(session)
    certificate = CertificateFactory(issued=True)
    return certificate, provider(client, certificate), f"/acciones/{certificate.action.code}/anulacion"


def asked(client: FlaskClient, session: Session) -> Certificate:
    certificate, visitor, address = at_the_request(client, session)
    page_of(visitor.send(address, SEND, reason=WHY, amount_paid="1.250.000"), 303)
    return certificate


def task_of(session: Session, certificate: Certificate) -> HumanTask:
    return waiting(session, certificate)


def answer(session: Session, visitor: Visitor, certificate: Certificate, button: str, **fields: str) -> str:
    """What the inbox says afterwards."""
    sent = visitor.send(f"/bandeja/{task_of(session, certificate).id}", button, **fields)
    return words(visitor.read(sent.headers["Location"]))


def granted(client: FlaskClient, session: Session) -> Certificate:
    certificate = asked(client, session)
    answer(session, director(client, certificate.action.region), certificate, GRANT, reason=SEEN)
    return certificate


def review_page(client: FlaskClient, session: Session, certificate: Certificate) -> BeautifulSoup:
    return enter(client, NATIONAL).read(f"/bandeja/{task_of(session, certificate).id}")


def test_the_gate_has_nothing_against_it() -> None:
    offered = process_forms.offered(second_review.forms())

    assert gate.findings(Package(second_review.diagram(), offered)) == []
    assert {finding.code for finding in gate.findings(Package(second_review.diagram()))} >= {"form", "condition"}


def test_the_field_is_asked_and_refused_with_its_sentence_when_empty(client: FlaskClient, session: Session) -> None:
    _, visitor, address = at_the_request(client, session)
    assert LABEL in words(visitor.read(address))
    session.commit()
    before = all_rows(session)

    page = page_of(visitor.send(address, SEND, reason=WHY), 422)

    assert errors_of(page) == [second_review.PAID["missing"]]
    assert page.select_one('.govuk-error-summary a[href="#amount_paid"]') is not None
    assert page.select_one("#amount_paid.govuk-input--error") is not None
    assert page.select_one("textarea").text.strip() == WHY  # type: ignore[union-attr]
    assert all_rows(session) == before


def test_it_is_stored_and_the_director_reads_it(client: FlaskClient, session: Session) -> None:
    certificate = asked(client, session)

    first = task_of(session, certificate).instance.tasks[0]
    page = director(client, certificate.action.region).read(f"/bandeja/{task_of(session, certificate).id}")

    assert first.answers == {"reason": WHY, "amount_paid": 1250000}
    assert f"{LABEL} 1.250.000" in words(page)


@pytest.mark.parametrize("page", ["", "/solicitudes"], ids=["history", "requests"])
def test_it_is_printed_on_the_course_and_its_requests(client: FlaskClient, session: Session, page: str) -> None:
    certificate = asked(client, session)

    read = provider(client, certificate).read(f"/acciones/{certificate.action.code}{page}")

    assert f"{LABEL} 1.250.000" in words(read, "main")
    # What the history and the request say by themselves is not said twice.
    assert words(read, "#historia" if not page else "main").count(WHY) == 1


def test_the_national_level_reads_everything_and_its_word_makes_it_true(client: FlaskClient, session: Session) -> None:
    certificate = granted(client, session)
    region = task_of(session, certificate).instance.tasks[1].completed_by
    assert certificates.state_of_action(session, certificate.action_id) == "pending_validation"

    page = review_page(client, session, certificate)
    text = words(page)
    told = answer(session, enter(client, NATIONAL), certificate, CONFIRM, review_reason=REVIEWED)

    for shown in (WHY, f"{LABEL} 1.250.000", SEEN, "aprobó la anulación", "Confirmar: La anulación queda firme."):
        assert shown in text
    assert "Quedó registrado: Revisar la resolución." in told
    session.expire_all()
    assert certificates.state_of_action(session, certificate.action_id) == "approved_for_reissue"
    decision = annulments.requests_of(session, certificate.action_id)[0].decision
    assert decision is not None
    assert (decision.decided_by_id, decision.reason) == (region and region.id, SEEN)


def test_what_it_gives_back_is_decided_again(client: FlaskClient, session: Session) -> None:
    certificate = granted(client, session)
    told = answer(session, enter(client, NATIONAL), certificate, RETURN, review_reason="Falta el cotejo.")
    visitor = director(client, certificate.action.region)
    page = words(visitor.read(f"/bandeja/{task_of(session, certificate).id}"))

    answer(session, visitor, certificate, DENY, reason="No procede.")

    assert "La resolución volvió a la Dirección Regional." in told
    assert "devolvió la resolución" in page
    assert "Falta el cotejo." in page
    assert certificates.state_of_action(session, certificate.action_id) == "rejected"


def test_the_review_stands_in_the_inbox_of_the_national_level_and_of_nobody_else(
    client: FlaskClient, session: Session
) -> None:
    certificate = granted(client, session)
    address = f"/bandeja/{task_of(session, certificate).id}"

    text = words(enter(client, NATIONAL).read("/bandeja"))

    assert certificate.action.code in text
    assert "Nivel central" in text
    assert "Las de la oficina «Nivel central» las responde usted." in text
    for visitor in (director(client, certificate.action.region), provider(client, certificate)):
        assert visitor.client.get(address).status_code == 404


def test_who_asked_does_not_review(client: FlaskClient, session: Session) -> None:
    certificate = granted(client, session)
    same = session.get_one(Person, task_of(session, certificate).instance.started_by_id)
    grant(same, NATIONAL, None, None)
    visitor = Visitor(client)
    visitor.enter(same, NATIONAL)

    page = page_of(visitor.send(f"/bandeja/{task_of(session, certificate).id}", CONFIRM, review_reason=REVIEWED), 409)

    assert errors_of(page) == [
        "Quien inició un trámite no lo revisa. Pida a otra persona del nivel central que responda."
    ]


@pytest.mark.parametrize("place", ["page", "zip"])
def test_the_history_of_the_case_prints_it(client: FlaskClient, session: Session, place: str) -> None:
    certificate = granted(client, session)
    answer(session, enter(client, NATIONAL), certificate, CONFIRM, review_reason=REVIEWED)
    address = f"/acciones/{certificate.action.code}/expediente"
    visitor = provider(client, certificate)

    if place == "page":
        told = words(visitor.read(address))
    else:
        files = zipfile.ZipFile(io.BytesIO(visitor.client.get(f"{address}.zip").data))
        (name,) = (one for one in files.namelist() if one.endswith("-annulment-v2.json"))
        steps = json.loads(files.read(name))["pasos"]
        told = " ".join(f"{one['pregunta']} {one['respuesta']}" for step in steps for one in step["respuestas"])
        told += BeautifulSoup(files.read("indice.html"), "lxml").text

    for printed in (f"{LABEL} 1.250.000", REVIEWED, SEEN, "confirmó la resolución"):
        assert printed in " ".join(told.split())


def test_a_case_that_began_before_goes_on_as_it_was(client: FlaskClient, session: Session) -> None:
    before = requested()
    second_review.published(session)
    visitor = director(client)

    page = words(visitor.read(f"/bandeja/{task_of(session, before).id}"))
    told = answer(session, visitor, before, GRANT, reason=SEEN)

    assert LABEL not in page
    assert "La anulación quedó aprobada." in told
    assert certificates.state_of_action(session, before.action_id) == "approved_for_reissue"
