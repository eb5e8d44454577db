"""What a run has to say: a line a cycle while it goes on, the totals at the end, and all of it as JSON."""

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from tests.chaos.cycles import Cycle, Run
from tests.chaos.person import Account

HEADING = f"{'no':>5}  {'what was done':<44} {'acknowledged':>12} {'back after':>10}  verdict"


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def line(number: int, cycle: Cycle) -> str:
    verdict = "FAILED" if cycle.findings else "passed"
    told = f"{number:>5}  {cycle.name:<44} {cycle.acknowledged:>12} {cycle.back_after_s:>8.1f} s  {verdict}"
    return "\n".join([told, *(f"{'':>7}- {finding}" for finding in cycle.findings)])


def totals(cycles: Sequence[Cycle], run: Run, took_s: float) -> str:
    back = sorted(cycle.back_after_s for cycle in cycles[:-1])
    return (
        f"\nseed {run.seed}, {took_s:.0f} s: {run.ledger.done()} actions acknowledged, "
        f"{run.house.restarts} processes started again; "
        f"back after {_median(back):.1f} s as a rule, {max(back, default=0):.1f} s at the most"
    )


def verdict(cycles: Sequence[Cycle]) -> str:
    failed = sum(bool(cycle.findings) for cycle in cycles)
    return f"{len(cycles) - failed} passed, {failed} failed"


def kept(folder: Path, account: Account) -> str:
    """How to look at what is left."""
    return (
        f"\nThe house stays in {folder}: DATA_DIR={folder} make demo\n"
        f"Its incidents are open; {account.rut} with CUS {account.cus} is an operator and finds them at /incidentes."
    )


def keep(path: Path, cycles: Sequence[Cycle], *, seed: str, took_s: float) -> None:
    told = {"seed": seed, "seconds": round(took_s, 1), "cycles": [asdict(cycle) for cycle in cycles]}
    path.write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n")


def _median(sorted_figures: Sequence[float]) -> float:
    return sorted_figures[len(sorted_figures) // 2] if sorted_figures else 0
