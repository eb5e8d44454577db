"""`python -m tests.chaos [--kills 40] [--seed S] [--keep FOLDER] …`: run it, tell it line by line, end with a verdict."""

import argparse
import secrets
import sys
import time
from pathlib import Path

from app.cli.supervisor import Stopped, stop_signals
from app.factory import create_app
from tests.chaos import report
from tests.chaos.country import settle
from tests.chaos.cycles import Cycle, Run
from tests.chaos.disk import disk_of
from tests.chaos.house import house
from tests.chaos.ledger import Ledger


def main(words: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--kills", type=int, default=40, help="how many kill -9, beside every fail-point")
    parser.add_argument("--seed", default="", help="the order of a run that is to be repeated")
    parser.add_argument("--only", default="", help="only the blows with this in their names")
    parser.add_argument("--out", type=Path, help="keep the report as JSON in this file")
    parser.add_argument("--logs", type=Path, help="keep the logs and the ledger in this folder")
    parser.add_argument(
        "--keep", type=_new_folder, help="keep the whole house in this new folder, its incidents still open"
    )
    parser.add_argument("--no-mount", action="store_true", help="fill the disk as where nothing may be mounted")
    arguments = parser.parse_args(words)

    seed = arguments.seed or secrets.token_hex(4)
    begun = time.monotonic()
    cycles: list[Cycle] = []
    try:
        with stop_signals():
            ended = run(cycles, arguments, seed)
    except Stopped:
        report.say(f"\nstopped; seed {seed}\n{report.verdict(cycles)}")
        return 130
    took_s = time.monotonic() - begun
    if arguments.out:
        report.keep(arguments.out, cycles, seed=seed, took_s=took_s)
    report.say(report.totals(cycles, ended, took_s))
    report.say(f"{ended.last_audit or 'flask audit: no verdict'}")
    report.say(report.verdict(cycles))
    if arguments.keep:
        report.say(report.kept(arguments.keep, ended.country.operator))
    return int(any(cycle.findings for cycle in cycles))


def _new_folder(text: str) -> Path:
    folder = Path(text).resolve()
    if folder.exists():
        raise argparse.ArgumentTypeError(f"{folder} is there already: name a new folder")
    return folder


def run(cycles: list[Cycle], arguments: argparse.Namespace, seed: str) -> Run:
    """Append to `cycles` as they end."""
    report.say(f"seed {seed}; the house is being built…")
    ledger, kept = Ledger(), arguments.keep
    with house(kept) as built, disk_of(built, may_mount=not arguments.no_mount, is_kept=bool(kept)) as disk:
        told = Run(built, disk, settle(create_app(built.settings)), ledger, seed)
        built.open()
        report.say(report.HEADING)
        try:
            for cycle in told.cycles(arguments.kills, arguments.only, retries=kept is None):
                cycles.append(cycle)
                report.say(report.line(len(cycles), cycle))
        finally:
            built.close()
            if arguments.logs:
                built.keep_logs(arguments.logs)
                ledger.keep(arguments.logs / "ledger.jsonl")
    return told


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
