"""Scenarios of what a case awaits besides people: facts that come, and terms and facts that are still to come."""

from typing import Any

import pytest

from app.process import diagrams, forms
from app.process.package import Package
from app.process.trials.coverage import report
from app.process.trials.judging import expected_of, run
from app.process.trials.scenarios import InvalidScenario, Scenario, as_data, read
from app.process.trials.telling import Words
from tests.studio import waiting

WAITING = Package(
    diagrams.stored(waiting.waiting()),
    {**forms.first_versions(), **{name: forms.spec(name, form) for name, form in waiting.FORMS.items()}},
)
ASKED: dict[str, Any] = {"answer": "request_annulment"}
DECIDED: dict[str, Any] = {"answer": "decide_annulment", "answers": {"granted": True}}
COMES = {"message": "certificates/annulled"}


def scenario(*when: dict[str, Any], **then: Any) -> Scenario:
    given = {"starts_on": "2026-03-02"}
    return read("tried", {"title": "Probado", "given": given, "when": [*when], "then": then or {"waiting": []}})


def differences(*when: dict[str, Any], **then: Any) -> tuple[str, ...]:
    return run(WAITING, scenario(*when, **then)).differences


def test_a_fact_is_a_step_that_is_written_as_it_was_read() -> None:
    data = as_data(scenario(ASKED, DECIDED, COMES, outcome="annulment_granted"))

    assert data["when"][2] == COMES
    assert read("tried", data) == scenario(ASKED, DECIDED, COMES, outcome="annulment_granted")
    assert differences(ASKED, DECIDED, COMES, outcome="annulment_granted") == ()


def test_what_is_awaited_is_an_expectation_with_its_last_day_or_without() -> None:
    task = [{"task": "decide_annulment", "office": "regional_direction"}]
    for until in ({"until": "2026-03-09"}, {}):
        assert differences(ASKED, waiting=task, awaiting=[{"event": "half_way", **until}]) == ()

    assert differences(ASKED, waiting=task, awaiting=[]) == (
        "Se esperaba que siguiera en curso nada y está «Cinco días sin resolver» hasta el 09/03/2026.",
    )
    assert differences(ASKED, DECIDED, waiting=[], awaiting=[{"event": "half_way"}]) == (
        "Se esperaba que siguiera en curso «Cinco días sin resolver» y está "
        "«Anulación en el registro» (aviso «Certificado anulado»).",
    )


def test_a_case_that_waits_for_a_fact_alone_is_told_so() -> None:
    assert differences(ASKED, DECIDED, outcome="annulment_granted") == (
        "Se esperaba que terminara en «Aprobado para su re-emisión» y espera "
        "«Anulación en el registro» (aviso «Certificado anulado»).",
    )


def test_what_a_trial_came_to_expects_what_it_still_awaits() -> None:
    verdict = run(WAITING, scenario(ASKED))
    expected = as_data(Scenario("x", "X", verdict.scenario.given, (), expected_of(verdict.trial)))["then"]

    assert expected["awaiting"] == [{"event": "half_way", "until": "2026-03-09"}]
    ended = expected_of(run(WAITING, scenario(ASKED, DECIDED, COMES)).trial)
    assert (ended.outcome, ended.awaiting) == ("annulment_granted", None)


def test_it_is_told_in_words() -> None:
    told = scenario(ASKED, COMES, waiting=[], awaiting=[{"event": "half_way", "until": "2026-03-09"}])

    assert list(Words(WAITING).when(told))[1] == "Llega el aviso «Certificado anulado»"
    assert "Sigue en curso «Cinco días sin resolver» hasta el 09/03/2026" in list(Words(WAITING).then(told))


def test_arrows_from_an_event_are_gone_through_by_what_happens() -> None:
    late = scenario(ASKED, {"advance": 6}, {"answer": "say_why"}, DECIDED, COMES, outcome="annulment_granted")

    assert [arrow.key for arrow in report(WAITING, [late]).coverage.missing] == ["granted_no"]
    quick = scenario(ASKED, DECIDED, COMES, outcome="annulment_granted")
    assert {arrow.key for arrow in report(WAITING, [quick]).coverage.missing} == {
        "granted_no",
        "half_way_over",
        "why_said",
    }


@pytest.mark.parametrize(
    ("when", "then", "sentence"),
    [
        (
            {"message": "certificates/lost"},
            {},
            "el aviso «certificates/lost» no existe. Los que hay: certificates/issued",
        ),
        ({"message": 4}, {}, "«message» es un texto"),
        ({**COMES, "advance": 3}, {}, "la clave «message» no se admite"),
        ({**COMES, "answers": {}}, {}, "la clave «answers» no se admite"),
        (COMES, {"waiting": [], "awaiting": [{"until": "2026-03-09"}]}, "«awaiting» 1: falta «event»"),
        (COMES, {"waiting": [], "awaiting": [{"event": "x", "until": "mañana"}]}, "«until» es una fecha"),
        (COMES, {"awaiting": []}, "dice en qué termina"),
    ],
)
def test_what_cannot_be_is_refused_where_it_stands(when: dict[str, Any], then: dict[str, Any], sentence: str) -> None:
    with pytest.raises(InvalidScenario) as refused:
        scenario(when, **then)

    assert sentence in refused.value.sentence
