"""Where factories put their rows: the session of the test that runs, and the application its stories need."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from flask import Flask
from sqlalchemy.orm import Session

SESSIONS = ("session", "live_session")


@dataclass
class Arranged:
    """Set for the time of one test; a factory used without a session fails at once."""

    _session: Session | None = None
    _app: Flask | None = None

    @property
    def session(self) -> Session:
        assert self._session is not None, "Ask for the fixture `session` or `live_session` to use factories."
        return self._session

    @property
    def app(self) -> Flask:
        assert self._app is not None
        return self._app

    def use(self, session: Session | None, app: Flask | None) -> None:
        self._session, self._app = session, app


arranged = Arranged()


@pytest.fixture(autouse=True)
def factories_arrange_in_the_session(request: pytest.FixtureRequest) -> Iterator[None]:
    """Factories write where the test looks."""
    name = next((name for name in SESSIONS if name in request.fixturenames), None)
    if name is None:
        yield
        return
    arranged.use(request.getfixturevalue(name), request.getfixturevalue("app"))
    yield
    arranged.use(None, None)
