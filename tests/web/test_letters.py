"""Correos: what an operator sees of the sending, and what nobody gets out of a letter shown on a page."""

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.adapters.mail import PostOffice, Smtp
from app.adapters.mail_folder import MailFolder
from app.domain.permissions import Profile
from tests.support.letters import DIRECTOR, ISSUER, SITE, certificate_at, send_all
from tests.web.people import enter
from tests.web.visitor import Visitor, words

SENDER = "Constancia <avisos@constancia.example>"


@pytest.fixture
def folder(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> MailFolder:
    kept = MailFolder(tmp_path)
    monkeypatch.setitem(app.extensions, "post_office", PostOffice(kept, SENDER, SITE))
    return kept


@pytest.fixture
def operator(client: FlaskClient) -> Visitor:
    return enter(client, Profile.OPERATOR)


def keep_all(session: Session, folder: MailFolder) -> list[str]:
    """The letters of a request that waits, kept; their names, newest first."""
    certificate_at("issue", "request")
    for message in send_all(session).messages:
        folder.send(message)
    return list(folder.page(size=10).shown)


def test_the_letters_of_the_folder_are_listed_with_their_readers_masked(
    session: Session, folder: MailFolder, operator: Visitor
) -> None:
    names = keep_all(session, folder)

    page = operator.read("/correos")

    links = [str(link["href"]) for link in page.select("#correos a")]
    assert links == [f"/correos/{name}" for name in names]
    assert "e•••@otec.example" in words(page)
    assert not {ISSUER, DIRECTOR} & set(page.text.split())
    assert "3 de 3" in words(page)


def test_a_page_of_letters_leads_to_the_next_and_back(
    session: Session, folder: MailFolder, operator: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep_all(session, folder)
    monkeypatch.setattr("app.web.operations.mail.asked_size", lambda: 2)

    first = operator.read("/correos")
    second = operator.read(str(first.select_one("a[rel=next]")["href"]))  # type: ignore[index]

    assert (len(first.select("#correos tbody tr")), len(second.select("#correos tbody tr"))) == (2, 1)
    assert second.select_one("a[rel=prev]") is not None
    assert second.select_one("a[rel=next]") is None


def test_a_letter_is_shown_as_text_and_in_a_frame_that_can_do_nothing(
    session: Session, folder: MailFolder, operator: Visitor
) -> None:
    (name, *_) = keep_all(session, folder)

    answer = operator.client.get(f"/correos/{name}")
    page = operator.read(f"/correos/{name}")

    (frame,) = page.select("iframe")
    assert (frame["src"], frame["sandbox"]) == (f"/correos/{name}/html", [])
    assert "frame-src 'self'" in answer.headers["Content-Security-Policy"]
    assert f"{SITE}/" in words(page, "pre")
    assert not [address for address in (ISSUER, DIRECTOR) if address in answer.text]


def test_the_html_of_a_letter_runs_nothing_and_fetches_nothing(
    session: Session, folder: MailFolder, operator: Visitor
) -> None:
    (name, *_) = keep_all(session, folder)

    answer = operator.client.get(f"/correos/{name}/html")

    policy = answer.headers["Content-Security-Policy"].split("; ")
    assert {"default-src 'none'", "frame-ancestors 'self'", "sandbox"} <= set(policy)
    assert not [rule for rule in policy if rule.startswith(("script-src", "img-src", "form-action"))]


@pytest.mark.parametrize("name", ["..%2Fsecret_key", "20261123150000-" + "0" * 32, "x"])
@pytest.mark.parametrize("form", ["", "/html"])
def test_a_letter_that_is_not_there_is_not_found(folder: MailFolder, operator: Visitor, name: str, form: str) -> None:
    assert operator.client.get(f"/correos/{name}{form}").status_code == 404


def test_with_a_server_the_page_says_so_and_counts(
    session: Session, app: Flask, operator: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.extensions, "post_office", PostOffice(Smtp("smtp://u:clave@h"), SENDER, SITE))
    certificate_at("issue", "request")

    page = operator.read("/correos")

    assert "salen por el servidor SMTP" in words(page)
    assert words(page, "#cuenta-de-correos") == "Por enviar 3 Atendidos 0 Con incidente 0"
    assert page.select("#correos") == []
    assert "clave" not in page.text


@pytest.mark.parametrize("profile", [one for one in Profile if one is not Profile.OPERATOR])
def test_only_an_operator_sees_the_letters(client: FlaskClient, folder: MailFolder, profile: Profile) -> None:
    organisation = None
    if profile.value.startswith(("provider", "supervisor")):
        organisation = certificate_at().action.otec
    visitor = enter(client, profile, organisation, "13" if profile is Profile.REGIONAL_DIRECTOR else None)

    assert [visitor.client.get(path).status_code for path in ("/correos", "/correos/x", "/correos/x/html")] == [403] * 3
