"""The `flask` commands, one file per group."""

from flask import Flask

from app.cli.check import check
from app.cli.demo import demo
from app.cli.prepare import prepare
from app.cli.process import process
from app.commands.attendance import attendance
from app.commands.intake import intake
from app.commands.token import token
from app.commands.user import user

COMMANDS = (prepare, demo, intake, attendance, user, token, process, check)


def register(app: Flask) -> None:
    for command in COMMANDS:
        app.cli.add_command(command)
