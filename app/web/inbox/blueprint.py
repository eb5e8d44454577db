"""The inbox's blueprint; each file of this folder hangs its views on it."""

from flask import Blueprint

inbox = Blueprint("inbox", __name__)
