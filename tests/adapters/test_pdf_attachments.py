"""Files inside a PDF, found by two readers that share no code with what put them there."""

from itertools import pairwise

import pypdfium2

from app.adapters.pdf.attachments import Attachment
from app.adapters.pdf.certificate import render_certificate
from tests.support.documents import DOCUMENT, read, with_people

FILES = (
    Attachment("a.json", "Lo que dice (esto) \\ y ñandú", b'{"folio": "12-2026"}'),
    Attachment("b.json", "", bytes(range(256)) * 40),
)


def test_readers_find_the_files_whole() -> None:
    pdf = render_certificate(DOCUMENT, attachments=FILES)
    second_reader = pypdfium2.PdfDocument(pdf)
    found = [second_reader.get_attachment(number) for number in range(second_reader.count_attachments())]

    assert read(pdf).attachments == {one.name: [one.content] for one in FILES}
    assert {one.get_name(): bytes(one.get_data()) for one in found} == {one.name: one.content for one in FILES}


def test_what_they_are_can_be_read() -> None:
    described = {
        one.name: one.description for one in read(render_certificate(DOCUMENT, attachments=FILES)).attachment_list
    }

    assert described["a.json"] == FILES[0].description


def test_they_are_listed_in_the_order_in_which_readers_search() -> None:
    assert all(before.name < after.name for before, after in pairwise(FILES))


def test_the_same_files_give_the_same_bytes() -> None:
    pdfs = {render_certificate(with_people(40), attachments=FILES) for _ in range(2)}

    assert len(pdfs) == 1


def test_the_pages_are_the_same_with_and_without_them() -> None:
    with_files, without = (read(render_certificate(DOCUMENT, attachments=files)) for files in (FILES, ()))

    assert [page.extract_text() for page in with_files.pages] == [page.extract_text() for page in without.pages]
    assert without.attachments == {}
