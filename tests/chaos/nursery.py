"""Where programs come from: a process that has imported everything, so that a start is a fork and not five seconds of imports."""

import multiprocessing
import os
import runpy
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from app.cli.supervisor import ROOT

# What the site, the worker, the clock and the audit import at their start or with their first work.
PRELOADED = (
    "tests.chaos.nursery",
    "app.factory",
    "app.adapters.pdf.certificate",
    "tasks.deadlines",
    "tasks.effects",
    "tasks.housekeeping",
    "tasks.transparency",
    "celery.apps.beat",
    "celery.apps.worker",
    "celery.bin.celery",
    "celery.concurrency.prefork",
    "kombu.transport.redis",
    "granian.cli",
    "granian.server",
    "flask.cli",
)


@dataclass(frozen=True)
class Program:
    """`python -m module arguments`, with what it writes appended to `log` and, if given, its output to a file of its own."""

    module: str
    arguments: Sequence[str]
    environment: Mapping[str, str]
    log: Path
    output: Path | None = None


def start(program: Program) -> ForkServerProcess:
    """Begun, in a process group of its own."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(list(PRELOADED))
    process = context.Process(target=_become, args=(program,), name=program.module)
    process.start()
    return process


def _become(program: Program) -> None:
    os.setsid()
    os.chdir(ROOT)
    os.environ.update(program.environment)
    for descriptor, path in ((1, program.output or program.log), (2, program.log)):
        with path.open("ab") as file:
            os.dup2(file.fileno(), descriptor)
    # What a program started by itself finds; the site's own processes are forked from its first.
    multiprocessing.set_start_method("fork", force=True)
    sys.argv = [program.module, *program.arguments]
    runpy.run_module(program.module, run_name="__main__", alter_sys=True)
