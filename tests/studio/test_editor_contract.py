"""What the editor is told and may send: the JSON of a draft, its catalogue, and live evaluation."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.permissions import Profile
from app.models import ProcessDraft, ProcessInstance
from app.process.messages import MESSAGES
from tests.factories import CertificateFactory, PersonFactory
from tests.studio.analysts import (
    ANALYST,
    FIFTEEN_DAYS,
    TEN_DAYS,
    address,
    analyst,
    at_the_studio,
    begun,
    csrf_of,
    put,
)
from tests.studio.called import NAME, published_to_be_called
from tests.web.people import enter
from tests.web.visitor import Visitor

PROBLEM = "application/problem+json"


@pytest.fixture
def draft(session: Session) -> ProcessDraft:
    return begun(session, analyst())


def test_a_draft_says_what_it_holds_and_what_is_wrong_with_it(
    client: FlaskClient, session: Session, draft: ProcessDraft
) -> None:
    told = at_the_studio(client, draft.author).client.get(address(draft, "/diagrama")).get_json()

    assert (told["xml"], told["version"], told["findings"], told["others"]) == (draft.xml, 1, [], [])
    assert told["saved_by"] == draft.author.full_name


def test_what_was_drawn_is_kept_with_its_findings(client: FlaskClient, session: Session, draft: ProcessDraft) -> None:
    visitor = at_the_studio(client, draft.author)
    wrong = draft.xml.replace(TEN_DAYS, "plazo_habil(0)")

    saved = put(visitor, draft, xml=wrong, version=1)

    assert saved.status_code == 200, saved.text
    (finding,) = saved.get_json()["findings"]
    assert (finding["code"], finding["element"]) == ("deadline", "decide_annulment")
    assert finding["path"] == [] or isinstance(finding["path"][0], str)
    session.refresh(draft)
    assert (draft.version, draft.xml) == (2, wrong)


def test_saving_what_is_there_already_is_no_change(client: FlaskClient, session: Session, draft: ProcessDraft) -> None:
    assert put(at_the_studio(client, draft.author), draft, xml=draft.xml, version=1).get_json()["version"] == 1


def test_what_was_read_before_anothers_change_is_told_and_not_saved(
    client: FlaskClient, session: Session, draft: ProcessDraft
) -> None:
    colleague = analyst()
    put(at_the_studio(client, colleague), draft, xml=draft.xml.replace(TEN_DAYS, FIFTEEN_DAYS), version=1)

    late = put(
        at_the_studio(client, draft.author), draft, xml=draft.xml.replace(TEN_DAYS, "plazo_habil(12)"), version=1
    )

    assert (late.status_code, late.mimetype, late.get_json()["code"]) == (409, PROBLEM, "draft_changed")
    assert late.get_json()["saved_by"] == colleague.full_name
    session.refresh(draft)
    assert FIFTEEN_DAYS in draft.xml


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"xml": "<x", "version": 1}, "invalid_diagram"),
        ({"xml": "<!DOCTYPE x><x/>", "version": 1}, "invalid_diagram"),
        ({"xml": "<x/>", "version": 1}, "invalid_diagram"),
        ({"version": 1}, "not_json"),
        ({"xml": "<x/>", "version": True}, "not_json"),
        ({"xml": "<x/>", "version": 1, "forms": []}, "not_json"),
    ],
    ids=str,
)
def test_what_is_not_a_safe_diagram_is_refused(
    client: FlaskClient, session: Session, draft: ProcessDraft, body: dict[str, Any], code: str
) -> None:
    refused = put(at_the_studio(client, draft.author), draft, **body)

    assert (refused.status_code, refused.mimetype, refused.get_json()["code"]) == (422, PROBLEM, code)
    session.refresh(draft)
    assert draft.version == 1


def test_a_draft_does_not_become_another_process(client: FlaskClient, session: Session, draft: ProcessDraft) -> None:
    other = begun(session, draft.author, "issuance")

    refused = put(at_the_studio(client, draft.author), draft, xml=other.xml, version=1)

    assert (refused.status_code, refused.get_json()["code"]) == (422, "invalid_diagram")


def test_two_in_a_draft_are_told_of_each_other(client: FlaskClient, session: Session, draft: ProcessDraft) -> None:
    colleague = analyst()
    at_the_studio(client, colleague).client.get(address(draft, "/diagrama"))

    visitor = at_the_studio(client, draft.author)

    assert visitor.client.get(address(draft, "/diagrama")).get_json()["others"] == [colleague.full_name]
    assert colleague.full_name in visitor.read(address(draft)).text


def test_the_catalogue_names_what_a_diagram_may(client: FlaskClient, session: Session) -> None:
    told = at_the_studio(client, analyst()).client.get("/procesos/catalogo").get_json()

    assert {"id": "regional_direction", "name": "Dirección Regional"} in told["offices"]
    decision = next(form for form in told["forms"] if form["name"] == "annulment_decision")
    assert decision["decides"] == {"granted": "sí o no"}
    assert {"name", "description", "reads"} == told["operations"][0].keys()
    assert {"name": "plazo_habil", "example": TEN_DAYS} in told["functions"]


def test_the_catalogue_names_the_facts_that_may_be_waited_for(client: FlaskClient, session: Session) -> None:
    told = at_the_studio(client, analyst()).client.get("/procesos/catalogo").get_json()

    assert {message["name"] for message in told["messages"]} == set(MESSAGES)
    assert {"name", "title", "description"} == told["messages"][0].keys()


def test_the_catalogue_names_what_may_be_called_with_the_errors_by_which_it_can_end(
    client: FlaskClient, session: Session, draft: ProcessDraft
) -> None:
    published_to_be_called(session)

    told = at_the_studio(client, draft.author).client.get(f"/procesos/catalogo?borrador={draft.id}").get_json()

    lost = {"code": "lost", "name": ""}
    assert told["processes"] == [{"id": "second_review", "name": NAME, "errors": [lost]}]


def test_a_process_does_not_offer_to_call_itself(client: FlaskClient, session: Session, draft: ProcessDraft) -> None:
    draft.process_id = published_to_be_called(session).process_id
    session.flush()

    told = at_the_studio(client, draft.author).client.get(f"/procesos/catalogo?borrador={draft.id}").get_json()

    assert told["processes"] == []


def evaluated(visitor: Visitor, draft: ProcessDraft, **body: Any) -> Any:
    headers = {"X-CSRFToken": csrf_of(visitor, draft)}
    return visitor.client.post(address(draft, "/evaluar"), json=body, headers=headers).get_json()


def test_an_expression_is_evaluated_on_the_decisions_of_a_case(
    client: FlaskClient, session: Session, draft: ProcessDraft
) -> None:
    CertificateFactory(granted=True)
    case = session.scalars(select(ProcessInstance).where(ProcessInstance.process_id == "annulment")).one()
    visitor = at_the_studio(client, draft.author)

    given = evaluated(visitor, draft, expression="granted == True", instance_id=case.id)

    assert given == {"type": "sí o no", "value": "sí"}


@pytest.mark.parametrize(
    ("expression", "given"),
    [
        ("granted == True", {"type": "sí o no", "value": None}),
        (FIFTEEN_DAYS, {"type": "fecha", "value": "15 días hábiles"}),
    ],
)
def test_without_a_case_there_is_its_type(
    client: FlaskClient, session: Session, draft: ProcessDraft, expression: str, given: dict[str, Any]
) -> None:
    assert evaluated(at_the_studio(client, draft.author), draft, expression=expression) == given


@pytest.mark.parametrize("number", [0, -1, 10**30])
def test_a_case_that_is_not_there_is_not_found(
    client: FlaskClient, session: Session, draft: ProcessDraft, number: int
) -> None:
    told = evaluated(at_the_studio(client, draft.author), draft, expression="granted == True", instance_id=number)

    assert told["code"] == "not_found"


def test_a_wrong_expression_is_an_answer(client: FlaskClient, session: Session, draft: ProcessDraft) -> None:
    given = evaluated(at_the_studio(client, draft.author), draft, expression="reason == 'x'")

    assert given == {"error": "La condición lee «reason», que nadie responde. Las respuestas que hay: granted."}


def test_an_address_of_the_editor_never_answers_with_a_page(
    client: FlaskClient, session: Session, draft: ProcessDraft
) -> None:
    nobody = client.get(address(draft, "/diagrama"))
    stranger = enter(client, Profile.OPERATOR).client.get(address(draft, "/diagrama"))
    visitor = at_the_studio(client, draft.author)
    elsewhere = visitor.client.get(f"/procesos/issuance/borradores/{draft.id}/diagrama")
    forged = visitor.client.put(address(draft, "/diagrama"), json={"xml": draft.xml, "version": 1})

    answers = [nobody, stranger, elsewhere, forged]
    assert [answer.status_code for answer in answers] == [401, 403, 404, 400]
    assert {answer.mimetype for answer in answers} == {PROBLEM}


@pytest.mark.parametrize("profile", [one for one in Profile if one not in (ANALYST, Profile.PARTICIPANT)])
def test_only_analysts_open_a_draft(
    client: FlaskClient, session: Session, draft: ProcessDraft, profile: Profile
) -> None:
    action = CertificateFactory().action
    person = PersonFactory(profiles=[(profile, action.otec, "13")])
    visitor = Visitor(client)
    visitor.enter(person, profile, action.otec)

    assert client.get(address(draft)).status_code == 403
