"""`flask demo load`: the demo's data into the database, or written as the files a provider would send."""

from pathlib import Path

import click
from flask.cli import with_appcontext

from app import demo as demo_data
from app.demo import folder


@click.command("load")
@click.option("--actions", default=60, show_default=True, type=click.IntRange(min=1), help="Cuántos cursos.")
@click.option("--seed", default=demo_data.SEED, show_default=True, help="Semilla: la misma da los mismos datos.")
@click.option("--to", type=click.Path(path_type=Path, file_okay=False), help="Solo escribe los CSV en esta carpeta.")
@with_appcontext
def load(actions: int, seed: int, to: Path | None) -> None:
    """Carga datos de demostración; la segunda vez no cambia nada."""
    if to is not None:
        folder.write(demo_data.generate(actions, seed), to)
        click.echo(f"Escritos en {to}. Cárguelos con: flask intake load {to}")
        return
    loaded = demo_data.load(actions, seed)
    click.echo(f"{loaded.new} registros nuevos, {loaded.brought} certificados puestos en su estado.")
