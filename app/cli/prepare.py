"""`flask prepare`: what a database needs before anybody uses it, at the first start and after every update."""

import click
from flask.cli import with_appcontext
from flask_migrate import upgrade

from app.process import definitions
from app.unit_of_work import unit_of_work


@click.command("prepare")
@with_appcontext
def prepare() -> None:
    """Crea o actualiza las tablas y carga los diagramas nuevos."""
    bring_up_to_date()
    click.echo("La base de datos está al día.")


def bring_up_to_date() -> None:
    """Migrate, then publish the diagrams of `workflows/` that are not there yet. Harmless when repeated."""
    upgrade()
    with unit_of_work() as session:
        definitions.load_files(session)
