"""A decision table in a real case: it decides the way, what it decided is told, and another version changes nothing of it."""

import io
import json
import zipfile

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Certificate, HumanTask, ProcessDefinition, ProcessInstance
from app.process import audit, decision_tables, definitions, dmn
from app.process.studio import drafts, evaluation
from app.services.audit import Ground
from tests.factories import CertificateFactory
from tests.studio.analysts import actor_of, analyst
from tests.support import reviewed_by_table
from tests.web.offices import director, provider, waiting
from tests.web.visitor import Visitor, page_of, words

SEND, GRANT = "Enviar Solicitud", "Aprobar"
NATIONALLY = "Tabla «Quién revisa una anulación», fila 3: Quién revisa = «national»"


def asked(client: FlaskClient, session: Session, motive: str, line: str) -> Certificate:
    certificate: Certificate = CertificateFactory(issued=True)
    answers = {"reason": "Está mal.", "amount_paid": "1.250.000", "motive": motive, "training_line": line}
    address = f"/acciones/{certificate.action.code}/anulacion"
    page_of(provider(client, certificate).send(address, SEND, **answers), 303)
    return certificate


def granted(client: FlaskClient, session: Session, motive: str, line: str) -> tuple[Certificate, Visitor]:
    certificate = asked(client, session, motive, line)
    visitor = director(client, certificate.action.region)
    visitor.send(f"/bandeja/{waiting(session, certificate).id}", GRANT, reason="Conforme.")
    session.expire_all()
    return certificate, visitor


def case_of(session: Session, certificate: Certificate) -> ProcessInstance:
    about = ProcessInstance.certificate_id == certificate.id, ProcessInstance.process_id == "annulment"
    return session.scalars(select(ProcessInstance).where(*about)).one()


def open_keys(case: ProcessInstance) -> list[str]:
    return [task.key for task in case.tasks if task.closed_at is None]


@pytest.fixture
def version(session: Session) -> ProcessDefinition:
    return reviewed_by_table.published(session)


@pytest.mark.usefixtures("version")
@pytest.mark.parametrize(
    ("motive", "line", "open_", "rule"),
    [
        ("data_error", "tax_credit", [], 1),
        ("wrong_course", "social_programmes", [], 2),
        ("wrong_attendance", "on_the_job", ["review_decision"], 3),
    ],
)
def test_the_table_decides_who_reviews(
    client: FlaskClient, session: Session, motive: str, line: str, open_: list[str], rule: int
) -> None:
    certificate, _ = granted(client, session, motive, line)
    case = case_of(session, certificate)

    (decision,) = case.table_decisions
    assert open_keys(case) == open_
    assert (decision.table_name, decision.rules) == ("annulment_review", [rule])
    assert decision.read == {"motive": motive, "training_line": line}


def test_a_condition_is_evaluated_on_what_the_table_gave(
    client: FlaskClient, session: Session, version: ProcessDefinition
) -> None:
    certificate, _ = granted(client, session, "wrong_course", "tax_credit")
    draft = drafts.start(session, version, actor_of(analyst()))

    found = evaluation.evaluate(
        session, draft, "review_level == 'national' and granted", case_of(session, certificate).id
    )

    assert found.value == "sí"


@pytest.mark.usefixtures("version")
def test_the_case_file_says_which_row_decided(client: FlaskClient, session: Session) -> None:
    certificate, visitor = granted(client, session, "wrong_course", "tax_credit")
    address = f"/acciones/{certificate.action.code}/expediente"

    archive = zipfile.ZipFile(io.BytesIO(visitor.client.get(f"{address}.zip").data))
    steps = next(json.loads(archive.read(name)) for name in archive.namelist() if name.endswith("annulment-v2.json"))
    table = next(archive.read(name) for name in archive.namelist() if name.endswith("annulment_review.dmn"))

    assert NATIONALLY in words(visitor.read(address))
    assert NATIONALLY in BeautifulSoup(archive.read("indice.html"), "lxml").text
    assert [one["que"] for one in steps["decisiones"]] == [NATIONALLY]
    assert dmn.read(table)[0].name == "annulment_review"


def test_a_version_keeps_its_table_whatever_the_next_one_says(
    client: FlaskClient, session: Session, version: ProcessDefinition
) -> None:
    certificate = asked(client, session, "data_error", "tax_credit")
    regional = '"regional"</text></outputEntry>'
    sterner = version.decision_tables["annulment_review"].replace(regional, regional.replace("regional", "national"), 1)
    second = reviewed_by_table.published(session, {"annulment_review": sterner})
    session.commit()

    task: HumanTask = waiting(session, certificate)
    director(client, certificate.action.region).send(f"/bandeja/{task.id}", GRANT, reason="Conforme.")
    session.expire_all()

    assert second.content_sha256 != version.content_sha256
    assert open_keys(case_of(session, certificate)) == []
    later, _ = granted(client, session, "data_error", "tax_credit")
    assert open_keys(case_of(session, later)) == ["review_decision"]


def test_a_version_carries_the_tables_its_diagram_names_and_no_other(
    version: ProcessDefinition, session: Session
) -> None:
    assert list(version.decision_tables) == ["annulment_review"]
    assert definitions.current(session, "issuance").decision_tables == {}


def test_the_hash_of_a_version_holds_its_tables(version: ProcessDefinition) -> None:
    parts = version.xml, version.forms, version.scenarios

    assert version.content_sha256 == definitions.content_hash(*parts, version.decision_tables)
    assert version.content_sha256 != definitions.content_hash(*parts)


def test_the_audit_knows_a_version_with_tables(version: ProcessDefinition, session: Session) -> None:
    ground = Ground(session, None, None)  # type: ignore[arg-type]
    unchanged = next(one for one in audit.INVARIANTS if one.name == "definitions_unchanged")

    assert list(unchanged.offenders(ground)) == []


def test_a_table_is_read_once(version: ProcessDefinition) -> None:
    assert decision_tables.of(version) is decision_tables.of(version)
