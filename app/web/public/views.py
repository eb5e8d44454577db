"""Brings the public views together, and for programs the way of telling problems."""

from flask_limiter.errors import RateLimitExceeded

from app.web.api import problems
from app.web.public import transparency, transparency_json
from app.web.public.blueprint import machines, public
from app.web.public.verification import verification

machines.register_error_handler(problems.Problem, problems.answer)
machines.register_error_handler(RateLimitExceeded, problems.of_limit)

__all__ = ["machines", "public", "transparency", "transparency_json", "verification"]
