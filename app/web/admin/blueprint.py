"""The administration's blueprint; each file of this folder hangs its views on it."""

from flask import Blueprint

admin = Blueprint("admin", __name__)
