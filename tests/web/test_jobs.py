"""Pages of long works: who may start a recomputation, how its progress is told and how it is cancelled."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.permissions import Profile
from app.models import Job, JobState, TrainingAction
from app.services import recomputation
from tests.factories import PersonFactory, TrainingActionFactory
from tests.support.effects import run
from tests.support.jobs import reread, waiting, work_off
from tests.web.visitor import Visitor, errors_of, page_of, words


@pytest.fixture
def visitor(client: FlaskClient) -> Visitor:
    return Visitor(client)


@pytest.fixture
def action(session: Session) -> TrainingAction:
    found: TrainingAction = TrainingActionFactory(participants=2, classes=2, attended=True)
    return found


def enter_as(visitor: Visitor, profile: Profile, region: str | None = None) -> None:
    visitor.enter(PersonFactory(profiles=[(profile, None, region)]), profile)


def latest(session: Session) -> Job:
    session.commit()
    return session.scalars(select(Job).order_by(Job.id.desc())).first() or pytest.fail("No job was asked for.")


def how_many(session: Session) -> int:
    session.commit()
    return session.scalars(select(func.count()).select_from(Job)).one()


@pytest.mark.parametrize("profile", [Profile.SENCE_NATIONAL_ADMIN, Profile.OPERATOR])
def test_a_recomputation_is_started_and_leads_to_its_page(
    session: Session, visitor: Visitor, action: TrainingAction, profile: Profile
) -> None:
    enter_as(visitor, profile)

    sent = visitor.send("/recalculos", "Recalcular", reach="action", action_code=action.code)

    job = latest(session)
    assert (sent.status_code, sent.headers["Location"]) == (303, f"/trabajos/{job.id}")
    page = visitor.read(f"/trabajos/{job.id}")
    assert page.select_one("h1").text == f"Recálculo de asistencia: curso {action.code}"  # type: ignore[union-attr]
    assert "0 de 1 curso, 0 %" in words(page)


@pytest.mark.parametrize("profile", [Profile.REGIONAL_DIRECTOR, Profile.INSTRUCTOR])
def test_the_page_of_recomputations_is_closed_to_others(visitor: Visitor, session: Session, profile: Profile) -> None:
    enter_as(visitor, profile, "13" if profile is Profile.REGIONAL_DIRECTOR else None)

    visitor.read("/recalculos", status=403)
    assert visitor.client.post("/recalculos").status_code in (400, 403)


def test_the_same_form_sent_twice_starts_one_recomputation(
    session: Session, visitor: Visitor, action: TrainingAction
) -> None:
    enter_as(visitor, Profile.SENCE_NATIONAL_ADMIN)
    fields = visitor.fill(visitor.read("/recalculos"), "Recalcular", reach="action", action_code=action.code)

    answers = [visitor.client.post("/recalculos", data=fields).headers["Location"] for _ in range(2)]

    assert answers[0] == answers[1]
    assert how_many(session) == 1


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"reach": "action", "action_code": " "}, "Falta el código."),
        ({"reach": "organisation", "organisation_rut": "76.000.006-1"}, "El dígito verificador"),
        ({"reach": "region", "region": "08"}, "Elija una región de la lista."),
        ({"reach": "policy", "line": "3", "starts_from": ""}, "Falta la fecha"),
        ({"reach": "policy", "line": "3", "starts_from": "31/02/2026"}, "Esa fecha no existe"),
        ({"reach": "policy", "line": "9", "starts_from": "2026-01-01"}, "Elija un programa"),
        ({"reach": "nothing"}, "Elija qué recalcular."),
    ],
)
def test_a_mistake_is_told_and_what_was_typed_stays(
    session: Session, visitor: Visitor, fields: dict[str, str], says: str
) -> None:
    enter_as(visitor, Profile.SENCE_REGIONAL_ADMIN, "13")
    sent = visitor.client.post("/recalculos", data=visitor.fill(visitor.read("/recalculos"), "Recalcular") | fields)

    page = page_of(sent, 422)
    assert [sentence for sentence in errors_of(page) if sentence.startswith(says)] != []
    code = page.select_one("#action_code")
    assert code is not None
    assert code.get("value", "") == fields.get("action_code", "")
    assert how_many(session) == 0


def test_a_course_elsewhere_is_refused_to_a_regional_administrator(session: Session, visitor: Visitor) -> None:
    other = TrainingActionFactory(region="08")
    enter_as(visitor, Profile.SENCE_REGIONAL_ADMIN, "13")

    page = page_of(visitor.send("/recalculos", "Recalcular", reach="action", action_code=other.code), 409)

    assert "en sus regiones" in errors_of(page)[0]
    assert how_many(session) == 0


@pytest.fixture
def started(session: Session, visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> int:
    """A recomputation of four courses in four chunks, started by a national administrator; its id."""
    monkeypatch.setattr(recomputation, "ACTIONS_A_CHUNK", 1)
    TrainingActionFactory.create_batch(4, participants=1, classes=1, attended=True)
    enter_as(visitor, Profile.SENCE_NATIONAL_ADMIN)
    fields = visitor.fill(visitor.read("/recalculos"), "Recalcular") | {"reach": "all"}
    visitor.client.post("/recalculos", data=fields)
    return latest(session).id


def test_progress_is_a_bar_that_asks_for_the_next_and_reloads_without_script(
    app: Flask, session: Session, visitor: Visitor, started: int
) -> None:
    run(app, waiting(session)[0])

    page = visitor.read(f"/trabajos/{started}")

    bar = page.select_one("progress")
    assert bar is not None
    assert (bar["value"], bar["max"], bar.text) == ("1", "4", "25 %")
    assert page.select("noscript meta[http-equiv=refresh]") != []
    (fragment,) = page.select("[hx-get]")
    assert "1 de 4 cursos, 25 %" in words(visitor.read(str(fragment["hx-get"])), "#avance")


def test_the_fragment_of_a_work_that_is_over_asks_no_more_and_takes_the_button_away(
    app: Flask, session: Session, visitor: Visitor, started: int
) -> None:
    with app.app_context():
        work_off(session)

    fragment = visitor.read(f"/trabajos/{started}/avance")

    assert fragment.select("[hx-get]") == []
    assert [tag["id"] for tag in fragment.select("[hx-swap-oob]")] == ["cancelar"]
    assert "la asistencia quedó recalculada" in words(fragment, "#avance")


def test_a_work_is_cancelled_half_way_once(app: Flask, session: Session, visitor: Visitor, started: int) -> None:
    run(app, waiting(session)[0])

    sent = visitor.send(f"/trabajos/{started}", "Cancelar")

    assert sent.status_code == 303
    page = visitor.read(f"/trabajos/{started}")
    assert "Cancelando" in words(page)
    assert page.select("main form") == []
    with app.app_context():
        work_off(session)
    job = reread(session, started)
    assert (job.state, job.done) == (JobState.CANCELLED, 1)
    assert "el resto no cambió" in words(visitor.read(f"/trabajos/{started}"))


def test_a_cancellation_that_comes_too_late_is_told(
    app: Flask, session: Session, visitor: Visitor, started: int
) -> None:
    fields = visitor.fill(visitor.read(f"/trabajos/{started}"), "Cancelar")
    with app.app_context():
        work_off(session)

    page = page_of(visitor.client.post(f"/trabajos/{started}", data=fields), 409)

    assert errors_of(page) == ["El trabajo ya terminó: no queda nada que cancelar. Vuelva atrás para ver cómo quedó."]


def test_another_s_work_is_not_found(visitor: Visitor, started: int) -> None:
    enter_as(visitor, Profile.REGIONAL_DIRECTOR, "13")

    answers = [visitor.client.get(f"/trabajos/{started}{end}").status_code for end in ("", "/avance", "/archivo")]

    assert answers == [404] * 3


def test_an_operator_sees_the_profile_and_not_the_name_of_who_asked(visitor: Visitor, started: int) -> None:
    enter_as(visitor, Profile.OPERATOR)

    text = words(visitor.read(f"/trabajos/{started}"))

    assert "ADMINISTRADOR NACIONAL SENCE" in text
    assert "Ñancupil" not in text
