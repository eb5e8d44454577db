"""What a file is by its content, and what it is called on a page, whatever its name says."""

import io

import pytest
from PIL import Image
from werkzeug.datastructures import FileStorage

from app.web.uploads import JPEG, LONGEST_NAME, PDF, content_type_of, read, shown_name


def jpeg(size: tuple[int, int] = (8, 8)) -> bytes:
    drawn = io.BytesIO()
    Image.new("RGB", size).save(drawn, "JPEG")
    return drawn.getvalue()


def png() -> bytes:
    drawn = io.BytesIO()
    Image.new("RGB", (8, 8)).save(drawn, "PNG")
    return drawn.getvalue()


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"%PDF-1.7\n...", PDF),
        (jpeg(), JPEG),
        (png(), None),
        (b"MZ\x90\x00", None),
        (b"<html>%PDF-", None),
        (b"\xff\xd8\xff", None),
        (b"\xff\xd8\xff\xe0 and then nothing that is a picture", None),
        (b"", None),
    ],
    ids=["pdf", "jpeg", "png", "program", "page with the mark of a pdf inside", "cut jpeg", "only the mark", "empty"],
)
def test_a_file_is_what_its_content_says(data: bytes, kind: str | None) -> None:
    assert content_type_of(data) == kind


def test_a_picture_that_unpacks_to_gigabytes_is_refused_without_unpacking() -> None:
    header = bytearray(jpeg())
    at = header.index(b"\xff\xc0") + 5
    header[at : at + 4] = b"\xff\xff\xff\xff"

    assert content_type_of(bytes(header)) is None


@pytest.mark.parametrize(
    ("name", "kind", "shown"),
    [
        ("certificado médico.pdf", PDF, "certificado médico.pdf"),
        ("FOTO.JPG", JPEG, "FOTO.JPG"),
        ("C:\\Users\\ana\\libro.pdf", PDF, "libro.pdf"),
        ("../../etc/passwd", PDF, "passwd.pdf"),
        ("factura.exe", PDF, "factura.exe.pdf"),
        ("foto.pdf", JPEG, "foto.pdf.jpg"),
        ("a\r\nSet-Cookie: x.pdf", PDF, "aSet-Cookie: x.pdf"),
        ("gpj.\u202efdp.pdf", PDF, "gpj.fdp.pdf"),
        ("", PDF, "archivo.pdf"),
        (".pdf", PDF, "pdf.pdf"),
        ("notas.txt", None, "notas.txt"),
    ],
)
def test_a_name_loses_folders_and_tricks_and_ends_as_its_content(name: str, kind: str | None, shown: str) -> None:
    assert shown_name(name, kind) == shown


def test_a_long_name_is_cut_before_its_ending() -> None:
    name = shown_name("ñ" * 300 + ".pdf", PDF)

    assert len(name) == LONGEST_NAME
    assert name.endswith("ñ.pdf")


def test_of_a_file_too_long_only_one_byte_more_than_allowed_is_read() -> None:
    file = FileStorage(io.BytesIO(b"%PDF-" + b"x" * 100), filename="largo.pdf")

    assert len(read(file, at_most=10).data) == 11
