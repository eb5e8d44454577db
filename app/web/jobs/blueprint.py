"""The blueprint of long works; each file of this folder hangs its views on it."""

from flask import Blueprint

jobs = Blueprint("jobs", __name__)
