"""The `flask` commands, one file per group."""

from flask import Flask

from app.cli.attendance import attendance
from app.cli.audit import audit
from app.cli.check import check
from app.cli.demo import demo
from app.cli.intake import intake
from app.cli.keys import keys
from app.cli.log import log
from app.cli.prepare import prepare
from app.cli.process import process
from app.cli.token import token
from app.cli.user import user

COMMANDS = (prepare, demo, intake, attendance, user, token, process, check, audit, keys, log)


def register(app: Flask) -> None:
    for command in COMMANDS:
        app.cli.add_command(command)
