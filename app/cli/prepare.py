"""`flask prepare`: what a database needs before anybody uses it, at the first start and after every update."""

import click
from flask.cli import with_appcontext
from flask_migrate import upgrade

from app.process import definitions
from app.services import policies
from app.unit_of_work import unit_of_work


@click.command("prepare")
@with_appcontext
def prepare() -> None:
    """Crea o actualiza las tablas y carga los diagramas nuevos."""
    bring_up_to_date()
    click.echo("La base de datos está al día.")


def bring_up_to_date() -> None:
    """Migrate, then add what every database begins with: the policy GCA-1 and the diagrams. Harmless when repeated."""
    upgrade()
    with unit_of_work() as session:
        policies.load_standard(session)
        definitions.load_files(session)
