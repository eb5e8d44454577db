"""The studio's blueprints: pages for analysts, and what their editor asks for and sends as JSON."""

from flask import Blueprint

PREFIX = "/procesos"
studio = Blueprint("studio", __name__, url_prefix=PREFIX)
machine = Blueprint("studio_machine", __name__, url_prefix=PREFIX)
