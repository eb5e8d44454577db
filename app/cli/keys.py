"""`flask keys`: the keys that this installation signs with."""

import sys

import click
from flask import current_app
from flask.cli import AppGroup, with_appcontext

from app.adapters.log_key import LogKey, as_pem
from app.domain.errors import EffectFailed

keys = AppGroup("keys", help="Las llaves con que se firma.")
create = AppGroup("create", help="Crea una llave que falta.")
keys.add_command(create)


@create.command("log")
@with_appcontext
def create_log() -> None:
    """Crea la llave que firma las cabezas del registro público. Nunca reemplaza una que exista."""
    key = log_key()
    if not key.create():
        sys.exit(f"Ya hay una llave en {key.path}. Para cambiarla, guárdela aparte y vuelva a intentar.")
    click.echo(f"Llave creada en {key.path}. Guarde un respaldo fuera de esta máquina.")
    click.echo(f"Huella (publíquela también fuera de este sitio): {key.id}")


@keys.command("show")
@with_appcontext
def show() -> None:
    """Muestra la llave pública del registro y su huella."""
    try:
        key = log_key()
        click.echo(f"{as_pem(key.public_key).decode()}Huella: {key.id}")
    except EffectFailed as failed:
        sys.exit(failed.reason)


def log_key() -> LogKey:
    found: LogKey = current_app.extensions["log_key"]
    return found
