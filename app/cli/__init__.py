"""The `flask` commands, one file per group."""

from flask import Flask

from app.cli.check import check
from app.cli.demo import demo
from app.cli.process import process

GROUPS = (check, demo, process)


def register(app: Flask) -> None:
    for group in GROUPS:
        app.cli.add_command(group)
