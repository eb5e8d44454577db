"""The interface's blueprint; each file of this folder hangs its views on it."""

from flask import Blueprint

api = Blueprint("api", __name__, url_prefix="/api/v1")
