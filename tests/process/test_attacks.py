"""A file that attacks its reader is refused, or is no more than what its canonical text says: quickly and in little memory."""

import json
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from app.process import diagrams, gate
from app.process.package import Package
from tests.process.attacks import ATTACKS, PLAIN, REFUSED, SAME, TAKEN, content_of

ROOT = Path(__file__).parents[2]
NAMES = sorted(ATTACKS)
MOST_SECONDS, MOST_MEGABYTES = 1, 50


@cache
def results() -> dict[str, dict[str, Any]]:
    """Every attack read once, each in a process of its own."""
    program = [sys.executable, "-m", "tests.process.attacks"]
    run = subprocess.run(program, cwd=ROOT, capture_output=True, text=True, check=True)
    read: dict[str, dict[str, Any]] = json.loads(run.stdout)
    return read


def named(*fates: str) -> list[str]:
    return [name for name in NAMES if ATTACKS[name][0] in fates]


@pytest.mark.parametrize("name", NAMES)
def test_an_attack_ends_as_it_must(name: str) -> None:
    assert results()[name]["became"] == ATTACKS[name][0], results()[name]


@pytest.mark.parametrize("name", NAMES)
def test_an_attack_costs_less_than_a_second_and_fifty_megabytes(name: str) -> None:
    assert results()[name]["seconds"] < MOST_SECONDS
    assert results()[name]["megabytes"] < MOST_MEGABYTES


@pytest.mark.parametrize("name", named(REFUSED))
def test_a_refusal_says_what_is_so_and_what_to_do(name: str) -> None:
    sentence = results()[name]["sentence"]

    assert ". " in sentence
    assert len(sentence) < 250


@pytest.mark.parametrize("name", named(SAME, TAKEN))
def test_what_is_taken_is_its_canonical_text_and_nothing_from_elsewhere(name: str) -> None:
    assert results()[name]["stable"]
    assert not results()[name]["leaks"]


@pytest.mark.parametrize("name", [name for name in named(TAKEN) if name != "another_prefix_for_the_same"])
def test_what_is_taken_and_not_the_same_is_found_by_the_gate(name: str) -> None:
    found = {finding.code for finding in gate.findings(Package(diagrams.read(content_of(name))))}

    assert found & {"outside_subset", "attribute"}


def test_the_plain_diagram_is_taken() -> None:
    assert diagrams.read(PLAIN.encode()).process_id == "annulment"


def test_there_are_at_least_forty_attacks() -> None:
    assert len(NAMES) >= 40
