"""The picture of each class, the flags beside it and the policy that explains the figures of one participant."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.domain.attendance_policy import GCA_1
from app.models import Participant
from tests.factories import ClassHeldFactory, MarkFactory, ParticipantFactory
from tests.support.policies import rule
from tests.web.test_participant import attend, see
from tests.web.visitor import words


@pytest.fixture
def participant(session: Session) -> Participant:
    found: Participant = ParticipantFactory()
    return found


def test_each_class_has_a_picture_that_says_the_same_in_words(client: FlaskClient, participant: Participant) -> None:
    attend(participant, late=14, early=60)
    page = see(client, participant)

    (picture,) = page.select("svg.app-timeline")
    title, told = picture.select_one("title"), picture.select_one("desc")
    assert title is not None
    assert told is not None
    assert picture["role"] == "img"
    assert picture["aria-labelledby"] == f"{title['id']} {told['id']}"
    assert "Línea de tiempo de la clase del" in title.text
    assert re.search(r"Entrada \d\d:14\. Salida \d\d:00\. Se cuentan 4 h, de \d\d:00 a \d\d:00\.", told.text)
    assert [text.text[-3:] for text in picture.select("text")] == [":14", ":00", ":00", ":00"]


def test_what_counts_and_what_waits_are_drawn_apart(client: FlaskClient, participant: Participant) -> None:
    attend(participant, day=participant.action.starts_on)
    attend(participant, day=participant.action.starts_on + timedelta(days=1), validation="pending")
    sure, waiting = see(client, participant).select("svg.app-timeline")

    assert [len(one.select(".app-timeline__credited")) for one in (sure, waiting)] == [1, 0]
    assert [len(one.select(".app-timeline__provisional")) for one in (sure, waiting)] == [0, 1]
    assert len(waiting.select(".app-timeline__mark--pending")) == 2


def test_a_picture_needs_no_style_that_the_policy_forbids(client: FlaskClient, participant: Participant) -> None:
    attend(participant)
    page = see(client, participant)

    assert page.select("main [style], main style, main script") == []


def test_a_flag_stands_beside_its_class(client: FlaskClient, participant: Participant) -> None:
    held = ClassHeldFactory(action=participant.action)
    MarkFactory(participant=participant, class_held=held, kind="in")
    page = see(client, participant)

    assert "Por revisar: sin marca de salida." in words(page, "main table:first-of-type tbody")
    assert "Por revisar: sin marca de salida (1 clase)." in words(page)


def test_the_policy_of_the_course_is_explained(client: FlaskClient, participant: Participant) -> None:
    rule(replace(GCA_1, policy_id="GCA-2", grace=timedelta(minutes=10)))

    assert "Se calcula con la política GCA-2. Quien entra hasta 10 minutos" in words(see(client, participant))
