"""`flask prepare`: what a database needs before anybody uses it, at the first start and after every update."""

import sys

import click
from flask import current_app
from flask.cli import with_appcontext
from flask_migrate import upgrade

from app.adapters import roles
from app.adapters.log_key import LogKey
from app.adapters.signer import authority
from app.config import Settings
from app.models.history_tables import HISTORY, LOCKED, WORKED_ON, frozen
from app.process import deadlines, definitions
from app.services import policies, separation, transparency
from app.unit_of_work import reading, unit_of_work

KEY_LOST = (
    "El registro público ya tiene cabezas firmadas y falta su llave en {path}. Repóngala desde el respaldo; "
    "si se perdió, cree otra con `flask keys create log` y publique su huella."
)

NO_ROLE = (
    "Falta el rol {role} de DATABASE_URL y el de DATABASE_OWNER_URL no puede crearlo. Pida al administrador de la base: "
    "CREATE ROLE {role} LOGIN PASSWORD '…'; y repita `flask prepare`."
)


@click.command("prepare")
@with_appcontext
def prepare() -> None:
    """Crea o actualiza las tablas, cuida el historial, carga los diagramas nuevos y, la primera vez, crea la llave del registro."""
    bring_up_to_date()
    with reading() as session:
        if not separation.holds(session):
            click.echo(separation.NOT_SEPARATED, err=True)
    click.echo("La base de datos está al día.")


def bring_up_to_date() -> None:
    """Migrate, then add what every database needs: rights, policy GCA-1, diagrams, timers of tasks older than them, a key.

    Harmless when repeated.
    """
    upgrade()
    hold_history(current_app.extensions["settings"])
    with unit_of_work() as session:
        policies.load_standard(session)
        definitions.load_files(session)
    while _give_timers():
        pass
    have_log_key(current_app.extensions["log_key"])
    have_demo_authority(current_app.extensions["settings"])


def hold_history(settings: Settings) -> None:
    """Have the tables of history refuse changes, and the application's role, if it is another, lack the right to them."""
    history = [roles.Table(name, frozen(name), HISTORY[name], name in LOCKED) for name in HISTORY]
    with roles.connect(settings.owner_url) as owner:
        roles.hold_history(owner, history)
        try:
            roles.grant(owner, settings.database_url, history, WORKED_ON)
        except roles.NoSuchRole as missing:
            sys.exit(NO_ROLE.format(role=missing))


def have_demo_authority(settings: Settings) -> None:
    """Make the demonstration authority where it is what signs; a key that somebody named is never made up."""
    path = settings.demo_signing_key
    if settings.signing_key == str(path) and not path.exists():
        authority.create(path, settings.signing_passphrase)


def have_log_key(key: LogKey) -> None:
    """Make the log's key at the first start; later a missing one is a loss that somebody has to know of."""
    if key.exists():
        return
    with reading() as session:
        if transparency.latest(session) is not None:
            sys.exit(KEY_LOST.format(path=key.path))
    key.create()


def _give_timers() -> int:
    with unit_of_work() as session:
        return deadlines.give_missing(session)
