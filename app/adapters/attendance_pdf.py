"""Attendance of a course on paper: the totals first, then the classes of each participant, drawn as tables."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from io import BytesIO
from xml.sax.saxutils import escape

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import CondPageBreak, Flowable, LongTable, Paragraph, SimpleDocTemplate, Spacer, TableStyle

from app.adapters.pdf import fonts
from app.adapters.pdf.fonts import BOLD, REGULAR, drawable
from app.adapters.pdf.lines import wrapped
from app.adapters.workbook import AttendanceSession, AttendanceTotal

BLUE, INK, SOFT, RULE = HexColor("#0f69b4"), HexColor("#1b1f27"), HexColor("#4a5361"), HexColor("#d3dae3")
TITLE = ParagraphStyle("title", fontName=BOLD, fontSize=16, leading=20, textColor=BLUE)
LEAD = ParagraphStyle("lead", fontName=REGULAR, fontSize=9.5, leading=13, textColor=SOFT)
HEADING = ParagraphStyle("heading", fontName=BOLD, fontSize=10.5, leading=14, textColor=BLUE, spaceBefore=4 * mm)
SIZE, LEADING, GAP = 8, 9.6, 6
GRID = TableStyle(
    [
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("FONT", (0, 0), (-1, 0), BOLD, SIZE, LEADING),
        ("TEXTCOLOR", (0, 0), (-1, 0), BLUE),
        ("FONT", (0, 1), (-1, -1), REGULAR, SIZE, LEADING),
        ("TEXTCOLOR", (0, 1), (-1, -1), INK),
        ("LINEBELOW", (0, 0), (-1, 0), 0.9, BLUE),
        ("LINEBELOW", (0, 1), (-1, -1), 0.4, RULE),
        ("TOPPADDING", (0, 0), (-1, -1), 1.5),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 2.5),
        ("LEFTPADDING", (0, 0), (-1, -1), 0),
        ("RIGHTPADDING", (0, 0), (-1, -1), GAP),
    ]
)
TOTAL_HEAD = ("RUT", "Nombre", "Tiempo acreditado", "Asistencia", "Provisoria", "Observaciones")
TOTAL_WIDTHS = (26 * mm, 80 * mm, 32 * mm, 24 * mm, 24 * mm, 71 * mm)
SESSION_HEAD = ("Clase", "Facilitador", "Hora inicio", "Hora Fin", "Duración", "Cómo se cuenta")
SESSION_WIDTHS = (28 * mm, 48 * mm, 30 * mm, 30 * mm, 18 * mm, 103 * mm)
MARGIN = 20 * mm
Cells = tuple[str, ...]


@dataclass(frozen=True)
class CourseHeading:
    """What the first lines say the figures are of, and as of when (on the clock of the place)."""

    code: str
    name: str
    otec: str
    starts_on: date
    ends_on: date
    made_at: datetime


def attendance_pdf(
    course: CourseHeading, totals: Sequence[AttendanceTotal], sessions: Sequence[AttendanceSession]
) -> bytes:
    """The PDF; every text is only text, whatever it looks like."""
    fonts.load()
    target = BytesIO()
    document = SimpleDocTemplate(
        target,
        pagesize=landscape(A4),
        **dict.fromkeys(("leftMargin", "rightMargin", "topMargin", "bottomMargin"), MARGIN),
        title=f"Asistencia total del curso {drawable(course.code)}",
        author=drawable(course.otec),
        lang="es",
    )

    def foot(canvas: Canvas, _document: object) -> None:
        canvas.setFont(REGULAR, 8)
        canvas.setFillColor(SOFT)
        canvas.drawString(MARGIN, 10 * mm, f"Asistencia total, curso {drawable(course.code)}")
        canvas.drawRightString(landscape(A4)[0] - MARGIN, 10 * mm, f"Página {canvas.getPageNumber()}")

    with fonts.one_at_a_time:
        document.build(list(_story(course, totals, sessions)), onFirstPage=foot, onLaterPages=foot)
    return target.getvalue()


def _story(
    course: CourseHeading, totals: Sequence[AttendanceTotal], sessions: Sequence[AttendanceSession]
) -> Iterator[Flowable]:
    yield Paragraph(f"Asistencia total del curso {_text(course.code)}", TITLE)
    yield Paragraph(_text(course.name), HEADING)
    yield Paragraph(
        f"{_text(course.otec)}. Del {course.starts_on:%d/%m/%Y} al {course.ends_on:%d/%m/%Y}. "
        f"Según las marcas del {course.made_at:%d/%m/%Y} a las {course.made_at:%H:%M}. No es un certificado.",
        LEAD,
    )
    yield Paragraph(f"Participantes ({len(totals)})", HEADING)
    yield _table(TOTAL_HEAD, TOTAL_WIDTHS, [_total_cells(row) for row in totals])

    own: defaultdict[str, list[AttendanceSession]] = defaultdict(list)
    for row in sessions:
        own[row.rut].append(row)
    for total in totals:
        if own[total.rut]:
            yield CondPageBreak(30 * mm)
            yield Paragraph(f"{_text(total.name)}, {_text(total.rut)}", HEADING)
            yield _table(SESSION_HEAD, SESSION_WIDTHS, [_session_cells(row) for row in own[total.rut]])


def _table(head: Cells, widths: Sequence[float], rows: Sequence[Cells]) -> Flowable:
    if not rows:
        return Spacer(0, 0)
    # Cells are plain text, broken into lines here: paragraphs would take three times as long.
    lines = [
        ["\n".join(wrapped(cell, width - GAP, REGULAR, SIZE)) for cell, width in zip(row, widths, strict=True)]
        for row in rows
    ]
    return LongTable([head, *lines], colWidths=widths, repeatRows=1, style=GRID, hAlign="LEFT")


def _total_cells(row: AttendanceTotal) -> Cells:
    return (
        *(row.rut, row.name, _clock(row.credited)),
        f"{row.shown} % ({_comma(row.percentage)})",
        f"{_comma(row.provisional_percentage)} %",
        row.flags,
    )


def _session_cells(row: AttendanceSession) -> Cells:
    return (
        *(row.class_id, row.instructor, _moment(row.entered_at), _moment(row.left_at)),
        *(_clock(row.duration), row.explanation),
    )


def _text(text: str) -> str:
    # A paragraph reads marks such as <img>, which would fetch a file or an address.
    return escape(drawable(text))


def _comma(figure: object) -> str:
    return f"{figure}".replace(".", ",")


def _moment(instant: datetime | None) -> str:
    return f"{instant:%d/%m/%Y %H:%M:%S}" if instant else "Sin marca"


def _clock(time: timedelta) -> str:
    minutes, seconds = divmod(time // timedelta(seconds=1), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"
