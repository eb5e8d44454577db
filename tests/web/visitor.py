"""Somebody at the pages: signed in with a profile, reads a page, fills its form and presses a button by its words."""

from dataclasses import dataclass

from bs4 import BeautifulSoup, Tag
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.domain.permissions import Profile
from app.models import Organisation, Person
from app.web.access import AUTHENTICATED_BY, ORGANISATION, PERSON, PROFILE


@dataclass
class Visitor:
    client: FlaskClient

    def enter(self, person: Person, profile: Profile, organisation: Organisation | None = None) -> None:
        """A session as the pages of sign-in and profile leave it."""
        with self.client.session_transaction() as session:
            session[PERSON] = person.id
            session[AUTHENTICATED_BY] = "cus"
            session[PROFILE] = profile.value
            session[ORGANISATION] = organisation.id if organisation else None

    def read(self, address: str, status: int = 200) -> BeautifulSoup:
        return page_of(self.client.get(address), status)

    def fill(self, page: BeautifulSoup, button: str, **fields: str) -> dict[str, str]:
        return filled(page, button, **fields)

    def send(self, address: str, button: str, **fields: str) -> TestResponse:
        return self.client.post(address, data=self.fill(self.read(address), button, **fields))


def filled(page: BeautifulSoup, button: str, **fields: str) -> dict[str, str]:
    """What a browser would send when `button` is pressed, `fields` typed over what the form holds."""
    form = form_of(page)
    held = {str(tag["name"]): str(tag.get("value", "")) for tag in form.select("input[name]")}
    held |= {str(tag["name"]): tag.text for tag in form.select("textarea[name]")}
    unknown = fields.keys() - held.keys()
    assert not unknown, f"The form has no {unknown}"
    pressed = next(tag for tag in form.select("button") if tag.text.strip() == button)
    name = pressed.get("name")
    return held | fields | ({str(name): str(pressed["value"])} if name else {})


def form_of(page: BeautifulSoup) -> Tag:
    (form,) = page.select("main form[method=post]")
    return form


def page_of(response: TestResponse, status: int = 200) -> BeautifulSoup:
    assert response.status_code == status, f"{response.status_code} {response.headers.get('Location')}"
    return BeautifulSoup(response.text, "lxml")


def errors_of(page: BeautifulSoup) -> list[str]:
    """The sentences of the error summary."""
    return [" ".join(item.text.split()) for item in page.select(".govuk-error-summary__list li")]


def words(page: Tag, selector: str = "main") -> str:
    (found,) = page.select(selector)
    return " ".join(found.text.split())
