"""The certificate as a PDF: plain values into a Jinja page, the page into A4 by xhtml2pdf."""

import logging
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import segno
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from xhtml2pdf.config.resources import ResourceAccessPolicy
from xhtml2pdf.document import pisaDocument

from app.domain.document import CertificateDocument, grouped_code
from app.domain.printable import printable

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = ROOT / "templates" / "pdf"
FONTS = ROOT / "app" / "static" / "fonts"

MONTHS = (
    *("enero", "febrero", "marzo", "abril", "mayo", "junio"),
    *("julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"),
)

# A name in a certificate may say <img src="http://…">; nothing outside these two folders can be read, and no network.
# The page is ours and only its length varies, so a course of three thousand may take its minutes.
POLICY = ResourceAccessPolicy.server(
    base_dir=TEMPLATES, allow_remote=False, extra_roots=(FONTS,), max_render_seconds=600
)

# xhtml2pdf's warnings quote the paragraph they are about, and a log holds no names.
logging.getLogger("xhtml2pdf").setLevel(logging.ERROR)


def _printable(value: object) -> object:
    return printable(value) if isinstance(value, str) and not isinstance(value, Markup) else value


# Its own small environment, so that a certificate cannot reach the web's globals or any database object.
_pages = Environment(
    loader=FileSystemLoader(TEMPLATES),
    undefined=StrictUndefined,
    autoescape=True,
    finalize=_printable,
    trim_blocks=True,
    lstrip_blocks=True,
)
_one_at_a_time = threading.Lock()


class PdfFailedError(RuntimeError):
    """xhtml2pdf could not lay the certificate out."""


def render_certificate(document: CertificateDocument, *, draft: bool = False) -> bytes:
    """The certificate's PDF; an issued document always gives the same bytes. A draft says BORRADOR on every page.

    Raises ValueError for a document without folio that is not asked for as a draft.
    """
    if document.is_preview and not draft:
        raise ValueError("A certificate without folio can only be rendered as a draft.")

    page = _pages.get_template("certificate.html").render(**_values(document), draft=draft)
    with _clock_stopped_at(document.issued_at):
        return _laid_out(page)


def _laid_out(page: str) -> bytes:
    target = BytesIO()
    outcome = pisaDocument(page, target, path=str(TEMPLATES / "certificate.html"), resource_policy=POLICY)
    if outcome.err:
        raise PdfFailedError(f"xhtml2pdf reported {outcome.err} errors.")
    return target.getvalue()


def _values(document: CertificateDocument) -> dict[str, Any]:
    issued = document.issued_at and document.issued_at.astimezone(ZoneInfo(document.time_zone))
    return {
        "document": document,
        "parties": (("OTEC", document.otec), ("Empresa", document.company), ("OTIC", document.otic)),
        "previous_folios": [
            {"folio": item.folio, "issued_on": _short_date(item.issued_on), "why": item.why}
            for item in document.previous_folios
        ],
        "starts_on": _short_date(document.starts_on),
        "ends_on": _short_date(document.ends_on),
        "issued_on": issued and _long_date(issued),
        "issued_at": issued and f"{_long_date(issued)}, {issued:%H:%M} horas ({document.time_zone}, {_offset(issued)})",
        "code": document.verification_code and grouped_code(document.verification_code),
        "qr": document.verification_url and _qr(document.verification_url),
    }


def _qr(url: str) -> str:
    """The address as a vector picture, inside the page itself; the white of the page is its quiet zone."""
    return str(segno.make_qr(url, error="m").svg_data_uri(scale=4, border=0, dark="#000000"))


def _short_date(day: date) -> str:
    return f"{day:%d/%m/%Y}"


def _long_date(day: date) -> str:
    return f"{day.day} de {MONTHS[day.month - 1]} de {day.year}"


def _offset(instant: datetime) -> str:
    """`UTC-03:00`: the hour before summer time ends happens twice, and only this tells which one."""
    return f"UTC{instant.isoformat()[-6:]}"


@contextmanager
def _clock_stopped_at(instant: datetime | None) -> Iterator[None]:
    """Let the PDF's creation date be the instant of issue.

    reportlab takes it from SOURCE_DATE_EPOCH alone, which belongs to the process: hence one document at a time.
    """
    with _one_at_a_time:
        before = os.environ.get("SOURCE_DATE_EPOCH")
        if instant is not None:
            os.environ["SOURCE_DATE_EPOCH"] = str(int(instant.timestamp()))
        try:
            yield
        finally:
            if before is None:
                os.environ.pop("SOURCE_DATE_EPOCH", None)
            else:
                os.environ["SOURCE_DATE_EPOCH"] = before
