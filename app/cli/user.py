"""`flask user`: what an operator does to an account."""

import sys

import click
from flask.cli import AppGroup

from app.cli.prepared import with_prepared_database
from app.domain.errors import Refusal
from app.domain.rut import InvalidRut, Rut
from app.services import accounts
from app.unit_of_work import unit_of_work

user = AppGroup("user", help="Cuentas de las personas.")


@user.command("cus")
@click.argument("rut")
@with_prepared_database
def cus(rut: str) -> None:
    """Guarda una CUS nueva para RUT; la lee de la entrada estándar y no la muestra."""
    try:
        parsed = Rut.parse(rut)
        with unit_of_work() as session:
            accounts.set_cus(session, rut=parsed, cus=_read_cus())
    except (InvalidRut, Refusal) as refused:
        sys.exit(str(refused))
    click.echo(f"CUS guardada para {parsed.screen}.")


def _read_cus() -> str:
    if sys.stdin.isatty():
        typed: str = click.prompt("CUS nueva", hide_input=True, confirmation_prompt="Repita la CUS")
        return typed
    return sys.stdin.readline().rstrip("\r\n")
