"""Listado de Participantes: figures, warnings and pages; and what a participant sees, which is only oneself."""

from datetime import timedelta
from decimal import Decimal
from io import BytesIO

from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy.orm import Session

from app.domain.permissions import Profile
from app.domain.terms import Line
from tests.factories import (
    CertificateFactory,
    MarkFactory,
    ParticipantFactory,
    TrainingActionFactory,
    compute,
    mark_everybody,
    rows_of,
)
from tests.support.queries import statements
from tests.web.course_page import ADMIN, DOWNLOAD, GENERATE, address, buttons, rows, see, visit
from tests.web.visitor import Visitor, words


def test_the_participants_come_with_sessions_percentage_and_state(client: FlaskClient, session: Session) -> None:
    action = TrainingActionFactory(participants=2, classes=2, attended=True)
    first, second = rows_of(session, action)["participants"]

    assert [row[:5] for row in rows(see(client, action))] == [
        [one.person.rut.screen, one.person.full_name, "2", "100,00 %", "Alcanza el 75 %"] for one in (first, second)
    ]


def test_who_is_below_the_threshold_is_warned_about_and_nothing_is_blocked(
    client: FlaskClient, session: Session
) -> None:
    action = TrainingActionFactory(participants=2, classes=2, attended=True, credited_hours=Decimal(14))
    page = see(client, action)

    assert "2 participantes están bajo el 75 %" in words(page, ".govuk-warning-text")
    assert {row[4] for row in rows(page)} == {"Bajo el 75 %"}
    assert GENERATE in buttons(page)


def test_exactly_75_per_cent_is_enough(client: FlaskClient, session: Session) -> None:
    hours = Decimal(40) / 3
    action = TrainingActionFactory(
        participants=1, classes=2, attended=True, credited_hours=hours.quantize(Decimal("0.01"))
    )

    assert rows(see(client, action))[0][3:5] == ["75,01 %", "Alcanza el 75 %"]


def test_the_threshold_is_for_franquicia_tributaria_only(client: FlaskClient, session: Session) -> None:
    action = TrainingActionFactory(
        participants=1, classes=1, attended=True, credited_hours=Decimal(20), line=Line.SOCIAL_PROGRAMMES
    )
    page = see(client, action)

    assert not page.select(".govuk-warning-text")
    assert rows(page)[0][4] == "Sin observaciones"


def test_flags_and_pending_fingerprints_are_told_in_words(client: FlaskClient, session: Session) -> None:
    action = TrainingActionFactory(participants=1, classes=2)
    mark_everybody(action, validation="pending")
    participant, held = rows_of(session, action)["participants"][0], rows_of(session, action)["classes"][0]
    MarkFactory(participant=participant, class_held=held, marked_at=held.instructors[0].ended_at + timedelta(minutes=1))
    compute(action)
    page = see(client, action)

    assert rows(page)[0][4] == "Bajo el 75 %. Sin marca de salida, huellas por validar"
    assert "1 participante tiene huellas por validar" in page.select("main")[0].text


def test_figures_not_computed_yet_are_said_to_be_on_their_way(client: FlaskClient, session: Session) -> None:
    page = see(client, TrainingActionFactory(participants=1, classes=1))

    assert rows(page)[0][3] == "En cálculo"
    assert "La asistencia se está calculando" in words(page, ".govuk-warning-text")


def test_participants_are_paged_without_a_gap_and_no_rut_is_in_an_address(
    client: FlaskClient, session: Session
) -> None:
    action = TrainingActionFactory(participants=12, classes=1)
    visitor = visit(client, ADMIN, action.otec)
    first = visitor.read(address(action))
    (onwards,) = (str(tag["href"]) for tag in first.select(".app-pager a[rel=next]"))
    second = visitor.read(onwards)
    (back,) = (str(tag["href"]) for tag in second.select(".app-pager a[rel=prev]"))

    everybody = {one.person.rut.screen: one.person for one in rows_of(session, action)["participants"]}
    assert [row[0] for row in rows(first)] + [row[0] for row in rows(second)] == list(everybody)
    assert "Mostrando registros 11 a 12 de 12" in words(second, ".app-pager p")
    assert rows(visitor.read(back)) == rows(first)
    assert not any(str(person.rut_body) in link["href"] for person in everybody.values() for link in first.select("a"))


def test_a_page_of_thirty_participants_asks_no_more_than_one_of_three(client: FlaskClient, session: Session) -> None:
    def asked(participants: int) -> int:
        action = CertificateFactory(reissued=True, action__participants=participants).action
        visitor = visit(client, ADMIN, action.otec)
        with statements(session) as sent:
            visitor.read(f"{address(action)}?registros=50")
        return len(sent)

    assert asked(3) == asked(30)


def test_a_participant_sees_only_the_own_row_and_figure(client: FlaskClient, session: Session) -> None:
    action = CertificateFactory(reissued=True, action__participants=3).action
    own, colleague, _ = rows_of(session, action)["participants"]
    visitor = Visitor(client)
    visitor.enter(own.person, Profile.PARTICIPANT)
    page = visitor.read(address(action))

    assert [row[0] for row in rows(page)] == [own.person.rut.screen]
    assert colleague.person.full_name not in page.text
    assert "Mostrando registros 1 a 1 de 1" in words(page, ".app-pager p")
    assert buttons(page) == [DOWNLOAD]
    visitor.read(f"{address(action)}/participantes/{own.id}", 200)
    visitor.read(f"{address(action)}/participantes/{colleague.id}", 404)


def test_a_participant_sees_no_change_but_the_own(client: FlaskClient, session: Session) -> None:
    action = CertificateFactory(issued=True).action
    own, _ = rows_of(session, action)["participants"]
    action.credited_hours = Decimal(20)
    compute(action)
    visitor = Visitor(client)
    visitor.enter(own.person, Profile.PARTICIPANT)

    assert [row[0] for row in rows(visitor.read(address(action)), "#diferencias")] == [own.person.rut.screen]


def test_a_participant_downloads_the_own_data(client: FlaskClient, session: Session) -> None:
    action = TrainingActionFactory(participants=3, classes=2, attended=True)
    own = rows_of(session, action)["participants"][0]
    visitor = Visitor(client)
    visitor.enter(own.person, Profile.PARTICIPANT)
    book = load_workbook(BytesIO(client.get(f"{address(action)}/asistencia.xlsx").data))

    for sheet in book:
        assert {row[0] for row in sheet.iter_rows(min_row=2, values_only=True)} == {own.person.rut.screen}


def test_who_does_not_take_a_course_does_not_find_it(client: FlaskClient, session: Session) -> None:
    visitor = Visitor(client)
    visitor.enter(ParticipantFactory().person, Profile.PARTICIPANT)

    assert client.get(address(TrainingActionFactory(participants=1))).status_code == 404


def test_the_workbook_has_a_row_a_participant_and_a_row_a_session(client: FlaskClient, session: Session) -> None:
    action = TrainingActionFactory(participants=2, classes=2, attended=True)
    visitor = visit(client, ADMIN, action.otec)
    answer = visitor.client.get(f"{address(action)}/asistencia.xlsx")
    totals, sessions = load_workbook(BytesIO(answer.data))

    assert answer.headers["Content-Disposition"] == f"attachment; filename=asistencia-{action.code}.xlsx"
    assert [row[3] for row in totals.iter_rows(min_row=2, values_only=True)] == [100, 100]
    lines = list(sessions.iter_rows(min_row=2, values_only=True))
    assert len(lines) == 4
    assert all("se cuenta" in str(line[-1]) for line in lines)


def test_time_in_another_course_is_a_remark_that_costs_no_query_a_row(client: FlaskClient, session: Session) -> None:
    action, other = (TrainingActionFactory(participants=3, classes=1, attended=True) for _ in range(2))
    visitor = visit(client, ADMIN, action.otec)
    visitor.read(address(action))
    for row, twin in zip(
        rows_of(session, action)["participants"], rows_of(session, other)["participants"], strict=True
    ):
        twin.person = row.person
    session.flush()

    assert {row[4] for row in rows(visitor.read(address(action)))} == {"Bajo el 75 %. Coincide con otra acción"}
    with statements(session) as sent:
        visitor.read(address(action))
    # The column of sessions, and the marks of all three in both courses.
    assert len([one for one in sent if "attendance_mark" in one]) == 2
