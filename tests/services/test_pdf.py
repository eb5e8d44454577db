"""The certificate's PDF: everything the handbook prints, as text that can be read back, and nothing fetched."""

import logging
from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from pypdf import PdfReader
from xhtml2pdf.config.resources import ResourceAccessPolicy
from xhtml2pdf.document import pisaDocument

from app.adapters import pdf
from app.adapters.pdf import render_certificate
from app.domain.document import CertificateDocument, Issuer, ParticipantLine, Party, PreviousFolio

MARIA = ParticipantLine("12.345.678-5", "María Ñancupil Güell", "74.99", 74)
DOCUMENT = CertificateDocument(
    title="Certificado de asistencia",
    folio="12-2026",
    issued_at=datetime(2026, 3, 4, 2, 30, tzinfo=UTC),
    time_zone="America/Santiago",
    activity_label="Dentro del año calendario",
    line_label="Franquicia Tributaria",
    action_code="6412345",
    action_name="Soldadura al arco y prevención de riesgos",
    sence_code="1238012345",
    modality_label="Presencial",
    region_name="Libertador General Bernardo O'Higgins",
    commune="Peñaflor",
    credited_hours="132",
    starts_on=date(2026, 1, 5),
    ends_on=date(2026, 2, 27),
    otec=Party("76.000.006-K", "Centro de Formación Ñuñoa Limitada"),
    company=Party("76.000.000-0", "Minera Los Álamos & Compañía"),
    otic=Party("1.000.005-K", "OTIC Sur Órgano"),
    document_reference="F-000123",
    participants=(MARIA,),
    issuer=Issuer("Rosa Sepúlveda Peña", "11.111.111-1", "Centro de Formación Ñuñoa Limitada", "76.000.006-K"),
    policy_id="GCA-1",
    verification_code="7F3K9QWM2XRT4BCD8HJN5PVY6Z",
    verification_url="https://constancia.example/v/7F3K9QWM2XRT4BCD8HJN5PVY6Z",
)
PREVIEW = replace(DOCUMENT, folio=None, issued_at=None, verification_code=None, verification_url=None)
PRINTED = [
    *("Certificado de asistencia", "12-2026", "Dentro del año calendario", "Franquicia Tributaria", "Presencial"),
    *("6412345", "1238012345", "Soldadura al arco y prevención de riesgos", "132", "05/01/2026", "27/02/2026"),
    *("Libertador General Bernardo O'Higgins", "Peñaflor", "F-000123", "GCA-1"),
    *("76.000.006-K", "Centro de Formación Ñuñoa Limitada", "76.000.000-0", "Minera Los Álamos & Compañía"),
    *("1.000.005-K", "OTIC Sur Órgano", "12.345.678-5", "María Ñancupil Güell", "74 %", "74,99 %"),
    *("Rosa Sepúlveda Peña", "11.111.111-1", "7F3K-9QWM-2XRT-4BCD-8HJN-5PVY-6Z"),
    *("https://constancia.example/v/7F3K9QWM2XRT4BCD8HJN5PVY6Z", "Página 1 de 1"),
]
HOSTILE = [
    *("Ana <b>Pérez</b> & Cía", "[[[ Luis", "{{ 7*7 }} {% if %}", "</td></table><h1>Otro", "&lt;i&gt; &#60;"),
    *("<pdf:pagenumber>", "<!-- Eva", "=1+1", "url(file:///etc/hostname)", "<img src='x.png'>"),
]


@pytest.fixture(scope="module")
def page_text() -> str:
    return _text(render_certificate(DOCUMENT))


@pytest.mark.parametrize("value", PRINTED)
def test_everything_the_handbook_prints_can_be_read_back(page_text: str, value: str) -> None:
    assert value in page_text


def test_the_date_of_issue_is_the_one_of_the_place_and_not_of_greenwich(page_text: str) -> None:
    assert "3 de marzo de 2026, 23:30 horas (America/Santiago, UTC-03:00)" in " ".join(page_text.split())


def test_parties_that_do_not_take_part_are_said_not_to() -> None:
    assert _text(render_certificate(replace(DOCUMENT, company=None, otic=None))).count("No interviene") == 2


def test_the_chain_of_earlier_folios_stays_in_sight() -> None:
    chain = (
        PreviousFolio("3-2026", date(2026, 2, 28), "Un RUT mal escrito."),
        PreviousFolio("7-2026", date(2026, 3, 1), "Faltaba la factura."),
    )

    text = _text(render_certificate(replace(DOCUMENT, previous_folios=chain)))

    for value in ("reemplaza", "3-2026", "28/02/2026", "Un RUT mal escrito.", "7-2026", "01/03/2026"):
        assert value in text


@pytest.mark.parametrize(("count", "pages"), [(1, 1), (30, 2), (300, 10)])
def test_every_participant_is_there_once_and_each_page_repeats_the_head(count: int, pages: int) -> None:
    people = tuple(replace(MARIA, name=f"Persona{number:04d} Núñez") for number in range(count))

    reader = PdfReader(BytesIO(render_certificate(replace(DOCUMENT, participants=people))))

    texts = [page.extract_text() for page in reader.pages]
    assert len(texts) == pages
    assert all(sum(text.count(f"Persona{number:04d} ") for text in texts) == 1 for number in range(count))
    assert all("Con decimales" in text for text in texts if "Persona" in text)
    assert all(f"Página {number} de {pages}" in text for number, text in enumerate(texts, start=1))


def test_the_same_document_is_always_the_same_bytes_created_at_the_issue() -> None:
    first = render_certificate(DOCUMENT)

    assert render_certificate(CertificateDocument.from_snapshot(DOCUMENT.to_snapshot())) == first
    information = PdfReader(BytesIO(first)).metadata
    assert information is not None
    assert information.creation_date == DOCUMENT.issued_at
    assert information.title == "Certificado de asistencia 12-2026"


def test_pages_are_a4_and_letters_travel_with_the_file() -> None:
    (page,) = PdfReader(BytesIO(render_certificate(DOCUMENT))).pages

    assert [round(float(side)) for side in page.mediabox[2:]] == [595, 842]
    resources: Any = page["/Resources"]
    fonts = [font.get_object() for font in resources["/Font"].values()]
    embedded = {font["/BaseFont"] for font in fonts if "/FontFile2" in font.get("/FontDescriptor", {})}
    assert embedded == {"/AAAAAA+SourceSans3-Regular", "/AAAAAA+SourceSans3-SemiBold"}


def test_the_qr_is_drawn_in_lines_and_not_in_pixels() -> None:
    issued, preview = render_certificate(DOCUMENT), render_certificate(PREVIEW, draft=True)

    assert _pictures(issued) == 0
    assert _drawn_lines(issued) > _drawn_lines(preview) + 300


def test_a_draft_says_so_on_every_page_and_the_issued_one_never() -> None:
    people = (MARIA,) * 60

    draft = PdfReader(BytesIO(render_certificate(replace(PREVIEW, participants=people), draft=True)))

    assert len(draft.pages) > 1
    assert all("BORRADOR" in page.extract_text() for page in draft.pages)
    assert "BORRADOR" not in _text(render_certificate(DOCUMENT))


def test_a_document_without_folio_is_never_rendered_as_a_certificate() -> None:
    with pytest.raises(ValueError, match="draft"):
        render_certificate(PREVIEW)


@pytest.fixture(scope="module")
def hostile_text() -> str:
    return _text(
        render_certificate(replace(DOCUMENT, participants=tuple(replace(MARIA, name=name) for name in HOSTILE)))
    )


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_stay_text(hostile_text: str, name: str) -> None:
    assert name in hostile_text


def test_invisible_marks_and_line_breaks_leave_nothing_but_readable_text() -> None:
    assert "ana maría" in _text(render_certificate(_with_name("a\u202ena\u200f\nm\u00adaría\x00")))


@pytest.mark.parametrize("name", ["palabra " * 500, "X" * 4000], ids=["words", "one-word"])
def test_a_name_of_four_thousand_letters_is_printed_whole(name: str) -> None:
    text = "".join(_text(render_certificate(_with_name(name))).split())

    assert text.count("palabra") + text.count("X") >= name.count("palabra") + name.count("X")


def test_a_name_never_reaches_the_log(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        render_certificate(_with_name("Zenobia 中文"))

    assert "Zenobia" not in caplog.text


def test_no_address_in_a_name_is_ever_visited(visits: tuple[str, list[str]]) -> None:
    address, seen = visits

    render_certificate(_with_name(f'<img src="{address}/a.png"><link rel="stylesheet" href="{address}/b.css">'))

    assert seen == []


def test_even_markup_that_got_through_can_fetch_nothing(visits: tuple[str, list[str]]) -> None:
    address, seen = visits
    markup = f"""<html><head><link rel="stylesheet" href="{address}/a.css"><style>
        @import url("{address}/b.css"); @font-face {{ font-family: Q; src: url("{address}/c.ttf"); }}
        p {{ font-family: Q; background-image: url("{address}/d.png"); }}</style></head>
        <body><p>Hola</p><img src="{address}/e.png"></body></html>"""

    pdf._laid_out(markup)

    assert seen == []
    # The same markup under an open policy is visited: the server does count.
    pisaDocument(markup, BytesIO(), resource_policy=ResourceAccessPolicy(allow_private_networks=True))
    assert seen


def test_even_markup_that_got_through_can_read_no_file_outside_its_folders(tmp_path: Path) -> None:
    secret = tmp_path / "secret.png"
    Image.new("RGB", (20, 20), "red").save(secret)
    markup = f'<p>Hola</p><img src="{secret}"><img src="file://{secret}">'

    assert _pictures(pdf._laid_out(markup)) == 0
    opened = BytesIO()
    pisaDocument(markup, opened, resource_policy=ResourceAccessPolicy(base_dir=tmp_path))
    assert _pictures(opened.getvalue()) > 0


def _with_name(name: str) -> CertificateDocument:
    return replace(DOCUMENT, participants=(replace(MARIA, name=name),))


def _text(data: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(data)).pages)


def _drawn_lines(data: bytes) -> int:
    contents = PdfReader(BytesIO(data)).pages[0].get_contents()
    assert contents is not None
    return contents.get_data().count(b" l")


def _pictures(data: bytes) -> int:
    return sum(len(page.images) for page in PdfReader(BytesIO(data)).pages)
