"""One participant's sessions with the sum in front of the reader, and the portal's own grid of participants as JSON."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.domain.permissions import Profile
from app.models import AttendanceMark, Participant, TrainingAction
from tests.factories import (
    ClassHeldFactory,
    MarkFactory,
    ParticipantFactory,
    PersonFactory,
    TrainingActionFactory,
    held_by,
    rows_of,
)
from tests.support.queries import statements
from tests.web.visitor import Visitor, words

ADMIN = Profile.PROVIDER_NATIONAL_ADMIN
LIST = "/CertificadoAsistencia/DetalleAccion/ParticipantesList"


@pytest.fixture
def action(session: Session) -> TrainingAction:
    found: TrainingAction = TrainingActionFactory(credited_hours=Decimal(10))
    return found


@pytest.fixture
def participant(action: TrainingAction) -> Participant:
    found: Participant = ParticipantFactory(action=action)
    return found


def visit(client: FlaskClient, action: TrainingAction) -> Visitor:
    visitor = Visitor(client)
    visitor.enter(PersonFactory(profiles=[(ADMIN, action.otec, None)]), ADMIN, action.otec)
    return visitor


def see(client: FlaskClient, participant: Participant) -> BeautifulSoup:
    action = participant.action
    return visit(client, action).read(f"/acciones/{action.code}/participantes/{participant.id}")


def attend(participant: Participant, *, late: int = 0, early: int = 0, validation: str = "valid", **held: Any) -> None:
    """A class of five hours in which the participant entered and left so many minutes late and early."""
    class_held = ClassHeldFactory(action=participant.action, **held)
    kept = class_held.instructors[0]
    entered, left = kept.started_at + timedelta(minutes=late), kept.ended_at - timedelta(minutes=early)
    for kind, at in (("in", entered), ("out", left)):
        MarkFactory(participant=participant, class_held=class_held, kind=kind, marked_at=at, validation=validation)


def lines(page: BeautifulSoup) -> list[list[str]]:
    rows = page.select("table:not(#clases-sin-marca) tbody tr")
    return [[" ".join(cell.text.split()) for cell in row.select("td")] for row in rows]


def test_a_session_shows_the_marks_the_duration_and_why(client: FlaskClient, participant: Participant) -> None:
    attend(participant, late=14, early=60)
    ((_, entered, left, duration, why),) = lines(see(client, participant))

    # 13:14 and 17:00 UTC, on the wall clock of Santiago.
    assert entered.endswith(":14")
    assert left.endswith(":00")
    assert duration == "4 h"
    assert "dentro de los 20 minutos de gracia" in why


def test_sessions_are_grouped_by_who_held_them(client: FlaskClient, participant: Participant) -> None:
    teacher, colleague = PersonFactory(), PersonFactory()
    started = participant.action.starts_on
    attend(participant, instructor=teacher, day=started)
    attend(participant, instructor=colleague, day=started + timedelta(days=1))
    attend(participant, instructor=teacher, day=started + timedelta(days=2))
    page = see(client, participant)

    groups = {table.select("caption")[0].text: len(table.select("tbody tr")) for table in page.select("table")}
    assert groups == {f"Facilitador: {teacher.full_name}": 2, f"Facilitador: {colleague.full_name}": 1}


def test_a_class_of_two_facilitators_names_both(
    client: FlaskClient, session: Session, participant: Participant
) -> None:
    first, second = PersonFactory(), PersonFactory()
    day = participant.action.starts_on
    ClassHeldFactory(action=participant.action, instructors=[held_by(first, day), held_by(second, day)])

    (caption,) = see(client, participant).select("table:not(#clases-sin-marca) caption")
    assert first.full_name in caption.text
    assert second.full_name in caption.text


def test_the_sum_can_be_followed_to_the_percentage(client: FlaskClient, participant: Participant) -> None:
    day = participant.action.starts_on
    attend(participant, day=day)
    attend(participant, day=day + timedelta(days=1), early=120)
    text = words(see(client, participant))

    assert "Suma de las sesiones: 5 h + 3 h = 8 h." in text
    assert (
        "2 clases: 8 h = 28.800 s. Las horas del curso son 10 h = 36.000 s. 28.800 ÷ 36.000 = 80,00 %; se muestra 80 %."
        in text
    )
    assert "Asistencia firme: 80 %" in text


def test_time_in_two_classes_at_once_is_taken_off_in_sight(client: FlaskClient, participant: Participant) -> None:
    day = participant.action.starts_on
    attend(participant, day=day)
    attend(participant, day=day, early=60)
    text = words(see(client, participant))

    assert "Suma de las sesiones: 5 h + 4 h = 9 h." in text
    assert "Coinciden entre clases 4 h, que se cuentan una vez: quedan 18.000 s." in text
    assert "18.000 ÷ 36.000 = 50,00 %; se muestra 50 %." in text


def test_firm_and_provisional_are_told_apart(client: FlaskClient, participant: Participant) -> None:
    day = participant.action.starts_on
    attend(participant, day=day)
    attend(participant, day=day + timedelta(days=1), validation="pending")
    text = words(see(client, participant))

    assert "Asistencia firme: 50 %" in text
    assert "Asistencia provisional: 100 %" in text
    assert "0 min (5 h provisional)" in text


def test_where_all_is_firm_there_is_one_figure_only(client: FlaskClient, participant: Participant) -> None:
    attend(participant)

    assert "provisional" not in words(see(client, participant)).lower()


def test_a_missing_exit_is_said_and_gives_nothing(client: FlaskClient, participant: Participant) -> None:
    MarkFactory(participant=participant, class_held=ClassHeldFactory(action=participant.action))
    page = see(client, participant)
    ((_, _, left, duration, why),) = lines(page)

    assert (left, duration) == ("Sin marca", "0 min")
    assert "sin marca de salida" in why
    assert "Por revisar: sin marca de salida (1 clase)." in words(page)


def test_a_participant_of_another_course_is_not_found_here(client: FlaskClient, participant: Participant) -> None:
    elsewhere = TrainingActionFactory(otec=participant.action.otec)

    answer = visit(client, elsewhere).client.get(f"/acciones/{elsewhere.code}/participantes/{participant.id}")

    assert answer.status_code == 404


def test_more_classes_ask_no_more_questions(client: FlaskClient, session: Session, participant: Participant) -> None:
    def asked() -> int:
        visitor, address = visit(client, participant.action), f"{page}/participantes/{participant.id}"
        with statements(session) as sent:
            visitor.read(address)
        return len(sent)

    page = f"/acciones/{participant.action.code}"

    attend(participant)
    few = asked()
    for number in range(6):
        attend(participant, day=participant.action.starts_on + timedelta(days=number))

    assert asked() == few


def test_a_mark_that_waits_for_its_fingerprint_is_not_called_missing(
    client: FlaskClient, session: Session, participant: Participant
) -> None:
    attend(participant)
    session.query(AttendanceMark).filter_by(kind="in").update({"validation": "pending"})
    session.expire_all()
    told = words(see(client, participant))

    assert "Por revisar: sin marca de entrada validada." in told
    assert "Por revisar: sin marca de entrada validada (1 clase)." in told


def test_time_in_another_course_is_told_by_its_code_to_who_may_see_it(
    client: FlaskClient, session: Session, participant: Participant
) -> None:
    attend(participant)
    own = ParticipantFactory(person=participant.person, action=TrainingActionFactory(otec=participant.action.otec))
    attend(own, early=240)
    foreign = ParticipantFactory(person=participant.person)
    attend(foreign, late=240)
    page = see(client, participant)

    told = [" ".join(item.text.split()) for item in page.select("section[aria-labelledby=coincidencias] li")]
    assert len(told) == 2
    assert f"también tiene asistencia en el curso {own.action.code}, {own.action.name}." in told[0]
    assert told[1].endswith("también tiene asistencia en otra acción.")
    assert foreign.action.code not in page.text


def test_who_is_in_one_course_at_a_time_reads_nothing_of_it(client: FlaskClient, participant: Participant) -> None:
    attend(participant)

    assert "Coincide" not in see(client, participant).text


# ParticipantesList, the grid of the portal's clients


def listed(client: FlaskClient, action: TrainingAction, query: str = "jtStartIndex=0&jtPageSize=10") -> Any:
    visitor = visit(client, action)
    visitor.client.get(f"/CertificadoAsistencia/BusquedaAccion/CursoSeleccionado?codigo={action.code}")
    answer = visitor.client.post(f"{LIST}?{query}")
    assert answer.status_code == 200
    return answer.json


def test_the_list_is_the_selected_courses_without_a_token_and_with_an_empty_body(
    client: FlaskClient, action: TrainingAction
) -> None:
    participant = ParticipantFactory(action=action)
    ParticipantFactory()
    answer = listed(client, action)

    assert answer.keys() == {"Result", "Records", "TotalRecordCount"}
    assert (answer["Result"], answer["TotalRecordCount"]) == ("OK", 1)
    (record,) = answer["Records"]
    assert (record["Rut"], record["Nombre"]) == (participant.person.rut.wire, participant.person.full_name)


@pytest.mark.parametrize(("sorting", "reverse"), [("Rut%20ASC", False), ("Rut%20DESC", True), ("Nombre%20ASC", False)])
def test_the_list_is_sorted_and_cut_as_asked(
    client: FlaskClient, action: TrainingAction, sorting: str, reverse: bool
) -> None:
    ParticipantFactory.create_batch(5, action=action)
    answer = listed(client, action, f"jtStartIndex=1&jtPageSize=3&jtSorting={sorting}")

    ruts = [one.person.rut.wire for one in rows_of(client.arranged, action)["participants"]]  # type: ignore[attr-defined]
    assert [record["Rut"] for record in answer["Records"]] == sorted(ruts, reverse=reverse)[1:4]
    assert answer["TotalRecordCount"] == 5


def test_without_a_course_selected_the_list_says_so(client: FlaskClient, action: TrainingAction) -> None:
    answer = visit(client, action).client.post(LIST).json

    assert answer is not None
    assert answer.keys() == {"Result", "Message"}
    assert answer["Result"] == "ERROR"


def test_a_list_asked_for_with_nonsense_is_still_a_list(client: FlaskClient, action: TrainingAction) -> None:
    answer = listed(client, action, "jtStartIndex=99999999999999999999&jtPageSize=-5&jtSorting=Clave%20DROP")

    assert answer["Records"] == []


def test_without_a_session_there_is_no_list(client: FlaskClient) -> None:
    assert client.post(LIST).headers["Location"] == "/CertificadoAsistencia/Login"


def test_a_participant_lists_only_oneself(client: FlaskClient, action: TrainingAction) -> None:
    own, _ = ParticipantFactory.create_batch(2, action=action)
    visitor = Visitor(client)
    visitor.enter(own.person, Profile.PARTICIPANT)
    client.get(f"/CertificadoAsistencia/BusquedaAccion/CursoSeleccionado?codigo={action.code}")
    answer = client.post(LIST).json

    assert answer is not None
    assert [record["Rut"] for record in answer["Records"]] == [own.person.rut.wire]
    assert answer["TotalRecordCount"] == 1
