"""`flask demo`: everything on one machine, from nothing to a page that answers."""

import errno
import socket
import sys
import time
import urllib.error
import urllib.request
from dataclasses import replace

import click
from flask import current_app
from flask.cli import AppGroup, with_appcontext
from sqlalchemy import func, select

from app import demo as demo_data
from app.cli.demo_load import load
from app.cli.prepare import bring_up_to_date
from app.cli.supervisor import Children, Stopped, stop_signals
from app.config import Settings
from app.db import THREADS
from app.models import TrainingAction
from app.unit_of_work import reading

ACTIONS = 60
PATIENCE_S = 60

demo = AppGroup("demo", help="La demostración completa en esta máquina.", short_help="Demostración.")
demo.add_command(load)


@demo.command("run")
@with_appcontext
def run() -> None:
    """Levanta la base, el trabajador y el sitio; Ctrl-C detiene todo."""
    settings: Settings = current_app.extensions["settings"]
    refuse_a_port_in_use(settings)
    with stop_signals():
        prepare()
        children = Children(settings.logs_dir, settings.to_env())
        try:
            ended = _serve(settings, children)
            sys.exit(f"Terminó «{ended}», así que se detiene todo. La razón está en {children.log(ended)}")
        except Stopped:
            click.echo("\nDeteniendo…")
        finally:
            children.stop()


def refuse_a_port_in_use(settings: Settings) -> None:
    """End with one sentence if the web server could not listen on its port."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family) as probe:
        # As the server will: a connection that lingers from the last run is no obstacle.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as refusal:
            why = "ya está en uso" if refusal.errno == errno.EADDRINUSE else f"no se puede usar ({refusal.strerror})"
            sys.exit(f"El puerto {settings.port} {why}. Elija otro, por ejemplo: PORT={settings.port + 1} make demo")


def prepare() -> None:
    """Bring the database up to date and, the first time, put the demo data in."""
    click.echo("Preparando la base de datos…")
    bring_up_to_date()
    with reading() as session:
        empty = session.scalar(select(func.count()).select_from(TrainingAction)) == 0
    if empty:
        click.echo("Cargando datos de demostración (solo la primera vez)…")
        demo_data.load(actions=ACTIONS)
        demo_data.make_documents()
        demo_data.leave_incident()


def _serve(settings: Settings, children: Children) -> str:
    """Start the worker and the site, tell where they are, and stay until one ends; its name."""
    # One worker on one machine: the clock of the periodic sweep may live inside it. Where workers multiply, it may not.
    schedule = str(settings.data_dir / "beat-schedule")
    children.start("worker", "celery", [*worker_arguments(settings), "--beat", "--schedule", schedule])
    children.start("web", "granian", web_arguments(settings))
    if (ended := _wait_for_site(settings, children)) is not None:
        return ended
    _announce(settings)
    return children.wait()


def worker_arguments(settings: Settings) -> list[str]:
    # Workers need not know of each other: the database tells them apart, and asking around costs a second at each start.
    alone = ["--without-gossip", "--without-mingle"]
    concurrency = ["--concurrency", str(settings.worker_concurrency)]
    return ["-A", "tasks.celery_app", "worker", "--loglevel", "INFO", *alone, *concurrency]


def web_arguments(settings: Settings) -> list[str]:
    listen = ["--host", settings.host, "--port", str(settings.port), "--workers", str(settings.workers)]
    # One that is killed is replaced while the others go on; without this the server would end with it.
    kept_up = ["--respawn-failed-workers", "--blocking-threads", str(THREADS)]
    return ["--interface", "wsgi", "--factory", *listen, *kept_up, "app.factory:create_site"]


def _wait_for_site(settings: Settings, children: Children) -> str | None:
    """Until the site answers; the name of a child that ended first, if one did."""
    host = "127.0.0.1" if settings.host == "0.0.0.0" else settings.host  # noqa: S104
    local = replace(settings, host=host)
    until = time.monotonic() + PATIENCE_S
    while not _answers(f"http://{local.host}:{local.port}/salud"):
        if (ended := children.ended()) is not None:
            return ended
        if time.monotonic() > until:
            return "web"
        time.sleep(0.1)
    return None


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:  # noqa: S310
            return bool(answer.status == 200)
    except (urllib.error.URLError, TimeoutError, ConnectionError):
        return False


def _announce(settings: Settings) -> None:
    rows = [("RUT", "CUS", "Quién es"), *((a.rut, a.cus, a.description) for a in demo_data.ACCOUNTS)]
    widths = [max(len(str(row[column])) for row in rows) for column in (0, 1)]
    click.echo(f"\n  Constancia está en {settings.base_url}/CertificadoAsistencia/\n")
    for rut, cus, who in rows:
        click.echo(f"  {rut!s:<{widths[0]}}  {cus:<{widths[1]}}  {who}")
    click.echo(f"\n  Los datos quedan en {settings.data_dir}. Ctrl-C detiene todo.\n")
