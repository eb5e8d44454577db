"""The two sites that are measured: web servers of one make, with the arguments that `make demo` gives them."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from flask import Flask

from app.adapters.embedded.network import free_port
from app.cli.demo import web_arguments
from app.cli.supervisor import Children
from app.config import Settings
from bench.approvals import Contestant, HandWritten, Ours
from bench.browser import Browser, Unexpected
from bench.processor import pid_of_postgres, seconds_of

# One for each processor.
WORKERS = 2
PATIENCE_S = 60


@dataclass(frozen=True)
class Site:
    """A web server of a contestant, and the PostgreSQL both share, by the ids of their processes."""

    contestant: Contestant
    port: int
    web: int
    postgres: int

    def processor(self) -> tuple[float, float]:
        """Seconds of processor time that its web server and the database have taken so far."""
        return seconds_of(self.web), seconds_of(self.postgres)


@contextmanager
def both_sites(app: Flask) -> Iterator[tuple[Site, Site]]:
    """The hand-written site and ours, each on its own port, on the servers of `app`."""
    settings: Settings = app.extensions["settings"]
    hand_written, ours = free_port(), free_port()
    children = Children(settings.logs_dir, settings.to_env())
    try:
        *arguments, _ = web_arguments(replace(settings, port=hand_written, workers=WORKERS))
        children.start("hand-written", "granian", [*arguments, "bench.handwritten.factory:create_app"])
        children.start("ours", "granian", web_arguments(replace(settings, port=ours, workers=WORKERS)))
        _wait(children, hand_written, "/login")
        _wait(children, ours, "/CertificadoAsistencia/Login")
        postgres = pid_of_postgres(settings.data_dir)
        yield (
            Site(HandWritten(), hand_written, children.pid("hand-written"), postgres),
            Site(Ours(), ours, children.pid("ours"), postgres),
        )
    finally:
        children.stop()


def _wait(children: Children, port: int, path: str) -> None:
    until = time.monotonic() + PATIENCE_S
    while (ended := children.ended()) is None and time.monotonic() < until:
        try:
            Browser(port).open(path)
        except (OSError, Unexpected):
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"The site does not answer at {path}; {children.log(ended or 'ours').read_text()}")
