"""`python -m bench NAME [options]`: measure one thing, print it as a table and keep it as JSON."""

import argparse
import importlib
import pkgutil
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

import bench
from app.cli.supervisor import stop_signals
from bench.figures import Figure, as_json, keep, table


class Benchmark(Protocol):
    """A module of this folder that measures: it adds its own options and gives its figures."""

    def options(self, parser: argparse.ArgumentParser) -> None: ...
    def measure(self, arguments: argparse.Namespace) -> Iterable[Figure]: ...


def names() -> list[str]:
    """The benchmarks there are: the modules that can `measure`."""
    folder = Path(bench.__path__[0])
    return sorted(
        name
        for _, name, is_folder in pkgutil.iter_modules(bench.__path__)
        if name != "__main__"
        and not is_folder
        and "\ndef measure(" in (folder / f"{name}.py").read_text(encoding="utf-8")
    )


def main(words: list[str]) -> None:
    known = names()
    if not words or words[0] not in known:
        sys.exit(f"Diga qué medir: make bench B=<nombre>. Hay: {', '.join(known)}.")
    benchmark: Benchmark = importlib.import_module(f"bench.{words[0]}")
    parser = argparse.ArgumentParser(prog=f"python -m bench {words[0]}")
    parser.add_argument("--out", type=Path, help="keep the figures as JSON in this file")
    benchmark.options(parser)
    arguments = parser.parse_args(words[1:])

    figures = []
    # Told to stop, a measurement still takes down the servers that it started.
    with stop_signals():
        for figure in benchmark.measure(arguments):
            figures.append(figure)
            sys.stderr.write(f"{table([figure])}\n")

    sys.stdout.write(f"{table(figures)}\n\n{as_json(figures)}\n")
    if arguments.out:
        keep(figures, arguments.out)


if __name__ == "__main__":
    main(sys.argv[1:])
