"""A certificate to print, and its PDF read back by two readers that share no code with what wrote it."""

from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO

import pypdfium2
from PIL.Image import Image
from pypdf import PdfReader

from app.domain.document import CertificateDocument, Issuer, ParticipantLine, Party

MARIA = ParticipantLine("12.345.678-5", "María Ñancupil Güell", "74.99", 74)
CODE = "7F3K9QWM2XRT4BCD8HJN5PVY6Z8"
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
    verification_code=CODE,
    verification_url=f"https://constancia.example/v/{CODE}",
)
PREVIEW = replace(DOCUMENT, folio=None, issued_at=None, verification_code=None, verification_url=None)


def with_name(name: str) -> CertificateDocument:
    return replace(DOCUMENT, participants=(replace(MARIA, name=name),))


def with_people(count: int) -> CertificateDocument:
    people = tuple(replace(MARIA, name=f"Persona{number:04d} Núñez") for number in range(count))
    return replace(DOCUMENT, participants=people)


def read(data: bytes) -> PdfReader:
    return PdfReader(BytesIO(data))


def texts(data: bytes) -> list[str]:
    """Page by page, as pypdf reads it."""
    return [page.extract_text() for page in read(data).pages]


def texts_as_shown(data: bytes) -> list[str]:
    """Page by page, as PDFium (the reader of a well-known browser) reads it."""
    return [page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(data)]


def words(text: str) -> str:
    """One line, whatever lines the page broke it into."""
    return " ".join(text.split())


def picture(data: bytes, *, page: int = 0, dpi: int = 72) -> Image:
    shown: Image = pypdfium2.PdfDocument(data)[page].render(scale=dpi / 72).to_pil()
    return shown


def pictures_in(data: bytes) -> int:
    return sum(len(page.images) for page in read(data).pages)
