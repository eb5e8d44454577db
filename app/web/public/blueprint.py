"""The blueprints of what is public, pages and answers for programs; each file of this folder hangs its views on one."""

from flask import Blueprint

public = Blueprint("public", __name__)
machines = Blueprint("public_json", __name__)
