"""Buttons of the studio's pages, pressed by their words: a page has several forms."""

from collections.abc import Mapping

from bs4 import BeautifulSoup, Tag
from werkzeug.test import TestResponse

from tests.web.visitor import Visitor, errors_of, page_of


def held(form: Tag) -> dict[str, str]:
    """What a browser would send of a form as it stands, no button pressed."""
    found = {str(tag["name"]): str(tag.get("value", "")) for tag in form.select("input[name]:not([type=checkbox])")}
    found |= {str(tag["name"]): "1" for tag in form.select("input[type=checkbox][checked]")}
    found |= {str(tag["name"]): tag.text.removeprefix("\n") for tag in form.select("textarea[name]")}
    for tag in form.select("select[name]"):
        chosen = tag.select("option[selected]") or tag.select("option")
        found[str(tag["name"])] = str(chosen[0]["value"])
    return found


def press(visitor: Visitor, where: str, button: str, **typed: str) -> TestResponse:
    return press_on(visitor, visitor.read(where), where, button, typed)


def press_on(visitor: Visitor, page: BeautifulSoup, where: str, button: str, typed: Mapping[str, str]) -> TestResponse:
    """Press the first button with these words, `typed` over what its form holds."""
    pressed = next(tag for tag in page.select("main form button") if tag.text.strip() == button)
    form = pressed.find_parent("form")
    assert form is not None
    fields = held(form)
    # On the page of a trial its own fields are told from those of the task.
    typed = {key if key in fields else f"trial-{key}": text for key, text in typed.items()}
    assert typed.keys() <= fields.keys(), typed.keys() - fields.keys()
    if pressed.get("name"):
        fields[str(pressed["name"])] = str(pressed["value"])
    to = pressed.get("formaction") or form.get("action", where)
    return visitor.client.post(str(to), data={**fields, **typed})


def on(visitor: Visitor, address: str, button: str, **typed: str) -> BeautifulSoup:
    """The page one comes to."""
    answer = press(visitor, address, button, **typed)
    assert answer.status_code == 303, errors_of(page_of(answer, answer.status_code))
    return visitor.read(str(answer.headers["Location"]))
