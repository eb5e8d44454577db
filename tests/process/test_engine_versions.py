"""A case remembers which engine stored it: one we read goes on and is stored anew, any other waits untouched."""

import pytest
from sqlalchemy.orm import Session

from app.models import ProcessInstance
from app.process import compact, engine, runner
from app.process.stuck import CaseStuck
from tests.factories import CertificateFactory
from tests.process.test_runner import director_in, last_case, waiting
from tests.support.database import Work
from tests.support.tables import all_rows

GRANTED = {"granted": True, "reason": "Procede."}


def stored_by(session: Session, version: str, *, in_first_format: bool = False) -> ProcessInstance:
    """A case that waits for its director, as if that version had stored it."""
    CertificateFactory(requested=True)
    case = last_case(session, "annulment")
    if in_first_format:
        case.state = compact.grow(case.state)
    case.engine_version = version
    session.commit()
    return case


def decide(work: Work, session: Session, case: ProcessInstance) -> None:
    task = waiting(session, case.certificate, "annulment")
    director = director_in(case.certificate.action.region)
    session.commit()
    with work() as inner:
        runner.complete_task(inner, task_id=task.id, actor=director, answers=GRANTED)


def test_a_case_of_an_engine_we_do_not_read_waits_untouched(session: Session, work: Work) -> None:
    case = stored_by(session, "3.1.2")
    before = all_rows(session)["process_instance"]

    with pytest.raises(CaseStuck, match=r"versión 3\.1\.2 del motor y aquí corre la"):
        decide(work, session, case)

    assert all_rows(session)["process_instance"] == before


def test_a_case_of_the_first_format_goes_on_and_is_stored_by_todays_engine(session: Session, work: Work) -> None:
    case = stored_by(session, "3.2.0", in_first_format=True)
    assert "format" not in case.state

    decide(work, session, case)

    session.expire_all()
    assert (case.outcome, case.engine_version) == ("annulment_granted", engine.VERSION)
    assert case.state["format"] == compact.FORMAT
