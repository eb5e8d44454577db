"""Brings the views of long works together."""

from app.web.jobs import recomputing, watching
from app.web.jobs.blueprint import jobs as blueprint

__all__ = ["blueprint", "recomputing", "watching"]
