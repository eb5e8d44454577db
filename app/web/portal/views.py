"""Brings the portal's views together."""

from app.web.portal.blueprint import portal as blueprint

__all__ = ["blueprint"]
