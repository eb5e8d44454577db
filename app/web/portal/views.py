"""Brings the portal's views together."""

from app.web.portal import (
    accessible,
    annulment,
    attendance_files,
    certificate,
    corrections,
    course,
    draft,
    exports,
    help,
    hours,
    issuance,
    participants,
    profile,
    retroactive,
    search,
    sign_in,
)
from app.web.portal.blueprint import portal as blueprint

__all__ = [
    "accessible",
    "annulment",
    "attendance_files",
    "blueprint",
    "certificate",
    "corrections",
    "course",
    "draft",
    "exports",
    "help",
    "hours",
    "issuance",
    "participants",
    "profile",
    "retroactive",
    "search",
    "sign_in",
]
