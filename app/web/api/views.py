"""Brings the interface's views and its way of telling problems together."""

from flask_limiter.errors import RateLimitExceeded
from sqlalchemy.exc import OperationalError

from app.domain.errors import Refusal
from app.web.api import marks, problems
from app.web.api.blueprint import api as blueprint

blueprint.register_error_handler(problems.Problem, problems.answer)
blueprint.register_error_handler(Refusal, problems.of_refusal)
blueprint.register_error_handler(RateLimitExceeded, problems.of_limit)
blueprint.register_error_handler(OperationalError, problems.of_outage)

__all__ = ["blueprint", "marks"]
