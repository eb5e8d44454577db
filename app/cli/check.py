"""`flask check`: house rules that need the application but no data."""

import sys

import click
from flask import current_app
from flask.cli import AppGroup, with_appcontext

from app.cli.template_rules import problems_of, template_names

check = AppGroup("check", help="Reglas de la casa.")


@check.command("templates")
@with_appcontext
def templates() -> None:
    """Revisa que toda plantilla compile, encuentre las que nombra y no lleve script ni estilo en línea."""
    names = template_names()
    problems = [problem for name in names for problem in problems_of(name, current_app.jinja_env)]
    for problem in problems:
        click.echo(problem, err=True)
    if problems:
        sys.exit(1)
    click.echo(f"{len(names)} plantillas revisadas.")
