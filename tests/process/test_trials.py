"""A trial goes as a real case would, by a clock turned by hand, and does nothing."""

from datetime import date
from typing import Any

import pytest

from app.domain.errors import Refusal
from app.process import diagrams, forms
from app.process.definitions import FOLDER
from app.process.operations import OPERATIONS
from app.process.package import Package
from app.process.trials.answers import MADE_UP_TEXT, impersonal, whole
from app.process.trials.replaying import MOST_STEPS, replay
from app.process.trials.steps import Advance, Answer, Given, Step
from app.process.trials.trial import Kind, Trial
from tests.process.drawing import asks, choice, does, drawn, event, flow

MONDAY = Given(date(2026, 3, 2))
ASKED, GRANTED = Answer("request_annulment"), Answer("decide_annulment", {"granted": True})
ANNULMENT = Package(diagrams.read((FOLDER / "annulment.bpmn").read_bytes()), forms.first_versions())


def tried(*steps: Step, given: Given = MONDAY) -> Trial:
    return replay(ANNULMENT, steps, given=given)


def small(*elements: str, people: str) -> Package:
    """A diagram in which `people` lists the tasks of the regional direction."""
    nodes = "".join(f"<flowNodeRef>{key}</flowNodeRef>" for key in people.split())
    lanes = f'<laneSet id="lanes"><lane id="regional_direction" name="Dirección Regional">{nodes}</lane></laneSet>'
    return Package(diagrams.read(drawn(lanes, *elements).encode()), forms.first_versions())


def test_a_trial_waits_for_the_office_with_its_last_day() -> None:
    (task,) = tried(ASKED).waiting

    assert (task.key, task.office, task.form) == ("decide_annulment", "regional_direction", "annulment_decision")
    assert [(one.task, one.on) for one in tried(ASKED).deadlines] == [("decide_annulment", date(2026, 3, 16))]


def test_operations_are_told_and_not_called(monkeypatch: pytest.MonkeyPatch) -> None:
    def called(_: object) -> None:
        raise AssertionError("a trial called an operation")

    monkeypatch.setattr(type(OPERATIONS["annulments/request"]), "function", called, raising=False)
    trial = tried(ASKED, GRANTED)

    assert trial.operations == ("annulments/request", "annulments/decide")
    assert [one.sentence for one in trial.events if one.kind is Kind.LETTER][
        -1
    ] == "Correo a quien pidió, con lo resuelto."
    assert trial.outcome == "annulment_granted"


def test_reminders_and_the_national_level_come_as_the_days_go_by() -> None:
    told = [(one.what.value, one.on) for one in tried(ASKED, Advance(30)).told]

    assert told == [
        ("reminder_50", date(2026, 3, 10)),
        ("reminder_80", date(2026, 3, 13)),
        ("reminder_100", date(2026, 3, 17)),
        ("escalation", date(2026, 3, 31)),
    ]


def test_the_days_go_by_the_same_in_one_step_or_in_many() -> None:
    at_once, day_by_day = tried(ASKED, Advance(15)), tried(ASKED, *[Advance(1)] * 15)

    assert at_once.told == day_by_day.told
    assert at_once.now == day_by_day.now


def test_nobody_is_reminded_of_what_was_answered() -> None:
    assert [one.what.value for one in tried(ASKED, Advance(6), GRANTED, Advance(30)).told] == ["reminder_50"]


def test_an_added_holiday_moves_the_end_of_the_term() -> None:
    given = Given(date(2026, 3, 2), holidays=(date(2026, 3, 5),))

    assert tried(ASKED, given=given).deadlines[0].on == date(2026, 3, 17)


def test_the_way_taken_is_told_by_its_arrows() -> None:
    denied = Answer("decide_annulment", {"granted": False})

    assert tried(ASKED, denied).flows - tried(ASKED, GRANTED).flows == {"granted_no"}


@pytest.mark.parametrize(
    ("steps", "sentence"),
    [
        ([GRANTED], "Paso 1: «decide_annulment» no está pendiente. Lo pendiente: «request_annulment»."),
        ([ASKED, Answer("decide_annulment")], "Paso 2: Falta decidir entre «Aprobar» y «Rechazar»."),
        ([ASKED, Answer("decide_annulment", {"granted": "sí"})], "Paso 2: Falta decidir entre"),
        (
            [Answer("request_annulment", {"motive": "x"})],
            "Paso 1: El formulario «annulment_request» no tiene el campo «motive».",
        ),
        ([Answer("request_annulment", {"reason": 4})], "Paso 1: «reason» se responde con un texto."),
        ([Answer("request_annulment", {"reason": "a" * 501})], "Paso 1: «Motivo de la solicitud»: El texto tiene 501"),
        ([Advance(0)], "Paso 1: Avance de 1 a 260 días hábiles."),
        ([Advance(1)] * (MOST_STEPS + 1), f"Un ensayo tiene hasta {MOST_STEPS} pasos."),
    ],
)
def test_a_step_that_cannot_be_taken_stops_the_trial_and_says_why(steps: list[Step], sentence: str) -> None:
    trial = tried(*steps)

    assert trial.stopped.startswith(sentence)
    assert trial.taken == len(steps) - 1


def test_what_stopped_keeps_what_happened_before() -> None:
    assert tried(ASKED, GRANTED, ASKED).outcome == "annulment_granted"


def test_a_gateway_without_a_way_out_is_told_in_spanish() -> None:
    package = small(
        event("start", "begin"), asks("decide"), choice("which"), event("end", "done"),
        flow("a", "begin", "decide"), flow("b", "decide", "which"), flow("c", "which", "done", "granted == True"),
        people="decide",
    )  # fmt: skip
    trial = replay(package, [Answer("decide", {"granted": False})], given=MONDAY)

    assert trial.stopped == (
        "Paso 1: La compuerta «which» no tiene por dónde seguir: ninguna de sus condiciones es cierta."
    )
    assert [task.key for task in trial.waiting] == ["decide"]
    assert trial.events[-1].kind is Kind.OPENED


def test_both_ways_of_a_fork_wait_and_the_join_is_gone_through_from_both() -> None:
    package = small(
        event("start", "begin"), '<parallelGateway id="fork" />', asks("one"), asks("two"), '<parallelGateway id="join" />',
        does("act", "documents/request"), event("end", "done"),
        flow("a", "begin", "fork"), flow("b", "fork", "one"), flow("c", "fork", "two"), flow("d", "one", "join"),
        flow("e", "two", "join"), flow("f", "join", "act"), flow("g", "act", "done"),
        people="one two",
    )  # fmt: skip
    yes: dict[str, Any] = {"granted": True}
    begun = replay(package, [Answer("two", yes)], given=MONDAY)
    ended = replay(package, [Answer("two", yes), Answer("one", yes)], given=MONDAY)

    assert [task.key for task in begun.waiting] == ["one"]
    assert ended.flows == set("abcdefg")
    assert ended.operations == ("documents/request",)


def test_what_a_scenario_leaves_open_is_made_up_within_the_limits_of_the_field() -> None:
    asked = forms.spec(
        "survey",
        {
            "title": "Encuesta",
            "button": "Enviar",
            "fields": [
                {"name": "story", "type": "long_text", "label": "Relato", "minimum": 40, "maximum": 50},
                {"name": "amount", "type": "number", "label": "Monto", "minimum": 10},
                {"name": "day", "type": "date", "label": "Día", "maximum": "2020-01-31"},
                {"name": "is_late", "type": "yes_no", "label": "¿Fuera de plazo?"},
                {"name": "why", "type": "text", "label": "Por qué", "maximum": 20, "when": "is_late == True"},
                {"name": "note", "type": "text", "label": "Nota", "maximum": 20, "required": False},
            ],
        },
    )
    made_up = {"amount": 10, "day": "2020-01-31", "is_late": False}

    assert whole(asked, {}) == {"story": MADE_UP_TEXT.ljust(40, "1"), **made_up}
    assert whole(asked, {"is_late": True})["why"] == MADE_UP_TEXT


def test_what_decides_is_never_made_up() -> None:
    field = {"name": "amount", "type": "number", "label": "Monto", "decides": True}
    asked = forms.spec("survey", {"title": "Encuesta", "button": "Enviar", "fields": [field]})

    with pytest.raises(Refusal, match="Falta responder «amount», que decide"):
        whole(asked, {})


def test_nothing_that_somebody_wrote_stays() -> None:
    decision = forms.first_versions()["annulment_decision"]

    assert impersonal(decision, {"granted": False, "reason": "María Pérez no firmó"}) == {"granted": False}


def test_a_text_that_decides_is_replaced() -> None:
    fields = [
        {"name": "commune", "type": "text", "label": "Comuna", "maximum": 40, "decides": True},
        {"name": "amount", "type": "number", "label": "Monto", "decides": True},
    ]
    asked = forms.spec("survey", {"title": "Encuesta", "button": "Enviar", "fields": fields})

    assert impersonal(asked, {"commune": "Ñuñoa", "amount": 7}) == {"commune": MADE_UP_TEXT, "amount": 7}
