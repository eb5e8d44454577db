"""`flask keys`: the keys that this installation signs with."""

import sys
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup, with_appcontext

from app.adapters.log_key import LogKey, as_pem
from app.adapters.signer import NOBODY, authority
from app.config import Settings
from app.domain.errors import EffectFailed

keys = AppGroup("keys", help="Las llaves con que se firma.")
SHORTEST_PASSPHRASE = 12
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


@create.command("signing")
@with_appcontext
def create_signing() -> None:
    """Crea una autoridad de demostración y la llave con que firma los PDF. Nunca reemplaza una que exista."""
    settings: Settings = current_app.extensions["settings"]
    path = Path(settings.signing_key)
    if settings.signing_key in ("", NOBODY):
        sys.exit("Diga dónde guardar la llave: SIGNING_KEY=/data/keys/firma.p12")
    if len(settings.signing_passphrase) < SHORTEST_PASSPHRASE:
        sys.exit(f"Dé a la llave una clave de {SHORTEST_PASSPHRASE} letras o más en SIGNING_PASSPHRASE.")
    if not authority.create(path, settings.signing_passphrase):
        sys.exit(f"Ya hay una llave en {path}. Para cambiarla, guárdela aparte y vuelva a intentar.")
    click.echo(f"Llave creada en {path}. Guarde un respaldo fuera de esta máquina.")
    click.echo(f"Certificado de la autoridad: {authority.root_of(path)}. Es de demostración: nadie más confía en ella.")


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
