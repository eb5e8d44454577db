"""Scenarios: read strictly, run with the real engine, and told where they differ; and which arrows they go through."""

import json
import re
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from app.process import definitions, diagrams
from app.process.trials import files
from app.process.trials.coverage import report
from app.process.trials.judging import expected_of, run
from app.process.trials.scenarios import MOST_SCENARIOS, InvalidScenario, Scenario, as_data, read, read_all

ANNULMENT = definitions.FOLDER / "annulment.bpmn"
FILES = sorted((definitions.FOLDER / "scenarios").glob("*/*.json"))
LATE: dict[str, Any] = json.loads((definitions.FOLDER / "scenarios/annulment/granted_late.json").read_text())


def changed(*path: str | int, to: object) -> dict[str, Any]:
    """`granted_late` with another value at a place."""
    data = deepcopy(LATE)
    at: Any = data
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = to
    return data


def differences(data: object) -> list[str]:
    return list(run(files.package_of(ANNULMENT), read("granted_late", data)).differences)


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_scenario_of_the_house_says_what_happens(path: Path) -> None:
    diagram = definitions.FOLDER / f"{path.parent.name}.bpmn"
    scenario = read(path.stem, json.loads(path.read_text(encoding="utf-8")))

    assert run(files.package_of(diagram), scenario).differences == ()


@pytest.mark.parametrize("path", sorted(definitions.FOLDER.glob("*.bpmn")), ids=lambda path: path.stem)
def test_every_arrow_of_our_diagrams_is_gone_through(path: Path) -> None:
    assert files.reported(path).problems() == []
    assert files.reported(path).verdicts


def test_the_example_that_is_told_is_one() -> None:
    (example,) = re.findall(r"```json\n(.*?\"then\".*?)```", (definitions.FOLDER / "README.md").read_text(), re.DOTALL)

    assert run(files.package_of(ANNULMENT), read("example", json.loads(example))).differences == ()


def test_no_scenarios_lie_where_nobody_runs_them() -> None:
    known = {diagrams.read(path.read_bytes()).process_id for path in definitions.FOLDER.glob("*.bpmn")}

    assert {path.name for path in (definitions.FOLDER / "scenarios").iterdir()} == known


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_scenario_is_written_as_it_was_read(path: Path) -> None:
    data = json.loads(path.read_text(encoding="utf-8"))

    assert as_data(read(path.stem, data)) == data


def test_what_a_trial_came_to_is_an_expectation_that_holds() -> None:
    package, scenario = files.package_of(ANNULMENT), read("granted_late", LATE)

    assert expected_of(run(package, scenario).trial) == scenario.then


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (
            changed("then", "outcome", to="annulment_denied"),
            "Se esperaba que terminara en «Solicitud rechazada; el certificado sigue vigente» y termina en "
            "«Aprobado para su re-emisión».",
        ),
        (
            changed("then", "operations", to=["annulments/request"]),
            "Operaciones, lugar 2: no se esperaba nada más y fue «Registra la resolución de la Dirección Regional».",
        ),
        (
            changed("then", "deadlines", 0, "on", to="2026-09-21"),
            "Plazos, lugar 1: se esperaba «Resolver la solicitud de anulación» hasta el 21/09/2026 y fue "
            "«Resolver la solicitud de anulación» hasta el 22/09/2026.",
        ),
        (
            changed("then", "told", to=[]),
            "Avisos, lugar 1: no se esperaba nada más y fue «Aviso a la mitad del plazo» de "
            "«Resolver la solicitud de anulación», el 15/09/2026.",
        ),
        (
            changed("when", 0, "answer", to="decide_annulment"),
            "Paso 1: «decide_annulment» no está pendiente. Lo pendiente: «request_annulment».",
        ),
    ],
)
def test_a_wrong_expectation_fails_in_words(data: object, sentence: str) -> None:
    assert differences(data) == [sentence]


def test_a_trial_that_stands_still_differs_in_where_and_in_what_was_not_done() -> None:
    assert differences(changed("when", to=LATE["when"][:3])) == [
        "Se esperaba que terminara en «Aprobado para su re-emisión» y espera "
        "«Resolver la solicitud de anulación» (Dirección Regional).",
        "Operaciones, lugar 2: se esperaba «Registra la resolución de la Dirección Regional» y no hubo nada más.",
    ]


def test_whom_it_waits_for_is_an_expectation_too() -> None:
    data = changed("then", to={"waiting": [{"task": "decide_annulment", "office": "provider"}]})

    assert differences(data) == [
        "Se esperaba que quedara pendiente «Resolver la solicitud de anulación» (Organismo capacitador) y termina en "
        "«Aprobado para su re-emisión»."
    ]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ([], "Escenario «granted_late»: aquí va un objeto con sus claves."),
        (changed("motto", to="x"), "la clave «motto» no se admite. Las que hay: title, given, when, then."),
        (changed("title", to=""), "falta «title». Escríbalo."),
        (changed("title", to="a" * 121), "«title» es un texto de hasta 120 caracteres."),
        (changed("given", "starts_on", to=None), "«given»: falta «starts_on», una fecha como 2026-12-31."),
        (changed("given", "starts_on", to="2026-02-30"), "«given»: «starts_on» es una fecha como 2026-12-31."),
        (changed("given", "region", to="99"), "«given»: «region» es uno de 15, 01,"),
        (changed("given", "facts", to=["a" * 201]), "«facts» es una lista de textos de hasta 200 caracteres."),
        (changed("when", 1, to={"advance": 0}), "«when» 2: «advance» es un número entero de 1 a 260."),
        (changed("when", 1, to={"advance": None}), "«when» 2: falta cuántos días hábiles pasan."),
        (changed("when", 1, to={"advance": True}), "«when» 2: «advance» es un número entero de 1 a 260."),
        (changed("when", 1, to={"wait": 3}), "«when» 2: la clave «wait» no se admite."),
        (changed("when", 0, to={"answer": "x", "answers": {"reason": ["a"]}}), "«when» 1: «answers» es un objeto"),
        (changed("when", to=[{"advance": 1}] * 61), "«when» es una lista de hasta 60."),
        (changed("then", to={}), "«then»: dice en qué termina, «outcome», o a quién espera, «waiting»."),
        (changed("then", "waiting", to=[]), "«then»: dice en qué termina"),
        (changed("then", "told", 0, "what", to="shout"), "«told» 1: «what» es uno de reminder_50"),
        (changed("then", "deadlines", 0, to={"task": "x"}), "«deadlines» 1: falta «on»"),
    ],
)
def test_a_faulty_scenario_is_refused_where_it_stands(data: object, sentence: str) -> None:
    with pytest.raises(InvalidScenario) as refused:
        read("granted_late", data)

    assert sentence in refused.value.sentence


def test_the_scenarios_of_a_version_are_bounded() -> None:
    with pytest.raises(InvalidScenario, match=f"hasta {MOST_SCENARIOS}"):
        read_all({f"s{number}": LATE for number in range(MOST_SCENARIOS + 1)})
    with pytest.raises(InvalidScenario, match="pesan demasiado"):
        read_all({f"s{number}": changed("given", "facts", to=["a" * 200] * 40) for number in range(50)})


def test_an_arrow_that_nobody_tries_is_named() -> None:
    package = files.package_of(ANNULMENT)
    reported = report(package, [_granted()])

    assert reported.problems() == [
        "Los escenarios recorren 6 de 7 flechas, el 85 %, y se pide el 100 %. Agregue escenarios que pasen por aquí: "
        "de «¿Se aprueba?» a «Solicitud rechazada; el certificado sigue vigente», por «no»."
    ]
    assert reported.problems(85) == []
    assert reported.problems(86)


def test_what_a_failing_scenario_goes_through_does_not_count() -> None:
    wrong = read("wrong", changed("then", "outcome", to="annulment_denied"))
    problems = report(files.package_of(ANNULMENT), [wrong]).problems()

    assert problems[0].startswith(f"El escenario «{LATE['title']}» falla: Se esperaba")
    assert problems[1].startswith("Los escenarios recorren 0 de 7 flechas, el 0 %")


def _granted() -> Scenario:
    return read("granted_late", LATE)
