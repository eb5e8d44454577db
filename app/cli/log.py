"""`flask log`: what an operator does to the public log."""

import sys

import click
from flask.cli import AppGroup

from app.cli.keys import log_key
from app.cli.prepared import with_prepared_database
from app.domain.errors import EffectFailed
from app.services import transparency
from app.unit_of_work import unit_of_work

log = AppGroup("log", help="El registro público de emisiones, solicitudes y resoluciones.")


@log.command("sign")
@with_prepared_database
def sign() -> None:
    """Agrega lo que espera y firma una cabeza ahora, aunque nada haya cambiado."""
    try:
        with unit_of_work() as session:
            head = transparency.seal(session, log_key(), even_if_unchanged=True)
            told = f"Cabeza firmada: {head.size} hojas, raíz {head.root.hex()}"
    except EffectFailed as failed:
        sys.exit(failed.reason)
    click.echo(told)
