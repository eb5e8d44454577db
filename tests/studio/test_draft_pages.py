"""A draft begun, discarded, taken back and overtaken, at its pages."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.models import DraftStatus, ProcessDraft
from app.process.studio import drafts, proposals
from tests.studio.analysts import FIFTEEN_DAYS, TEN_DAYS, actor_of, address, analyst, at_the_studio, begun
from tests.studio.pressing import on, press
from tests.studio.test_pages import PAGE, send
from tests.web.visitor import errors_of, page_of, words

KEEP_NOTE = "Guardar la nota y ver los escenarios"


@pytest.fixture
def draft(session: Session) -> ProcessDraft:
    """With something changed."""
    draft = begun(session, analyst())
    later = draft.xml.replace(TEN_DAYS, FIFTEEN_DAYS)
    return drafts.save(session, draft.id, xml=later, version=1, actor=actor_of(draft.author))


def proposed(session: Session, draft: ProcessDraft) -> ProcessDraft:
    given = {"version": draft.version, "note": "Resolución 12", "starts_at": None}
    return proposals.propose(session, draft.id, **given, actor=actor_of(draft.author))  # type: ignore[arg-type]


def test_a_draft_is_begun_from_the_process(client: FlaskClient, session: Session) -> None:
    visitor = at_the_studio(client, analyst())

    answer = send(visitor, PAGE, "/borradores")

    assert "Parte de la versión 1." in words(visitor.read(answer.headers["Location"]))


def test_what_is_discarded_is_gone_from_the_lists_and_kept(
    client: FlaskClient, session: Session, draft: ProcessDraft
) -> None:
    visitor = at_the_studio(client, draft.author)

    send(visitor, address(draft), "/descartar")

    assert "Nadie está cambiando este proceso." in words(visitor.read(PAGE))
    page = visitor.read(address(draft))
    assert "descartó el borrador." in words(page)
    assert page.select("main form") == []


def test_what_was_discarded_is_found_again_by_process(
    client: FlaskClient, session: Session, draft: ProcessDraft
) -> None:
    other = begun(session, draft.author, "issuance")
    for one in (draft, other):
        drafts.discard(session, one.id, actor_of(draft.author))
    visitor = at_the_studio(client, draft.author)

    listed = visitor.read("/procesos/descartados")
    assert [link.text for link in listed.select("#descartados a")] == [f"Borrador {other.id}", f"Borrador {draft.id}"]
    link = visitor.read(PAGE).select_one("a[href*=descartados]")
    assert link is not None
    filtered = visitor.read(str(link["href"]))
    assert [str(one["href"]) for one in filtered.select("#descartados a")] == [address(draft)]
    assert filtered.select_one("option[value=annulment][selected]")


def test_nothing_is_done_to_what_was_discarded(client: FlaskClient, session: Session, draft: ProcessDraft) -> None:
    visitor = at_the_studio(client, draft.author)
    form = {str(tag["name"]): str(tag["value"]) for tag in visitor.read(address(draft)).select("input[type=hidden]")}
    drafts.discard(session, draft.id, actor_of(analyst()))

    for act in ("/tabla", "/proponer", "/devolver", "/aprobar"):
        again = form | {"one_time_token": f"{draft.author_id}.{act}", "version": "2", "note": "x", "reason": "x"}
        page = page_of(client.post(address(draft, act), data=again), 409)
        assert "descartó el borrador el" in errors_of(page)[0]


def test_who_proposed_takes_it_back(client: FlaskClient, session: Session, draft: ProcessDraft) -> None:
    proposed(session, draft)

    send(at_the_studio(client, draft.author), address(draft), "/devolver", reason="Faltaba un paso.")

    session.refresh(draft)
    assert draft.status is DraftStatus.DRAFT


def test_a_proposal_has_no_table_to_type_in(client: FlaskClient, session: Session, draft: ProcessDraft) -> None:
    proposed(session, draft)

    for view in ("", "/tabla", "/proponer"):
        page = at_the_studio(client, draft.author).read(address(draft, view))
        assert page.select("input[name='name.decide_annulment']") == []
        assert "Un colega tiene que aprobarlo." in words(page)


def test_a_draft_that_was_overtaken_says_so(client: FlaskClient, session: Session, draft: ProcessDraft) -> None:
    late = begun(session, draft.author)
    proposed(session, draft)
    proposals.approve(session, draft.id, version=draft.version, against=1, actor=actor_of(analyst()))

    text = words(at_the_studio(client, late.author).read(address(late, "/proponer")))

    assert "Entretanto se publicó la versión 2." in text
    assert "pasa de 15 a 10 días hábiles." in text


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"note": ""}, "Falta la nota del cambio."),
        ({"note": "x" * 1001}, "el máximo es 1000"),
        ({"day": "31/02/2027"}, "no existe en el calendario"),
        ({"hour": "25:00", "day": "31/12/2027"}, "La hora va de 00:00 a 23:59"),
        ({"hour": "09:00"}, "Falta el día."),
        ({"day": "01/01/2026"}, "La fecha de inicio ya pasó."),
    ],
    ids=str,
)
def test_a_note_and_a_start_that_make_sense_are_asked_for(
    client: FlaskClient, session: Session, draft: ProcessDraft, typed: dict[str, str], sentence: str
) -> None:
    given = {"note": "Resolución 12"} | typed

    answer = send(at_the_studio(client, draft.author), address(draft, "/proponer"), "/proponer", **given)

    assert answer.status_code in (409, 422)
    assert sentence in errors_of(page_of(answer, answer.status_code))[0]


def test_the_start_is_by_the_clocks_of_the_capital(client: FlaskClient, session: Session, draft: ProcessDraft) -> None:
    visitor = at_the_studio(client, draft.author)

    send(visitor, address(draft, "/proponer"), "/proponer", note="Res. 12", day="31/12/2030", hour="9:30")

    assert "31/12/2030 a las 09:30" in words(visitor.read(address(draft)), "#datos")


def test_what_was_written_waits_while_one_looks_at_the_scenarios(
    client: FlaskClient, session: Session, draft: ProcessDraft
) -> None:
    visitor, page = at_the_studio(client, draft.author), address(draft, "/proponer")

    there = on(visitor, page, KEEP_NOTE, note="Quince días, según", day="31/12/2030", hour="9:30")
    assert "Escenarios:" in words(there, "h1")

    back = visitor.read(page)
    assert words(back, "#note") == "Quince días, según"
    assert [back.select_one(f"#{name}")["value"] for name in ("day", "hour")] == ["31/12/2030", "09:30"]  # type: ignore[index]
    session.refresh(draft)
    assert (draft.status, draft.version) == (DraftStatus.DRAFT, 2)


def test_an_empty_note_waits_too_and_one_that_is_too_long_is_told(client: FlaskClient, draft: ProcessDraft) -> None:
    visitor, page = at_the_studio(client, draft.author), address(draft, "/proponer")

    assert press(visitor, page, KEEP_NOTE).status_code == 303
    refused = page_of(press(visitor, page, KEEP_NOTE, note="x" * 1001), 422)

    assert "el máximo es 1000" in errors_of(refused)[0]
    assert "x" * 1001 in words(refused, "#note")


def test_who_wrote_the_note_does_not_approve(client: FlaskClient, session: Session, draft: ProcessDraft) -> None:
    colleague = analyst()

    on(at_the_studio(client, colleague), address(draft, "/proponer"), KEEP_NOTE, note="Quince días.")

    session.refresh(draft)
    assert not proposals.may_approve(draft, colleague.id)
