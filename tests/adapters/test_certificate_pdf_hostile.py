"""Texts that want to be more than text: in a certificate they are read, and do nothing."""

import logging
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from jinja2 import UndefinedError
from PIL import Image
from reportlab.platypus import Flowable
from xhtml2pdf.config.resources import ResourceAccessPolicy
from xhtml2pdf.document import pisaStory

from app.adapters.pdf import certificate, markup
from app.adapters.pdf.certificate import render_certificate
from app.adapters.pdf.paper import Sheet, on_paper
from app.domain.certificate_text import text_of
from app.domain.document import Issuer, Party
from tests.support.documents import DOCUMENT, pictures_in, read, texts, texts_as_shown, with_name, words

HOSTILE = [
    *("Ana <b>Pérez</b> & Cía", "[[[ Luis", "[[[red]]] Iris", "{{ 7*7 }} {% if %}", "</td></table><h1>Otro"),
    *(
        "&lt;i&gt; &#60;",
        "<pdf:pagenumber>",
        '<drawn name="qr">',
        "<!-- Eva",
        "=1+1",
        "@SUM(1;2)",
        "+cmd|' /C calc'!A0",
    ),
    *("url(file:///etc/hostname)", "<img src='file:///etc/passwd'>", "http://x.example/a.png", "§0§ §99§"),
    *("\\3c img\\3e", "} body { color: red", "%PDF-1.7 endobj", "(paréntesis) \\ )Tj", "<para><font size=60>Eva"),
    *("<a href='javascript:alert(1)'>Ir</a>", "<![CDATA[Eva]]>", "%s %(x)s {0}"),
]
SHEET = Sheet("Hoja", "", "", "", "", link=None, is_draft=False, created_at=None)


@pytest.fixture(scope="module")
def hostile() -> bytes:
    """Every text in every place where one can be: a name, and what institutions and courses are called."""
    names = tuple(replace(DOCUMENT.participants[0], name=name) for name in HOSTILE)
    everything = " ".join(HOSTILE)
    return render_certificate(
        replace(
            DOCUMENT,
            action_name=everything,
            otec=Party("1-9", everything),
            document_reference=everything,
            issuer=Issuer(everything, "1-9", everything, "1-9"),
            participants=names,
        )
    )


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_text_is_read_back_as_it_was_written_wherever_it_stands(hostile: bytes, text: str) -> None:
    everything = "".join("".join(texts_as_shown(hostile)).split())

    # The course, the institution twice, the reference, the issuer, and the participant's own line.
    assert everything.count("".join(text.split())) >= 6


def test_a_hostile_text_brings_no_link_no_picture_and_no_action(hostile: bytes) -> None:
    reader = read(hostile)

    links = {str(one.get_object()["/A"]["/URI"]) for page in reader.pages for one in page.get("/Annots", [])}
    assert all(link.startswith("https://constancia.example/v/") for link in links)
    assert pictures_in(hostile) == 0
    assert set(reader.root_object) <= {"/Type", "/Pages", "/PageMode", "/Lang", "/ViewerPreferences", "/Outlines"}


def test_invisible_marks_and_line_breaks_leave_nothing_but_readable_text() -> None:
    text = texts(render_certificate(with_name("a\u202ena\u200f\nm\u00adaría\x00 \x1b[31mroja\u2066")))[0]

    assert "ana maría [31mroja" in text
    assert all(character.isprintable() or character == "\n" for character in text)


def test_an_accent_that_came_apart_from_its_letter_is_joined_to_it() -> None:
    assert "Ñandú" in texts(render_certificate(with_name("N\u0303andu\u0301")))[0]


@pytest.mark.parametrize("reader", [texts, texts_as_shown])
def test_a_character_without_a_drawing_is_seen_to_be_missing(reader: Callable[[bytes], list[str]]) -> None:
    text = words(reader(render_certificate(with_name("Zoé 😀 中文 Pérez")))[0])

    assert "Zoé □ □□ Pérez" in text


@pytest.mark.parametrize("name", ["palabra " * 500, "X" * 4000], ids=["words", "one-word"])
def test_a_name_of_four_thousand_letters_is_printed_whole(name: str) -> None:
    text = "".join("".join(texts(render_certificate(with_name(name)))).split())

    assert text.count("palabra") == name.count("palabra")
    assert text.count("X") >= name.count("X")


@pytest.mark.parametrize("name", ["palabra " * 1500, "Y" * 9000], ids=["words", "one-word"])
def test_an_institution_whose_name_fills_pages_is_printed_whole(name: str) -> None:
    document = replace(DOCUMENT, otec=Party("1-9", name), issuer=Issuer(name, "1-9", name, "1-9"))

    text = "".join("".join(texts(render_certificate(document))).split())

    assert text.count("palabra") == name.count("palabra") * 3
    assert text.count("Y") >= name.count("Y") * 3


def test_a_name_never_reaches_the_log(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        render_certificate(with_name("Zenobia 中文"))

    assert "Zenobia" not in caplog.text


def test_no_address_in_a_name_is_ever_visited(visits: tuple[str, list[str]]) -> None:
    address, seen = visits

    render_certificate(with_name(f'<img src="{address}/a.png"><link rel="stylesheet" href="{address}/b.css">'))

    assert seen == []


def test_even_markup_that_got_through_can_fetch_nothing(visits: tuple[str, list[str]]) -> None:
    address, seen = visits
    page = f"""<html><head><link rel="stylesheet" href="{address}/a.css"><style>
        @import url("{address}/b.css"); @font-face {{ font-family: Q; src: url("{address}/c.ttf"); }}
        p {{ font-family: Q; background-image: url("{address}/d.png"); }}</style></head>
        <body><p>Hola</p><img src="{address}/e.png"></body></html>"""

    on_paper(markup.story(page, styles=""), SHEET)

    assert seen == []
    # The same markup under an open policy is visited: the server does count.
    pisaStory(page, resource_policy=ResourceAccessPolicy(allow_private_networks=True))
    assert seen


def test_even_markup_that_got_through_can_read_no_file(tmp_path: Path) -> None:
    secret = tmp_path / "secret.png"
    Image.new("RGB", (20, 20), "red").save(secret)
    page = f'<p>Hola</p><img src="{secret}"><img src="file://{secret}">'

    assert pictures_in(on_paper(markup.story(page, styles=""), SHEET)) == 0
    opened: list[Flowable] = pisaStory(page, resource_policy=ResourceAccessPolicy(base_dir=tmp_path)).story
    assert pictures_in(on_paper(opened, SHEET)) > 0


def test_a_name_that_the_page_does_not_know_is_an_error() -> None:
    with pytest.raises(UndefinedError):
        certificate._pages.from_string("{{ text.folios }}").render(text=text_of(DOCUMENT))
