"""The inbox of an office and the pages on which its tasks are resolved."""

from flask import Blueprint

blueprint = Blueprint("inbox", __name__)
