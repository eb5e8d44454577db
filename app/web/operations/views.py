"""Brings the operators' views together."""

from app.web.operations import incidents, mail
from app.web.operations.blueprint import operations as blueprint

__all__ = ["blueprint", "incidents", "mail"]
