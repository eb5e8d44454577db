"""The certificate's PDF: everything the handbook prints can be read back, and its file says what it is."""

import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
import zxingcpp

from app.adapters.pdf.certificate import render_certificate
from app.domain.document import CertificateDocument, PreviousFolio
from tests.support.documents import (
    CODE,
    DOCUMENT,
    PREVIEW,
    picture,
    pictures_in,
    read,
    texts,
    texts_as_shown,
    with_name,
    with_people,
    words,
)

PRINTED = [
    *("Certificado de asistencia", "12-2026", "Dentro del año calendario", "Franquicia Tributaria", "Presencial"),
    *("6412345", "1238012345", "Soldadura al arco y prevención de riesgos", "132", "05/01/2026", "27/02/2026"),
    *("Libertador General Bernardo O'Higgins", "Peñaflor", "F-000123", "GCA-1"),
    *("76.000.006-K", "Centro de Formación Ñuñoa Limitada", "76.000.000-0", "Minera Los Álamos & Compañía"),
    *("1.000.005-K", "OTIC Sur Órgano", "12.345.678-5", "María Ñancupil Güell", "74 %", "74,99 %"),
    *("Rosa Sepúlveda Peña", "11.111.111-1", "7F3K-9QWM-2XRT-4BCD-8HJN-5PVY-6Z8", "Página 1 de 1"),
    # On the clock of the place, and not of Greenwich.
    "3 de marzo de 2026, 23:30 horas (America/Santiago, UTC-03:00)",
]
CHAIN = (
    PreviousFolio("3-2026", date(2026, 2, 28), "Un RUT mal escrito."),
    PreviousFolio("7-2026", date(2026, 3, 1), "Faltaba la factura."),
)


@pytest.fixture(scope="module")
def issued() -> bytes:
    return render_certificate(DOCUMENT)


@pytest.mark.parametrize("reader", [texts, texts_as_shown], ids=["pypdf", "pdfium"])
@pytest.mark.parametrize("value", PRINTED)
def test_everything_the_handbook_prints_can_be_read_back(
    issued: bytes, value: str, reader: Callable[[bytes], list[str]]
) -> None:
    assert value in words(reader(issued)[0])


def test_the_address_of_the_verification_is_printed_whole(issued: bytes) -> None:
    # The line of a narrow column may break it.
    assert f"https://constancia.example/v/{CODE}" in "".join(texts(issued)[0].split())


def test_parties_that_do_not_take_part_are_said_not_to() -> None:
    text = texts(render_certificate(replace(DOCUMENT, company=None, otic=None)))[0]

    assert text.count("No interviene") == 2
    assert "RUT\n" not in text.partition("Participantes")[0]


def test_the_chain_of_earlier_folios_stays_in_sight() -> None:
    text = words(texts(render_certificate(replace(DOCUMENT, previous_folios=CHAIN)))[0])

    for value in ("reemplaza", "3-2026", "28/02/2026", "Un RUT mal escrito.", "7-2026", "01/03/2026"):
        assert value in text


@pytest.mark.parametrize(("count", "pages"), [(1, 1), (30, 2), (300, 9), (3000, 76)])
def test_every_participant_is_there_once_and_each_page_repeats_the_head(count: int, pages: int) -> None:
    found = texts_as_shown(render_certificate(with_people(count)))

    assert len(found) == pages
    everything = "\n".join(found)
    assert all(everything.count(f"Persona{number:04d} Núñez") == 1 for number in range(count))
    assert all("N° RUT Nombre Asistencia Con decimales" in words(text) for text in found if "Persona" in text)
    assert all(f"Página {number} de {pages}" in text for number, text in enumerate(found, start=1))


def test_the_same_document_is_always_the_same_bytes() -> None:
    document = replace(with_people(60), previous_folios=CHAIN)
    first = render_certificate(document)
    render_certificate(PREVIEW, draft=True)

    assert render_certificate(CertificateDocument.from_snapshot(document.to_snapshot())) == first
    assert render_certificate(replace(document, document_reference="F-000124")) != first


@pytest.fixture
def restless_threads() -> Iterator[None]:
    """Threads give way to each other at every step."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


@pytest.mark.usefixtures("restless_threads")
def test_two_documents_at_once_do_not_mix_their_letters() -> None:
    documents = [with_name(f"{letters} Ñandú" * 3) for letters in ("áéíóú", "ÁÉÍÓÚ", "äëïöü", "ÄËÏÖÜ")]
    alone = [render_certificate(document) for document in documents]

    with ThreadPoolExecutor(4) as several:
        together = list(several.map(render_certificate, documents * 4))

    assert together == alone * 4


def test_the_file_says_what_it_is_when_it_was_made_and_in_which_language(issued: bytes) -> None:
    reader: Any = read(issued)

    information = reader.metadata
    assert information.title == "Certificado de asistencia 12-2026"
    assert information.author == "Centro de Formación Ñuñoa Limitada"
    assert information.creation_date == DOCUMENT.issued_at
    assert reader.pdf_header >= "%PDF-1.7"
    assert reader.root_object["/Lang"] == "es-CL"
    assert reader.root_object["/ViewerPreferences"]["/DisplayDocTitle"].value is True


def test_pages_are_a4_and_only_the_letters_used_travel_with_the_file(issued: bytes) -> None:
    (page,) = read(issued).pages

    assert [round(float(side)) for side in page.mediabox[2:]] == [595, 842]
    resources: Any = page["/Resources"]
    fonts = [font.get_object() for font in resources["/Font"].values()]
    assert {font["/BaseFont"] for font in fonts} == {
        *("/AAAAAA+SourceSans3-Regular", "/AAAAAA+SourceSans3-SemiBold", "/AAAAAA+SourceSerif4-SemiBold")
    }
    # Of the letters of the title only those of "Certificado de asistencia", the digits of the folio and its hyphen.
    (title,) = (font for font in fonts if "Serif" in font["/BaseFont"])
    assert title["/LastChar"] < 40
    assert all(len(font["/FontDescriptor"]["/FontFile2"].get_data()) < 30_000 for font in fonts)


def test_links_lead_to_the_verification_and_to_the_accessible_page(issued: bytes) -> None:
    (page,) = read(issued).pages

    links = {str(link.get_object()["/A"]["/URI"]) for link in page["/Annots"]}  # type: ignore[attr-defined]

    address = f"https://constancia.example/v/{CODE}"
    assert links == {address, f"{address}/documento"}


@pytest.mark.parametrize("code", [CODE, "0" * 27, "Z" * 27, "A1B2C3D4E5F6G7H8J9K0M1N2P3Q"])
def test_the_qr_is_drawn_in_lines_and_can_be_read_at_72_dots_an_inch(code: str) -> None:
    address = f"https://certificados.constancia.example/v/{code}"

    data = render_certificate(replace(DOCUMENT, verification_code=code, verification_url=address))

    assert pictures_in(data) == 0
    assert [found.text for found in zxingcpp.read_barcodes(picture(data, dpi=72))] == [address]


def test_a_draft_says_so_on_every_page_and_the_issued_one_never(issued: bytes) -> None:
    preview = replace(PREVIEW, participants=with_people(60).participants)

    draft = texts(render_certificate(preview, draft=True))

    assert len(draft) > 1
    assert all("BORRADOR" in text for text in draft)
    assert "BORRADOR" not in texts(issued)[0]


def test_a_document_without_folio_is_never_rendered_as_a_certificate() -> None:
    with pytest.raises(ValueError, match="draft"):
        render_certificate(PREVIEW)
