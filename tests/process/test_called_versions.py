"""A version calls others as they were when it was published, whatever becomes of them: ADR 0026."""

from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.models import HumanTask, ProcessInstance, TaskStatus
from app.process import calling, definitions, gate, packages, runner
from app.process.gate import Refused
from app.process.studio import checking, difference, drafts, readiness
from app.process.studio.difference import NOTHING
from app.process.trials import files
from tests.factories import CertificateFactory
from tests.process.test_runner import director_in
from tests.studio.analysts import actor_of, analyst
from tests.support import called
from tests.support.called import CALLED, CALLER, FORM, KEY, MIDDLE, TABLE, asking, published
from tests.web.offices import director
from tests.web.visitor import words

ANSWERS = {"granted": True, "reason": "Procede."}


def begun(session: Session, process_id: str = CALLER) -> ProcessInstance:
    certificate = CertificateFactory(issued=True)
    actor = director_in(certificate.action.region)
    return runner.start(session, process_id, certificate_id=certificate.id, actor=actor)


def answer(session: Session, case: ProcessInstance) -> ProcessInstance:
    actor = director_in(case.certificate.action.region)
    return runner.complete_task(session, task_id=open_task(case).id, actor=actor, answers=ANSWERS)


def open_task(case: ProcessInstance) -> HumanTask:
    (task,) = (task for task in case.tasks if task.status is TaskStatus.OPEN)
    return task


def label(task: HumanTask) -> str:
    form = definitions.form_of(task)
    assert form is not None
    return form.definition.fields[0].label


@pytest.fixture
def in_two_versions(session: Session) -> None:
    """The called process has a new version since its caller was published."""
    published(session, called.called("Mirar otra vez"), asking("Qué vio"))
    published(session, called.caller(), asking("Por qué"))
    published(session, called.called("Mirar dos veces más"), asking("Qué más vio"))


@pytest.mark.usefixtures("in_two_versions")
def test_a_case_goes_on_with_the_version_that_its_own_was_published_with(session: Session) -> None:
    case = answer(session, begun(session))
    task = open_task(case)

    assert (task.key, task.form, task.name, label(task)) == (KEY, FORM, "Mirar otra vez", "Qué vio")
    assert answer(session, case).outcome == "seen"


@pytest.mark.usefixtures("in_two_versions")
def test_forms_of_one_name_are_each_of_their_process(session: Session) -> None:
    case = begun(session)
    own = label(open_task(case))
    answer(session, case)

    assert (own, label(open_task(case))) == ("Por qué", "Qué vio")


@pytest.mark.usefixtures("in_two_versions")
def test_the_task_of_a_called_process_has_its_office_and_its_term(session: Session) -> None:
    task = open_task(answer(session, begun(session)))

    assert task.office == "regional_direction"
    assert task.due_at is not None


@pytest.mark.usefixtures("in_two_versions")
def test_the_inbox_asks_what_the_called_version_asks(client: FlaskClient, session: Session) -> None:
    case = answer(session, begun(session))
    page = words(director(client, case.certificate.action.region).read(f"/bandeja/{open_task(case).id}"))

    assert "Mirar otra vez" in page
    assert "Qué vio" in page


def test_a_called_process_decides_by_its_own_table(client: FlaskClient, session: Session) -> None:
    published(session, called.deciding(), tables=called.table())
    published(session, called.caller())
    case = answer(session, answer(session, begun(session)))

    (decision,) = case.table_decisions
    assert (decision.table_name, decision.rules, decision.given) == (f"{CALLED}/{TABLE}", [1], {"level": "regional"})
    assert case.outcome == "seen"
    action = case.certificate.action
    page = director(client, action.region).read(f"/acciones/{action.code}/expediente")
    assert "fila 1: level = «regional»" in words(page)


@pytest.mark.usefixtures("in_two_versions")
def test_the_case_file_draws_where_it_is_in_the_called_process(client: FlaskClient, session: Session) -> None:
    action = answer(session, begun(session)).certificate.action

    page = director(client, action.region).read(f"/acciones/{action.code}/expediente")

    *_, own, within = (picture.text for picture in page.select("main svg"))
    assert CALLER in own
    assert "Mirar otra vez" in within
    assert "Mirar dos veces más" not in within


@pytest.mark.usefixtures("in_two_versions")
def test_who_publishes_again_takes_up_the_new_version(session: Session) -> None:
    again = published(session, called.caller(), asking("Por qué"))
    case = answer(session, begun(session))

    assert again.called[CALLED]["version"] == 2
    assert open_task(case).name == "Mirar dos veces más"


@pytest.mark.usefixtures("in_two_versions")
def test_what_is_called_is_of_the_content(session: Session) -> None:
    before = definitions.current(session, CALLER)
    again = published(session, called.caller(), asking("Por qué"))
    content = again.xml, again.forms, again.scenarios, again.decision_tables

    assert (again.xml, again.forms) == (before.xml, before.forms)
    assert again.content_sha256 != before.content_sha256
    assert again.content_sha256 == definitions.content_hash(*content, again.called)


def test_one_that_calls_nothing_has_no_word_of_it_in_its_hash(session: Session) -> None:
    one = definitions.current(session, "annulment")

    assert one.called == {}
    assert definitions.content_hash(one.xml, one.forms, one.scenarios, {}, {}) == one.content_sha256


def test_the_difference_says_which_version_is_called_now(session: Session) -> None:
    published(session, called.called())
    first = published(session, called.caller())
    draft = drafts.start(session, first, actor_of(analyst()))
    assert difference.between(difference.content_of(first), difference.content_of(draft)).is_empty

    published(session, called.called("Mirar dos veces más"))

    told = difference.between(difference.content_of(first), difference.content_of(draft)).changes
    assert [one.sentence for one in told] == [f"De «{CALLED}» se llamaba la versión 1 y ahora la 2."]
    begun = difference.between(NOTHING, difference.content_of(first)).changes
    assert f"De «{CALLED}» se llama la versión 1." in [one.sentence for one in begun]


def test_those_that_the_called_call_are_pinned_too(session: Session) -> None:
    published(session, called.called())
    published(session, called.between())
    published(session, called.caller(called=MIDDLE))
    published(session, called.called("Otra cosa"))

    assert definitions.current(session, CALLER).called.keys() == {CALLED, MIDDLE}
    assert open_task(answer(session, begun(session))).name == "Mirar otra vez"


def test_a_process_that_there_is_not_cannot_be_called(session: Session) -> None:
    with pytest.raises(Refused) as refused:
        published(session, called.caller())

    assert [(one.code, one.element) for one in refused.value.findings] == [("call", "look")]


def test_processes_that_would_call_each_other_are_refused(session: Session) -> None:
    published(session, called.called())
    published(session, called.caller())

    with pytest.raises(Refused) as refused:
        published(session, called.caller(process_id=CALLED, called=CALLER))

    assert [(one.code, one.element) for one in refused.value.findings] == [("call", "look")]


def test_files_are_published_after_those_that_they_call() -> None:
    diagrams = called.caller(called=MIDDLE), called.between(), called.called()

    assert calling.first_the_called(diagrams) == [CALLED, MIDDLE, CALLER]
    assert set(calling.first_the_called([called.caller("one", "other"), called.caller("other", "one")])) == {
        "one",
        "other",
    }


@pytest.mark.usefixtures("in_two_versions")
def test_a_version_is_sound_with_what_it_was_published_with(session: Session) -> None:
    assert gate.findings(packages.of(definitions.current(session, CALLER))) == []


def test_a_draft_is_checked_with_what_it_would_call_now(session: Session) -> None:
    published(session, called.called())
    draft = drafts.start(session, published(session, called.caller()), actor_of(analyst()))
    before = checking.findings(draft), readiness.of(session, draft).unchanged
    published(session, called.failing())

    assert before[0] == []
    assert "es igual a la versión 1" in before[1]
    assert [(one.code, one.element) for one in checking.findings(draft)] == [("error", "look")]
    assert readiness.of(session, draft).unchanged == ""


def test_files_call_those_that_are_beside_them(tmp_path: Path) -> None:
    for diagram in (called.caller(called=MIDDLE), called.between(), called.called()):
        (tmp_path / f"{diagram.process_id}.bpmn").write_text(diagram.xml, encoding="utf-8")

    package = files.package_of(tmp_path / f"{CALLER}.bpmn")

    assert package.all_called.keys() == {MIDDLE, CALLED}
    assert package.user_tasks[KEY].form == FORM
