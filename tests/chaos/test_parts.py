"""The parts of `make chaos` that judge: the checker sees what is lost, doubled, missing or told wrongly, and says nothing else."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import Any, cast

import pytest

from app.faults import POINTS, Fault, FaultAction
from tests.chaos import blows, checker, report
from tests.chaos.ambushes import AtPoint, ambushes
from tests.chaos.cycles import Cycle
from tests.chaos.facts import QUERIES, Facts
from tests.chaos.house import House
from tests.chaos.ledger import Deed, Kind, Ledger, Told


def issuance(mark: str, folio: int, *, sequence: int = 1) -> Any:
    return SimpleNamespace(course=f"c-{mark}", sequence=sequence, folio_number=folio, folio_year=2026, mark=mark)


DECISION = SimpleNamespace(mark="d-1", granted=True)
FACTS = Facts(
    issuances=[issuance("p-1", 1), issuance("p-2", 2)],
    counters=[SimpleNamespace(year=2026, last_number=2)],
    requests=[SimpleNamespace(mark="p-3")],
    decisions=[DECISION],
    effects=[SimpleNamespace(identity="a", done=True, last_error=None)],
    letters=[SimpleNamespace(identity="mail/decision/1")],
)
POSTED = {hashlib.sha256(b"mail/decision/1").hexdigest()[:32]}
DEEDS = [
    Deed(Kind.ISSUE, "p-1", 0, told=Told.DONE, answer="1 1-2026"),
    Deed(Kind.ISSUE, "p-2", 0, told=Told.NOTHING),
    Deed(Kind.ISSUE, "p-9", 0, told=Told.REFUSED, answer="409"),
    Deed(Kind.REQUEST, "p-3", 0, told=Told.DONE),
    Deed(Kind.DECISION, "d-1", 0, told=Told.DONE, answer="True"),
]


def test_all_is_well_where_everything_told_is_so() -> None:
    assert checker.always(DEEDS, FACTS) == []
    assert checker.in_the_end(FACTS, POSTED) == []


LOST = replace(FACTS, issuances=FACTS.issuances[1:])
REFUSED_AND_THERE = [*DEEDS[:1], replace(DEEDS[1], told=Told.REFUSED, answer="409"), *DEEDS[2:]]
TOLD_ANOTHER_FOLIO = [replace(DEEDS[0], answer="1 7-2026"), *DEEDS[1:]]
TOLD_DENIED = [*DEEDS[:-1], replace(DEEDS[-1], answer="False")]
CASES: dict[str, tuple[Sequence[Deed], Facts, str]] = {
    "a certificate that was acknowledged is lost": (DEEDS, LOST, r"issue p-1 was acknowledged and is lost"),
    "a certificate is there twice": (
        DEEDS,
        replace(FACTS, issuances=[*FACTS.issuances, issuance("p-1", 3, sequence=2)]),
        r"issue p-1 is there 2 times",
    ),
    "a course and sequence are there twice": (
        DEEDS,
        replace(FACTS, issuances=[*FACTS.issuances, SimpleNamespace(**vars(FACTS.issuances[0]) | {"mark": "p-8"})]),
        r"c-p-1 1 were issued twice",
    ),
    "a folio is missing": (
        DEEDS,
        replace(
            FACTS,
            issuances=[issuance("p-1", 1), issuance("p-2", 3)],
            counters=[SimpleNamespace(year=2026, last_number=3)],
        ),
        r"folios of 2026 are missing: 2",
    ),
    "the counter is ahead": (
        DEEDS,
        replace(FACTS, counters=[SimpleNamespace(year=2026, last_number=3)]),
        r"folios of 2026 are missing: 3",
    ),
    "what was refused is there": (REFUSED_AND_THERE, FACTS, r"issue p-2 was refused and is there: 409"),
    "another folio was told": (TOLD_ANOTHER_FOLIO, FACTS, r"told «1 7-2026», stored «1 1-2026»"),
    "another decision was told": (TOLD_DENIED, FACTS, r"told «False», stored «True»"),
}


@pytest.mark.parametrize(("deeds", "facts", "finding"), CASES.values(), ids=CASES)
def test_the_checker_sees_that(deeds: Sequence[Deed], facts: Facts, finding: str) -> None:
    assert [one for one in checker.always(deeds, facts) if re.search(finding, one)]


@pytest.mark.parametrize(
    ("facts", "finding"),
    [
        (
            replace(FACTS, effects=[SimpleNamespace(identity="a", done=False, last_error="E")]),
            "effect a is not done: E",
        ),
        (
            replace(FACTS, incidents=[SimpleNamespace(kind="k", detail="OSError", open=True)]),
            "incident of k is still open: OSError",
        ),
        (
            replace(FACTS, strays=[SimpleNamespace(kind="issuance", fact_id=7)]),
            "issuance 7 is a fact without its leaf of the log, or the reverse",
        ),
        (
            replace(FACTS, letters=[SimpleNamespace(identity="mail/decision/2")]),
            "letter mail/decision/2 counts as sent and never left",
        ),
        (
            replace(FACTS, jobs=[SimpleNamespace(mark="1", ended=True, done=0, total=1)]),
            "job 1 did not end well",
        ),
    ],
    ids=["effect", "incident", "stray", "letter", "job"],
)
def test_in_the_end_nothing_may_be_left(facts: Facts, finding: str) -> None:
    assert checker.in_the_end(facts, POSTED) == [finding]


@pytest.mark.parametrize(
    ("detail", "is_explained"),
    [
        ("FaultOnPurpose en app/services/mail.py:103, send", True),
        ("WorkerLost", True),
        ("OSError (ENOSPC) en app/adapters/storage.py:98, _write_whole", True),
        ("ProgrammingError (P0001) en tasks/effects.py:80, perform_one", True),
        ("KeyError en app/services/mail.py:103, send", False),
        ("IntegrityError (23505, uq_document_issuance_id) en app/unit_of_work.py:30, unit_of_work", False),
    ],
)
def test_an_incident_that_nothing_on_purpose_explains_is_a_finding(detail: str, is_explained: bool) -> None:
    facts = replace(FACTS, incidents=[SimpleNamespace(kind="k", detail=detail, open=True)])

    assert (checker.unexplained(facts) == []) is is_explained


def test_what_was_begun_before_a_blow_is_no_sign_that_the_house_is_back() -> None:
    ledger = Ledger()
    early = ledger.begin(Kind.ISSUE, ledger.new_mark("p"))
    blow = early.begun_at + 1e-9
    ledger.tell(early, Told.DONE)
    assert (ledger.done(), ledger.done_after(blow)) == (1, 0)

    ledger.tell(ledger.begin(Kind.ISSUE, ledger.new_mark("p")), Told.DONE)

    assert ledger.done_after(blow) == 1


def test_the_seed_decides_the_order_and_every_part_is_killed_before_any_is_again() -> None:
    names = [[blow.name for blow in blows.kills(40, Random(seed))] for seed in ("a", "a", "b")]

    assert names[0] == names[1] != names[2]
    assert set(names[0][:10]) == {blow.name for blow in blows.KILLS}
    assert len(names[0]) == 40


def test_a_point_is_armed_just_before_a_deed_of_each_kind_and_falls_when_all_were_struck(tmp_path: Path) -> None:
    ledger = Ledger()
    fault = Fault("engine.ran", FaultAction.KILL, once=True)
    marker = tmp_path / fault.marker
    marker.touch()
    house = cast(House, SimpleNamespace(settings=SimpleNamespace(faults_dir=tmp_path)))
    ambush = AtPoint(fault, ledger)
    ambush.lay(house, Random())

    seen = []
    for kind in (Kind.MARK, Kind.REQUEST, Kind.ISSUE, Kind.REQUEST, Kind.DECISION):
        ledger.begin(kind, ledger.new_mark("p"))
        was_armed = not marker.exists()
        marker.touch()
        seen.append((kind, was_armed, ambush.has_fallen(house)))

    assert seen == [
        (Kind.MARK, False, False),
        (Kind.REQUEST, False, False),
        (Kind.ISSUE, True, False),
        (Kind.REQUEST, True, False),
        (Kind.DECISION, True, True),
    ]


def test_one_that_is_lifted_is_armed_no_more(tmp_path: Path) -> None:
    ledger = Ledger()
    house = cast(House, SimpleNamespace(settings=SimpleNamespace(faults_dir=tmp_path)))
    ambush = AtPoint(Fault("engine.ran", FaultAction.KILL, once=True), ledger)
    ambush.lay(house, Random())
    ambush.lift(house)
    ledger.begin(Kind.ISSUE, "p-1")

    assert [path.name for path in tmp_path.iterdir()] == ["engine.ran:kill"]


def test_every_point_is_struck_with_every_action() -> None:
    names = {blow.name for blow in ambushes(Ledger())}

    assert names >= {f"{point} {action}" for point in POINTS for action in FaultAction}


def test_the_last_line_counts() -> None:
    assert report.verdict([Cycle("a", 1, 0.5), Cycle("b", 0, 9, ["lost"])]) == "1 passed, 1 failed"


def test_there_is_a_field_for_every_query() -> None:
    assert set(QUERIES) == set(Facts.__dataclass_fields__)
