"""What a certificate's PDF is held against: the same people on paper by the plain means of two libraries, as they come."""

import random
from datetime import UTC, date, datetime
from functools import cache
from html import escape
from io import BytesIO
from pathlib import Path

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import LongTable, Paragraph, SimpleDocTemplate, TableStyle

from app.domain.document import CertificateDocument, Issuer, ParticipantLine, Party

FONTS = Path(__file__).parents[1] / "app" / "static" / "fonts"
REGULAR, BOLD = "BenchSans", "BenchSans-SemiBold"
FILES = {REGULAR: FONTS / "SourceSans3-Regular.ttf", BOLD: FONTS / "SourceSans3-SemiBold.ttf"}
HEAD = ("N°", "RUT", "Nombre", "Asistencia", "Con decimales")
WIDTHS = (10 * mm, 27 * mm, 79 * mm, 23 * mm, 27 * mm)
GIVEN = ("María Fernanda", "José Luis", "Ana", "Juan Pablo de la Cruz", "Ñancuvilú", "Güendolina del Carmen")
SURNAMES = ("Sepúlveda Ñancupil", "Pérez Soto", "Araya", "Quilodrán Huenchumilla", "O'Higgins", "Muñoz Echeverría")
CODE = "7F3K9QWM2XRT4BCD8HJN5PVY6Z8"
STYLES = f"""
@font-face {{ font-family: Sans; src: url("{FILES[REGULAR]}"); }}
@font-face {{ font-family: Sans; font-weight: bold; src: url("{FILES[BOLD]}"); }}
@page {{ size: a4; margin: 22mm; @frame foot {{ -pdf-frame-content: foot; left: 22mm; bottom: 10mm; width: 166mm; height: 8mm; }} }}
body {{ font-family: Sans; font-size: 9pt; }}
td, th {{ border-bottom: 0.4pt solid #c5ced9; padding: 1mm 0; text-align: left; }}
.figure {{ text-align: right; }}
"""


@cache
def certificate(count: int) -> CertificateDocument:
    """A made-up certificate, the same each time."""
    chance = random.Random(count)  # noqa: S311 - nothing here is a secret
    otec = Party("76.000.006-K", "Centro de Formación Ñuñoa Limitada")
    return CertificateDocument(
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
        region_name="Metropolitana de Santiago",
        commune="Peñaflor",
        credited_hours="132",
        starts_on=date(2026, 1, 5),
        ends_on=date(2026, 2, 27),
        otec=otec,
        company=Party("76.000.000-0", "Minera Los Álamos & Compañía"),
        otic=Party("1.000.005-K", "OTIC Sur Órgano"),
        document_reference="F-000123",
        participants=tuple(_person(chance, number) for number in range(count)),
        issuer=Issuer("Rosa Sepúlveda Peña", "11.111.111-1", otec.name, otec.rut),
        policy_id="GCA-1",
        verification_code=CODE,
        verification_url=f"https://constancia.example/v/{CODE}",
    )


def _person(chance: random.Random, number: int) -> ParticipantLine:
    hundredths = chance.randrange(4000, 10_001)
    name = f"{chance.choice(GIVEN)} {chance.choice(SURNAMES)}"
    rut = f"{7 + number // 1000}.{number % 1000:03}.{chance.randrange(1000):03}-{chance.choice('0123456789K')}"
    return ParticipantLine(rut, name, f"{hundredths // 100}.{hundredths % 100:02}", hundredths // 100)


def long_table(document: CertificateDocument) -> bytes:
    """reportlab alone: the table of the participants under its repeated head, long names wrapped, pages numbered."""
    _load_fonts()
    style = ParagraphStyle("name", fontName=REGULAR, fontSize=9.2, leading=11.6)
    return _drawn([(*cells[:2], Paragraph(escape(cells[2]), style), *cells[3:]) for cells in _rows(document)])


def long_table_of_strings(document: CertificateDocument) -> bytes:
    """The same with every name in one line, however long: as little as reportlab can be asked."""
    _load_fonts()
    return _drawn(_rows(document))


def html_rows(document: CertificateDocument) -> bytes:
    """Stock xhtml2pdf: the participants as rows of an HTML table, and the number of pages from its own tag."""
    from xhtml2pdf.document import pisaDocument

    rows = "".join(
        f"<tr><td>{number}</td><td>{rut}</td><td>{escape(name)}</td>"
        f'<td class="figure"><b>{shown}</b></td><td class="figure">{exact}</td></tr>'
        for number, rut, name, shown, exact in _rows(document)
    )
    head = "".join(f"<th>{words}</th>" for words in HEAD)
    page = (
        f'<html><head><style>{STYLES}</style></head><body><div id="foot">Página <pdf:pagenumber> de <pdf:pagecount></div>'
        f"<h1>{document.title} {document.folio}</h1><table><thead><tr>{head}</tr></thead>{rows}</table></body></html>"
    )
    target = BytesIO()
    pisaDocument(page, target, path=str(FONTS / "page.html"))
    return target.getvalue()


def _rows(document: CertificateDocument) -> list[tuple[str, ...]]:
    return [
        (str(number), one.rut_screen, one.name, f"{one.shown} %", f"{one.percentage.replace('.', ',')} %")
        for number, one in enumerate(document.participants, start=1)
    ]


def _drawn(rows: list[tuple[object, ...]] | list[tuple[str, ...]]) -> bytes:
    style = TableStyle(
        [
            ("FONT", (0, 0), (-1, 0), BOLD, 8),
            ("FONT", (0, 1), (-1, -1), REGULAR, 9.2),
            ("FONT", (3, 1), (3, -1), BOLD, 9.2),
            ("ALIGN", (3, 0), (-1, -1), "RIGHT"),
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LINEBELOW", (0, 0), (-1, -1), 0.4, HexColor("#c5ced9")),
        ]
    )
    target = BytesIO()
    document = SimpleDocTemplate(target, pagesize=A4, title="Certificado de asistencia")
    table = LongTable([HEAD, *rows], colWidths=WIDTHS, repeatRows=1, style=style)
    document.build([table], onFirstPage=_numbered, onLaterPages=_numbered)
    return target.getvalue()


def _numbered(canvas: Canvas, _document: object) -> None:
    canvas.setFont(REGULAR, 8)
    canvas.drawRightString(A4[0] - 22 * mm, 13 * mm, f"Página {canvas.getPageNumber()}")


@cache
def _load_fonts() -> None:
    for name, file in FILES.items():
        pdfmetrics.registerFont(TTFont(name, str(file)))
    pdfmetrics.registerFontFamily(REGULAR, normal=REGULAR, bold=BOLD, italic=REGULAR, boldItalic=BOLD)
