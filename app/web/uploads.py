"""Files that people send: how much a page takes, what a file is by its content, and what it is called on a page."""

import hashlib
import io
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import current_app, request
from PIL import Image
from werkzeug.datastructures import FileStorage

View = TypeVar("View", bound=Callable[..., Any])

PDF, JPEG = "application/pdf", "image/jpeg"
SUFFIXES = {PDF: (".pdf",), JPEG: (".jpg", ".jpeg")}
LONGEST_NAME = 120


@dataclass(frozen=True)
class Upload:
    """One file as it came: `content_type` is what its content is, None where it is neither PDF nor JPEG."""

    filename: str
    content_type: str | None
    data: bytes

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()


def takes_files(limit: int) -> Callable[[View], View]:
    """Marks a view that takes requests of up to `limit` bytes; every other keeps the application's limit."""

    def mark(view: View) -> View:
        view.max_content_length = limit  # type: ignore[attr-defined]
        return view

    return mark


def allow_more() -> None:
    """Runs before anything reads the form, for the limit is checked at that moment."""
    view = current_app.view_functions.get(request.endpoint or "")
    limit: int | None = getattr(view, "max_content_length", None)
    if limit is not None:
        request.max_content_length = limit


def read(file: FileStorage, *, at_most: int) -> Upload:
    """The file, or of a longer one no more than one byte over `at_most`, so that it can be told apart."""
    data = file.stream.read(at_most + 1)
    content_type = content_type_of(data)
    return Upload(shown_name(file.filename or "", content_type), content_type, data)


def content_type_of(data: bytes) -> str | None:
    """PDF or JPEG by what the bytes say; a name or a header can say anything."""
    if data.startswith(b"%PDF-"):
        return PDF
    return JPEG if _is_jpeg(data) else None


def _is_jpeg(data: bytes) -> bool:
    """Whether the header can be decoded; no pixel is, so a picture that unpacks to gigabytes costs nothing here."""
    try:
        Image.open(io.BytesIO(data), formats=("JPEG",)).close()
    # An OSError is Pillow's word for a header that is cut or makes no sense.
    except (OSError, Image.DecompressionBombError):
        return False
    return True


def shown_name(name: str, content_type: str | None) -> str:
    """The name without folders and without what cannot be seen, ending as its content does."""
    plain = "".join(sign for sign in name if unicodedata.category(sign)[0] != "C")
    base = plain.replace("\\", "/").rpartition("/")[2].strip(" .") or "archivo"
    suffixes = SUFFIXES.get(content_type or "", ("",))
    stem, dot, suffix = base.rpartition(".")
    if f"{dot}{suffix}".lower() in suffixes and stem:
        return f"{stem[: LONGEST_NAME - len(suffix) - 1]}.{suffix}"
    return f"{base[: LONGEST_NAME - len(suffixes[0])]}{suffixes[0]}"
