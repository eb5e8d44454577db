"""Which arrows of a diagram its scenarios go through, and which rows of its decision tables they use."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from app.process import arrows
from app.process.arrows import Arrow
from app.process.package import Package
from app.process.trials.judging import Verdict, run
from app.process.trials.scenarios import Scenario

EVERYTHING = 100


@dataclass(frozen=True)
class UnusedRules:
    """The rows of a decision table by which no scenario decides; `numbers` count from 1, of `every` there are."""

    table: str
    title: str
    numbers: tuple[int, ...]
    every: int

    @property
    def said(self) -> str:
        rows = "la fila" if len(self.numbers) == 1 else "las filas"
        return f"{rows} {', '.join(map(str, self.numbers))} de «{self.title}»"


@dataclass(frozen=True)
class Coverage:
    """The arrows, and which of them a scenario that passes goes through; rows of tables are told and asked of nobody."""

    arrows: tuple[Arrow, ...]
    covered: frozenset[str]
    unused: tuple[UnusedRules, ...] = ()

    @property
    def missing(self) -> tuple[Arrow, ...]:
        return tuple(arrow for arrow in self.arrows if arrow.key not in self.covered)

    @property
    def share(self) -> Fraction:
        return Fraction(len(self.covered), len(self.arrows)) if self.arrows else Fraction(1)

    @property
    def percent(self) -> int:
        """Rounded down: only all of them are 100."""
        return int(self.share * EVERYTHING)


@dataclass(frozen=True)
class Report:
    """All scenarios of a version, run."""

    package: Package
    verdicts: tuple[Verdict, ...]
    coverage: Coverage

    def problems(self, percent: int = EVERYTHING) -> list[str]:
        """Why it cannot be proposed, in sentences: what fails, and which arrows nobody tries if too few are covered."""
        failed = [
            f"El escenario «{verdict.scenario.title}» falla: {' '.join(verdict.differences)}"
            for verdict in self.verdicts
            if not verdict.has_passed
        ]
        uncovered = self.uncovered(percent)
        return [*failed, uncovered] if uncovered else failed

    def uncovered(self, percent: int) -> str:
        """Which arrows nobody tries, in a sentence; empty where enough are covered."""
        coverage = self.coverage
        if coverage.share * EVERYTHING >= percent:
            return ""
        missing = "; ".join(arrow.said for arrow in coverage.missing)
        return (
            f"Los escenarios recorren {len(coverage.covered)} de {len(coverage.arrows)} flechas, el {coverage.percent} %, "
            f"y se pide el {percent} %. Agregue escenarios que pasen por aquí: {missing}."
        )


def report(package: Package, scenarios: Sequence[Scenario]) -> Report:
    """Run them all. What a failing scenario goes through does not count: nobody knows whether it is right."""
    verdicts = tuple(run(package, scenario) for scenario in scenarios)
    return Report(package, verdicts, covered(package, (one for one in verdicts if one.has_passed)))


def covered(package: Package, verdicts: Iterable[Verdict]) -> Coverage:
    """What these go through."""
    trials = [one.trial for one in verdicts]
    flows = frozenset[str]().union(*(trial.flows for trial in trials))
    used = frozenset[tuple[str, int]]().union(*(trial.rules for trial in trials))
    return Coverage(arrows.of(package.diagram.xml), flows, tuple(_unused(package, used)))


def _unused(package: Package, used: frozenset[tuple[str, int]]) -> Iterator[UnusedRules]:
    """Of the tables that the diagram names itself: those of a called process are that one's."""
    for name in dict.fromkeys(package.diagram.decisions.values()):
        table = package.decision_tables.get(name)
        numbers = tuple(rule.number for rule in table.rules if (name, rule.number) not in used) if table else ()
        if table and numbers:
            yield UnusedRules(name, table.title, numbers, len(table.rules))
