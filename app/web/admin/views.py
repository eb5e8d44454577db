"""Brings the views of the administration together."""

from app.web.admin import holidays, policies
from app.web.admin.blueprint import admin as blueprint

__all__ = ["blueprint", "holidays", "policies"]
