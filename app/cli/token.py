"""`flask token`: the tokens machines send marks with."""

import sys

import click
from flask.cli import AppGroup

from app.cli.prepared import with_prepared_database
from app.domain.errors import Refusal
from app.domain.rut import InvalidRut, Rut
from app.services import tokens
from app.unit_of_work import reading, unit_of_work

token = AppGroup("token", help="Tokens de las instituciones para la API.")


@token.command("create")
@click.argument("rut")
@click.option("--label", required=True, help="Qué equipo o programa lo usará.")
@with_prepared_database
def create(rut: str, label: str) -> None:
    """Crea un token de la institución RUT y lo muestra esta única vez."""
    try:
        with unit_of_work() as session:
            made = tokens.create(session, rut=Rut.parse(rut), label=label)
    except (InvalidRut, Refusal) as refused:
        sys.exit(str(refused))
    click.echo("Guárdelo ahora: no se puede volver a ver.", err=True)
    click.echo(made)


@token.command("list")
@click.argument("rut")
@with_prepared_database
def list_(rut: str) -> None:
    """Muestra los tokens de la institución RUT, nunca su valor."""
    try:
        with reading() as session:
            for one in tokens.of_organisation(session, Rut.parse(rut)):
                state = f"revocado el {one.revoked_at:%d/%m/%Y}" if one.revoked_at else "vigente"
                click.echo(f"{one.id:>6}  {one.created_at:%d/%m/%Y}  {state:<24}{one.label}")
    except (InvalidRut, Refusal) as refused:
        sys.exit(str(refused))


@token.command("revoke")
@click.argument("token_id", type=int)
@with_prepared_database
def revoke(token_id: int) -> None:
    """Revoca el token TOKEN_ID para siempre."""
    try:
        with unit_of_work() as session:
            label = tokens.revoke(session, token_id).label
    except Refusal as refused:
        sys.exit(str(refused))
    click.echo(f"Token {token_id} ({label}) revocado.")
