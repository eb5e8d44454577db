"""The certificate as a PDF: its words into a Jinja page, the page and the participants onto A4."""

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from reportlab.lib.units import mm
from reportlab.platypus import Flowable

from app.adapters.pdf import fonts, markup
from app.adapters.pdf.attachments import Attachment
from app.adapters.pdf.paper import Sheet, on_paper
from app.adapters.pdf.qr import QrCode
from app.adapters.pdf.roll import Roll
from app.adapters.pdf.slots import filled, marked
from app.domain.certificate_text import CertificateText, text_of
from app.domain.document import CertificateDocument

TEMPLATES = Path(__file__).resolve().parents[3] / "templates" / "pdf"
STYLES = TEMPLATES / "certificate.css"
QR_SIDE = 36 * mm


# Its own small environment, so that a certificate cannot reach the web's globals or any database object.
_pages = Environment(
    loader=FileSystemLoader(TEMPLATES),
    undefined=StrictUndefined,
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
    auto_reload=False,
)


def render_certificate(
    document: CertificateDocument, *, draft: bool = False, attachments: Sequence[Attachment] = ()
) -> bytes:
    """The certificate's PDF with the files it carries; the same ones always give the same bytes. A draft says BORRADOR.

    Raises ValueError for a document without folio that is not asked for as a draft.
    """
    if document.is_preview and not draft:
        raise ValueError("A certificate without folio can only be rendered as a draft.")

    text = text_of(document)
    texts: list[str] = []
    page = marked(replace(text, participants=()), texts)
    with fonts.one_at_a_time:
        story = filled(_page_read(page), texts=texts, drawn=_drawn(text))
        return on_paper(story, replace(_sheet(document, text, draft), attachments=attachments))


@lru_cache(maxsize=64)
def _page_read(text: CertificateText) -> list[Flowable]:
    """The page of a certificate in which every text is a mark; there are as many as chains of folios have lengths."""
    page = _pages.get_template("certificate.html").render(text=text)
    return markup.story(page, styles=STYLES.read_text(encoding="utf-8"))


def _drawn(text: CertificateText) -> dict[str, Flowable]:
    drawn: dict[str, Flowable] = {"participants": Roll.of(text.roll_title, text.participants)}
    if text.verification_url:
        drawn["qr"] = QrCode(text.verification_url, QR_SIDE)
    return drawn


def _sheet(document: CertificateDocument, text: CertificateText, draft: bool) -> Sheet:
    identity = (
        f"Folio {text.folio} · Código de verificación {text.code}" if text.code else "Borrador sin folio ni validez"
    )
    return Sheet(
        title=f"{text.title} {document.folio or '(borrador)'}",
        author=fonts.drawable(document.otec.name),
        subject=fonts.drawable(f"Acción de capacitación {document.action_code}"),
        running=fonts.drawable(f"{text.title} · Acción {document.action_code}"),
        identity=identity,
        link=text.verification_url,
        is_draft=draft,
        created_at=document.issued_at,
    )
