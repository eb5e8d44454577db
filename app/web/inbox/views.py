"""Brings the inbox's views together."""

from app.web.inbox import listing, task
from app.web.inbox.blueprint import inbox as blueprint

__all__ = ["blueprint", "listing", "task"]
