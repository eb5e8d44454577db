"""The operators' blueprint; each file of this folder hangs its views on it."""

from flask import Blueprint

operations = Blueprint("operations", __name__)
