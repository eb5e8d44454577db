"""Two at once at the studio: one wins, the others read who did what, and nothing is published twice."""

import json
import urllib.request

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.models import DraftStatus, Person, ProcessDefinition, ProcessDraft
from app.process.studio import drafts, proposals
from app.web.sessions import COOKIE
from tests.studio.analysts import TEN_DAYS, actor_of, address, analyst, at_the_studio, begun, csrf_of
from tests.support.wire import Answer, ask, at_once, cookie_of, send

PEOPLE = 5
Form = tuple[str, dict[str, str]]


def changed(session: Session, author: Person, deadline: str = "plazo_habil(15)") -> ProcessDraft:
    draft = begun(session, author)
    later = draft.xml.replace(TEN_DAYS, deadline)
    return drafts.save(session, draft.id, xml=later, version=1, actor=actor_of(author))


def proposed(session: Session, author: Person, deadline: str = "plazo_habil(15)") -> ProcessDraft:
    draft = changed(session, author, deadline)
    actor = actor_of(author)
    return proposals.propose(session, draft.id, version=2, note="Resolución 12", starts_at=None, actor=actor)


def form_of(live: Flask, person: Person, page: str, action: str) -> Form:
    """Somebody's cookie, and what the form of a page would send."""
    visitor = at_the_studio(live.test_client(), person)
    (form,) = (one for one in visitor.read(page).select("main form") if str(one["action"]).endswith(action))
    held = {str(tag["name"]): str(tag.get("value", "")) for tag in form.select("input[name]")}
    return cookie_of(visitor), held | {str(tag["name"]): tag.text for tag in form.select("textarea[name]")}


def versions(session: Session) -> list[int]:
    session.expire_all()
    rows = session.query(ProcessDefinition).filter_by(process_id="annulment").order_by(ProcessDefinition.version)
    return [row.version for row in rows]


def test_of_colleagues_approving_at_once_one_does_and_the_others_read_who(
    live: Flask, live_session: Session, live_server: str
) -> None:
    draft = proposed(live_session, analyst())
    colleagues = [analyst() for _ in range(PEOPLE)]
    live_session.commit()
    where = address(draft)
    forms = [form_of(live, person, where, "/aprobar") for person in colleagues]

    answers = at_once(forms, lambda prepared: send(f"{live_server}{where}/aprobar", *prepared))

    assert sorted(status for status, _ in answers) == [303] + [409] * (PEOPLE - 1)
    assert versions(live_session) == [1, 2]
    approver = live_session.get_one(ProcessDraft, draft.id).decided_by
    assert approver is not None
    assert all(f"{approver.full_name} aprobó la propuesta el" in body for status, body in answers if status == 409)


def test_of_two_proposals_approved_at_once_the_second_asks_for_another_look(
    live: Flask, live_session: Session, live_server: str
) -> None:
    pairs = [(proposed(live_session, analyst(), f"plazo_habil({days})"), analyst()) for days in (12, 15)]
    live_session.commit()
    prepared = [(address(draft), form_of(live, person, address(draft), "/aprobar")) for draft, person in pairs]

    answers = at_once(prepared, lambda one: send(f"{live_server}{one[0]}/aprobar", *one[1]))

    assert sorted(status for status, _ in answers) == [303, 409]
    assert any("Entretanto se publicó otra versión." in body for _, body in answers)
    assert versions(live_session) == [1, 2]


@pytest.mark.parametrize("turn", range(3))
def test_a_draft_saved_and_proposed_at_once_is_one_or_the_other(
    live: Flask, live_session: Session, live_server: str, turn: int
) -> None:
    author, colleague = analyst(), analyst()
    draft = changed(live_session, author)
    live_session.commit()
    where, xml = address(draft), draft.xml
    cookie, form = form_of(live, author, f"{where}/proponer", "/proponer")
    other = at_the_studio(live.test_client(), colleague)
    body = json.dumps({"xml": xml.replace("plazo_habil(15)", "plazo_habil(16)"), "version": 2}).encode()
    headers = {"Cookie": f"{COOKIE}={cookie_of(other)}", "X-CSRFToken": csrf_of(other, draft)}
    headers["Content-Type"] = "application/json"
    saving = urllib.request.Request(f"{live_server}{where}/diagrama", body, headers, method="PUT")

    def act(is_saving: bool) -> Answer:
        return ask(saving) if is_saving else send(f"{live_server}{where}/proponer", cookie, form | {"note": "Res. 12"})

    saved, asked = at_once([True, False], act)

    live_session.expire_all()
    after = live_session.get_one(ProcessDraft, draft.id)
    assert (saved[0], asked[0]) in ((200, 409), (409, 303))
    assert after.status is (DraftStatus.DRAFT if saved[0] == 200 else DraftStatus.PROPOSED)
    assert ("plazo_habil(16)" in after.xml) == (saved[0] == 200)
    assert (colleague.id in after.writers) == (saved[0] == 200)
