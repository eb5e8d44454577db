"""A draft with its scenarios, whoever wrote it, and that person at the studio's pages."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.models import Person, ProcessDraft
from tests.studio.analysts import analyst, at_the_studio, with_scenarios
from tests.web.visitor import Visitor


@pytest.fixture
def author(session: Session) -> Person:
    return analyst()


@pytest.fixture
def draft(session: Session, author: Person) -> ProcessDraft:
    return with_scenarios(session, author, "annulment")


@pytest.fixture
def visitor(client: FlaskClient, author: Person) -> Visitor:
    return at_the_studio(client, author)
