"""Brings the views of the administration together."""

from app.web.admin import policies
from app.web.admin.blueprint import admin as blueprint

__all__ = ["blueprint", "policies"]
