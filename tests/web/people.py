"""Somebody of a profile, signed in."""

from typing import Any

from flask.testing import FlaskClient

from app.domain.permissions import Profile
from app.models import TrainingAction
from tests.factories import PersonFactory
from tests.web.visitor import Visitor

ADMIN = Profile.PROVIDER_NATIONAL_ADMIN


def enter(client: FlaskClient, profile: Profile, organisation: Any = None, region: str | None = None) -> Visitor:
    visitor = Visitor(client)
    visitor.enter(PersonFactory(profiles=[(profile, organisation, region)]), profile, organisation)
    return visitor


def as_provider(client: FlaskClient, action: TrainingAction) -> Visitor:
    return enter(client, ADMIN, action.otec)
