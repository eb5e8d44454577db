"""Holds what people were told against what the database says. Each finding is a sentence; none means all is well.

What rows, files and history must say of each other is the audit's, which runs beside.
"""

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence, Set
from typing import Any

from tests.chaos.facts import Facts
from tests.chaos.ledger import Deed, Kind, Told

# What a fault leaves in the detail of an incident. Anything else nobody did on purpose.
EXPLAINED = re.compile(
    r"FaultOnPurpose|WorkerLost"
    r"|OperationalError|InterfaceError|AdminShutdown"
    r"|\(P0001\)"  # raised by a trigger
    r"|ENOSPC|EFBIG"
    r"|TookTooLong"
)


def always(deeds: Sequence[Deed], facts: Facts) -> list[str]:
    """What holds at every moment, whoever was just killed. `facts` are read after `deeds` were copied."""
    return [
        *_nothing_lost_nothing_twice(deeds, facts),
        *_told_as_it_is(deeds, facts),
        *_folios(facts),
    ]


def in_the_end(facts: Facts, posted: Set[str]) -> list[str]:
    """What holds when nothing waits any more and every incident was tried again. `posted` are the marks of what was mailed."""
    return [
        *(f"letter {row.identity} counts as sent and never left" for row in facts.letters if _mark(row) not in posted),
        *(f"effect {row.identity} is not done: {row.last_error}" for row in facts.effects if not row.done),
        *(f"incident of {row.kind} is still open: {row.detail}" for row in facts.incidents if row.open),
        *(f"{row.kind} {row.fact_id} is a fact without its leaf of the log, or the reverse" for row in facts.strays),
        *(f"job {row.mark} did not end well" for row in facts.jobs if not row.ended or row.done != row.total),
    ]


def _mark(letter: Any) -> str:
    """The Message-ID without its domain, which follows from the effect's identity."""
    return hashlib.sha256(letter.identity.encode()).hexdigest()[:32]


def unexplained(facts: Facts) -> list[str]:
    """Incidents that nothing done on purpose explains."""
    return [f"incident of {row.kind}: {row.detail}" for row in facts.incidents if not EXPLAINED.search(row.detail)]


def _nothing_lost_nothing_twice(deeds: Sequence[Deed], facts: Facts) -> Iterator[str]:
    stored = {
        Kind.ISSUE: Counter(row.mark for row in facts.issuances),
        Kind.REQUEST: Counter(row.mark for row in facts.requests),
        Kind.DECISION: Counter(row.mark for row in facts.decisions),
        Kind.MARK: Counter(row.mark for row in facts.marks),
        Kind.JOB: Counter(row.mark for row in facts.jobs),
    }
    for deed in deeds:
        times = stored[deed.kind][deed.mark]
        if times > 1:
            yield f"{deed.kind} {deed.mark} is there {times} times"
        if deed.told is Told.DONE and not times:
            yield f"{deed.kind} {deed.mark} was acknowledged and is lost"
        if deed.told is Told.REFUSED and times:
            yield f"{deed.kind} {deed.mark} was refused and is there: {deed.answer}"


def _told_as_it_is(deeds: Sequence[Deed], facts: Facts) -> Iterator[str]:
    """The answer of an issue is its sequence and folio, that of a decision whether it was granted."""
    issued = {row.mark: f"{row.sequence} {row.folio_number}-{row.folio_year}" for row in facts.issuances}
    decided = {row.mark: str(row.granted) for row in facts.decisions}
    for kind, truth in ((Kind.ISSUE, issued), (Kind.DECISION, decided)):
        for deed in deeds:
            is_known = deed.kind is kind and deed.told is Told.DONE and deed.mark in truth
            if is_known and deed.answer and deed.answer != truth[deed.mark]:
                yield f"{kind} {deed.mark}: told «{deed.answer}», stored «{truth[deed.mark]}»"
    for name in _repeated(f"{row.course} {row.sequence}" for row in facts.issuances):
        yield f"course and sequence {name} were issued twice"


def _folios(facts: Facts) -> Iterator[str]:
    """Exactly 1…n of each year, as its counter says."""
    numbers = defaultdict(list)
    for row in facts.issuances:
        numbers[row.folio_year].append(row.folio_number)
    last = {row.year: row.last_number for row in facts.counters}
    for year in sorted(numbers.keys() | last.keys()):
        found, expected = sorted(numbers[year]), list(range(1, len(numbers[year]) + 1))
        missing = sorted(set(range(1, last.get(year, 0) + 1)) - set(found))
        if missing:
            yield f"folios of {year} are missing: {', '.join(map(str, missing))}"
        if found != expected or last.get(year, 0) != len(found):
            yield f"{len(found)} folios of {year}, the highest {max(found, default=0)}, the counter {last.get(year)}"


def _repeated(names: Iterable[str]) -> list[str]:
    return [name for name, times in Counter(names).items() if times > 1]
