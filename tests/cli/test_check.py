"""What a strict content policy would block is found before anybody sees a dead page."""

from pathlib import Path

import pytest
from flask import Flask

from app.cli import template_rules


@pytest.fixture
def problems(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> "Problems":
    monkeypatch.setattr(template_rules, "FOLDER", tmp_path)
    return Problems(app, tmp_path)


class Problems:
    def __init__(self, app: Flask, folder: Path) -> None:
        self._app = app
        self._folder = folder

    def of(self, source: str) -> list[str]:
        (self._folder / "page.html").write_text(source)
        return list(template_rules.problems_of("page.html", self._app.jinja_env))


@pytest.mark.parametrize(
    ("source", "what"),
    [
        ("<script>alert(1)</script>", "lleva un <script> en línea"),
        ("<style>p {}</style>", "lleva un <style> en línea"),
        ('<p class="a" style="color: red">', "lleva un atributo style"),
        ('<a href="/" onclick="go()">', "lleva un atributo on…"),
        ('{% extends "layout/nowhere.html" %}', "nombra «layout/nowhere.html», que no existe"),
        ("{% if %}", "no compila"),
    ],
)
def test_a_template_the_policy_or_jinja_would_refuse_is_told(problems: Problems, source: str, what: str) -> None:
    assert [what in problem for problem in problems.of(source)] == [True]


@pytest.mark.parametrize(
    "source",
    [
        '<script src="/app.js" defer></script>',
        '<script type="application/json" id="x">{}</script>',
        '<button type="submit" onclick="IniciarClaveUnica()">',
        '{% extends "layout/page.html" %}',
        "<p>Los días style = on</p>",
    ],
)
def test_what_the_policy_allows_is_allowed(problems: Problems, source: str) -> None:
    assert problems.of(source) == []
