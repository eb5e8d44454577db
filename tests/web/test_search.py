"""Búsqueda de acción: what is found by whom, page by page, and what is said when nothing is."""

from io import BytesIO

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.domain.permissions import Profile
from app.domain.terms import Line
from app.models import Organisation
from tests.factories import (
    CertificateFactory,
    OrganisationFactory,
    ParticipantFactory,
    PersonFactory,
    TrainingActionFactory,
)
from tests.support.queries import statements
from tests.web.visitor import Visitor, errors_of, page_of, words

SEARCH = "/CertificadoAsistencia/BusquedaAccion"
BY_CODE, BY_ACTION_ID, BY_SENCE_CODE, BY_PARTICIPANT, ALL = "1", "2", "3", "4", "5"


@pytest.fixture
def otec(session: Session) -> Organisation:
    found: Organisation = OrganisationFactory()
    return found


@pytest.fixture
def visitor(client: FlaskClient, otec: Organisation) -> Visitor:
    visitor = Visitor(client)
    visitor.enter(PersonFactory(profiles=[(Profile.PROVIDER_NATIONAL_ADMIN, otec, None)]), ADMIN, otec)
    return visitor


ADMIN = Profile.PROVIDER_NATIONAL_ADMIN


def post(visitor: Visitor, text: str, criterion: str = BY_CODE, line: str = "3", **more: str) -> TestResponse:
    token = visitor.read(SEARCH).select("main input[name=csrf_token]")[0]["value"]
    typed = {"FilterTipoPrograma": line, "FilterTipobusqueda": criterion, "FilterCodigoCurso": text}
    return visitor.client.post(SEARCH, data={"csrf_token": token, **typed, **more})


def search(visitor: Visitor, text: str = "", criterion: str = BY_CODE, line: str = "3") -> BeautifulSoup:
    sent = post(visitor, text, criterion, line)
    assert sent.status_code == 303
    return page_of(visitor.client.get(sent.headers["Location"]))


def codes(page: BeautifulSoup) -> list[str]:
    return [row.select("td")[0].text.strip() for row in page.select("#listado-de-cursos tbody tr")]


def link(page: BeautifulSoup, words: str) -> str:
    (found,) = (tag for tag in page.select(".app-pager a") if words in tag.text)
    return str(found["href"])


@pytest.mark.parametrize(
    ("criterion", "field"), [(BY_CODE, "code"), (BY_ACTION_ID, "code"), (BY_SENCE_CODE, "sence_code")]
)
def test_a_course_is_found_by_each_of_its_codes(
    visitor: Visitor, otec: Organisation, criterion: str, field: str
) -> None:
    wanted = TrainingActionFactory(otec=otec, sence_code="1237990001")
    TrainingActionFactory(otec=otec)

    assert codes(search(visitor, f" {getattr(wanted, field)} ", criterion)) == [wanted.code]


def test_a_course_is_found_by_who_takes_it_and_no_rut_is_in_an_address(visitor: Visitor, otec: Organisation) -> None:
    participant = ParticipantFactory(action=TrainingActionFactory(otec=otec))
    TrainingActionFactory(otec=otec)
    sent = post(visitor, participant.person.rut.screen, BY_PARTICIPANT)

    assert str(participant.person.rut_body) not in sent.headers["Location"].replace(".", "")
    assert codes(page_of(visitor.client.get(sent.headers["Location"]))) == [participant.action.code]


def test_the_programme_narrows_the_search(visitor: Visitor, otec: Organisation) -> None:
    TrainingActionFactory(otec=otec, line=Line.TAX_FRANCHISE)
    social = TrainingActionFactory(otec=otec, line=Line.SOCIAL_PROGRAMMES)

    assert codes(search(visitor, criterion=ALL, line="1")) == [social.code]


def test_a_row_says_what_the_contract_says(visitor: Visitor, otec: Organisation) -> None:
    certificate = CertificateFactory(requested=True, action__otec=otec, action__credited_hours=60)
    action = certificate.action
    (row,) = search(visitor, action.code).select("#listado-de-cursos tbody tr")

    cells = [" ".join(cell.text.split()) for cell in row.select("td")]
    dates = [f"{day:%d/%m/%Y}" for day in (action.starts_on, action.ends_on)]
    assert cells[:7] == [action.code, action.sence_code, action.name, action.line.label, "60 Hrs", *dates]
    (state,) = row.select("td a")
    assert state["title"] == "Certificado pendiente de validación"
    assert "/CursoSeleccionado?" in str(state["href"])


def test_the_state_opens_the_course(visitor: Visitor, otec: Organisation) -> None:
    action = TrainingActionFactory(otec=otec)
    (state,) = search(visitor, action.code).select("#listado-de-cursos td a")
    opened = visitor.client.get(str(state["href"]))

    assert opened.headers["Location"] == "/CertificadoAsistencia/DetalleAccion"
    assert action.name in words(visitor.read(opened.headers["Location"]))


def test_a_code_that_is_nobodys_gets_one_sentence_and_stays_typed(visitor: Visitor) -> None:
    page = search(visitor, "9999999")

    (sentence,) = page.select(".ui-dialog .text-danger")
    assert "9999999" in sentence.text
    assert "No hay datos disponibles!" in words(page, ".ui-dialog")
    assert page.select("#FilterCodigoCurso")[0]["value"] == "9999999"


@pytest.mark.parametrize(
    ("text", "criterion"),
    [("", BY_CODE), ("123", BY_SENCE_CODE), ("12345678-9", BY_PARTICIPANT), ("6" * 51, BY_CODE), ("6731120", "99")],
)
def test_what_cannot_be_searched_for_gets_one_sentence_and_stays_typed(
    visitor: Visitor, text: str, criterion: str
) -> None:
    page = page_of(post(visitor, text, criterion), 422)

    assert len(errors_of(page)) == 1
    assert page.select("#FilterCodigoCurso")[0].get("value", "") == text
    assert not page.select(".ui-dialog")


def test_another_institutions_course_is_not_found(visitor: Visitor, session: Session) -> None:
    assert codes(search(visitor, TrainingActionFactory().code)) == []


def test_a_regional_administrator_finds_the_own_regions_only(client: FlaskClient, otec: Organisation) -> None:
    visitor = Visitor(client)
    person = PersonFactory(profiles=[(Profile.PROVIDER_REGIONAL_ADMIN, otec, "08")])
    visitor.enter(person, Profile.PROVIDER_REGIONAL_ADMIN, otec)
    inside = TrainingActionFactory(otec=otec, region="08")
    TrainingActionFactory(otec=otec, region="13")

    assert codes(search(visitor, criterion=ALL)) == [inside.code]


def test_who_pays_finds_the_courses_paid(client: FlaskClient, session: Session) -> None:
    paid = TrainingActionFactory()
    TrainingActionFactory()
    visitor = Visitor(client)
    person = PersonFactory(profiles=[(Profile.SUPERVISOR, paid.otic, None)])
    visitor.enter(person, Profile.SUPERVISOR, paid.otic)

    assert codes(search(visitor, criterion=ALL)) == [paid.code]


def test_a_participant_cannot_look_for_others(client: FlaskClient, session: Session) -> None:
    own = ParticipantFactory()
    colleague = ParticipantFactory(action=own.action)
    visitor = Visitor(client)
    visitor.enter(own.person, Profile.PARTICIPANT)

    assert codes(search(visitor, criterion=ALL)) == [own.action.code]
    offered = [option["value"] for option in visitor.read(SEARCH).select("#FilterTipobusqueda option")]
    assert BY_PARTICIPANT not in offered
    assert post(visitor, colleague.person.rut.wire, BY_PARTICIPANT).status_code == 422


def test_pages_follow_each_other_forth_and_back_without_a_gap(visitor: Visitor, otec: Organisation) -> None:
    wanted = sorted(action.code for action in TrainingActionFactory.create_batch(23, otec=otec))
    first = search(visitor, criterion=ALL)
    second = visitor.read(link(first, "Siguiente"))
    third = visitor.read(link(second, "Siguiente"))

    assert codes(first) + codes(second) + codes(third) == wanted
    assert "Mostrando registros 11 a 20 de 23" in words(second, ".app-pager p")
    assert "Mostrando registros 21 a 23 de 23" in words(third, ".app-pager p")
    assert codes(visitor.read(link(third, "Anterior"))) == codes(second)
    assert codes(visitor.read(link(second, "Anterior"))) == codes(first)


def test_the_sizes_are_the_portals(visitor: Visitor, otec: Organisation) -> None:
    TrainingActionFactory.create_batch(11, otec=otec)
    page = search(visitor, criterion=ALL)

    sizes = [
        tag.text.strip() for tag in page.select(".app-pager__links[aria-label] strong, .app-pager__links[aria-label] a")
    ]
    assert sizes == ["10", "25", "50", "100", "250", "500"]
    assert len(codes(visitor.read(link(page, "100")))) == 11


def test_a_grid_of_twenty_asks_no_more_than_a_grid_of_two(
    visitor: Visitor, otec: Organisation, session: Session
) -> None:
    def asked() -> int:
        search(visitor, criterion=ALL)
        with statements(session) as sent:
            visitor.read(f"{SEARCH}?ver=resultado&registros=25")
        return len(sent)

    TrainingActionFactory.create_batch(2, otec=otec)
    few = asked()
    TrainingActionFactory.create_batch(18, otec=otec)

    assert asked() == few


def test_clearing_forgets_what_was_searched_for(visitor: Visitor, otec: Organisation) -> None:
    search(visitor, TrainingActionFactory(otec=otec).code)
    cleared = post(visitor, "6731120", Limpiar="Limpiar")

    page = visitor.read(cleared.headers["Location"])
    assert page.select("#FilterCodigoCurso")[0].get("value", "") == ""
    assert not page.select(".ui-dialog")


def test_back_shows_the_form_as_it_was_sent(visitor: Visitor, otec: Organisation) -> None:
    search(visitor, "6731120", BY_ACTION_ID, "6")
    page = visitor.read(SEARCH)

    assert page.select("#FilterCodigoCurso")[0]["value"] == "6731120"
    assert [one["value"] for one in page.select("main option[selected]")] == ["6", BY_ACTION_ID]


def test_the_spreadsheet_holds_all_that_was_found(visitor: Visitor, otec: Organisation) -> None:
    wanted = sorted(action.code for action in TrainingActionFactory.create_batch(12, otec=otec))
    TrainingActionFactory()
    page = search(visitor, criterion=ALL)
    (export,) = (tag for tag in page.select("a") if tag.text == "Exportar a Excel")

    sheet = load_workbook(BytesIO(visitor.client.get(str(export["href"])).data)).active
    assert sheet is not None
    rows = list(sheet.iter_rows(values_only=True))
    assert [row[0] for row in rows[1:]] == wanted
    assert {row[-1] for row in rows[1:]} == {"Certificado Pendiente de emitir"}


def test_the_legend_names_every_state(visitor: Visitor) -> None:
    legend = [tag.text for tag in visitor.read(SEARCH).select("main ul .app-state")]

    assert len(legend) == 6
    assert "Certificado aprobado para su Re-emisión" in legend
