"""Somebody at the editor of a draft of their own."""

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext
from sqlalchemy.orm import Session

from app.models import Person, ProcessDraft
from tests.browser.editing import Editor, open_editor, sign_in
from tests.studio.analysts import address, analyst, at_the_studio, begun

NewContext = Callable[..., BrowserContext]
WIDE = {"width": 1280, "height": 900}


@pytest.fixture
def author(live_session: Session) -> Person:
    person = analyst()
    live_session.commit()
    return person


@pytest.fixture
def draft(live_session: Session, author: Person) -> ProcessDraft:
    draft = begun(live_session, author)
    live_session.commit()
    return draft


@pytest.fixture
def at_work(live: Flask, live_server: str, new_context: NewContext) -> Callable[..., BrowserContext]:
    """Somebody's browser, signed in as an analyst."""

    def begin(person: Person, **options: object) -> BrowserContext:
        context = new_context(**{"viewport": WIDE, **options})
        return sign_in(context, at_the_studio(live.test_client(), person), live_server)

    return begin


@pytest.fixture
def editor(at_work: Callable[..., BrowserContext], author: Person, draft: ProcessDraft, live_server: str) -> Editor:
    return open_editor(at_work(author), live_server + address(draft))
