"""Brings the portal's views together."""

from app.web.portal import (
    annulment,
    certificate,
    course,
    exports,
    help,
    issuance,
    participants,
    profile,
    retroactive,
    search,
    sign_in,
)
from app.web.portal.blueprint import portal as blueprint

__all__ = [
    "annulment",
    "blueprint",
    "certificate",
    "course",
    "exports",
    "help",
    "issuance",
    "participants",
    "profile",
    "retroactive",
    "search",
    "sign_in",
]
