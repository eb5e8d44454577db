"""Spreadsheets that people download: plain rows in, XLSX bytes out, row by row so that memory does not grow."""

from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from io import BytesIO

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

Cell = str | int | Decimal | date | datetime | timedelta | None

HEADER_STYLE = {"bold": True, "font_color": "#FFFFFF", "bg_color": "#0F69B4", "text_wrap": True, "valign": "vcenter"}
FORMATS = {
    "date": {"num_format": "dd/mm/yyyy", "valign": "top"},
    "moment": {"num_format": "dd/mm/yyyy hh:mm:ss", "valign": "top"},
    "duration": {"num_format": "[h]:mm:ss", "valign": "top"},
    "figure": {"num_format": "0.00", "valign": "top"},
    "text": {"num_format": "@", "text_wrap": True, "valign": "top"},
    "integer": {"num_format": "0", "valign": "top"},
}
LONGEST_TEXT = 32_767
"""Characters one cell holds; Excel refuses the whole file for one more."""
LAST_ROW = 1_048_575
"""Rows below this one do not exist, and XlsxWriter would drop them without a word."""


@dataclass(frozen=True, slots=True)
class AttendanceTotal:
    """One participant of a course. `percentage` has two decimals, `shown` is its truncation."""

    rut: str
    name: str
    credited: timedelta
    percentage: Decimal
    shown: int
    provisional_percentage: Decimal
    flags: str


@dataclass(frozen=True, slots=True)
class AttendanceSession:
    """One participant in one class, the instants already in the place's own zone."""

    rut: str
    name: str
    class_id: str
    instructor: str
    entered_at: datetime | None
    left_at: datetime | None
    duration: timedelta
    explanation: str


@dataclass(frozen=True, slots=True)
class ListedAction:
    """One row of the grid Listado de Cursos."""

    action_code: str
    sence_code: str
    name: str
    programme: str
    credited_hours: str
    starts_on: date
    ends_on: date
    state: str


@dataclass(frozen=True, slots=True)
class BulkResult:
    """What came of one course of an emisión masiva."""

    action_code: str
    name: str
    document_reference: str
    outcome: str
    folio: str | None
    issued_at: datetime | None
    reason: str


@dataclass(frozen=True, slots=True)
class Column:
    heading: str
    width: int


TOTAL_COLUMNS = (
    Column("RUT Participante", 16),
    Column("Nombre Participante", 40),
    Column("Tiempo acreditado", 18),
    Column("Porcentaje Asistencia", 14),
    Column("Porcentaje mostrado", 14),
    Column("Porcentaje provisorio", 14),
    Column("Observaciones", 40),
)
SESSION_COLUMNS = (
    Column("RUT Participante", 16),
    Column("Nombre Participante", 40),
    Column("Clase", 16),
    Column("Facilitador", 36),
    Column("Hora inicio", 20),
    Column("Hora Fin", 20),
    Column("Duración Participante", 16),
    Column("Explicación", 80),
)
ACTION_COLUMNS = (
    Column("Código Curso", 22),
    Column("Código SENCE", 16),
    Column("Curso", 50),
    Column("Programa", 34),
    Column("Hora(s) Acreditadas", 14),
    Column("Fecha Inicio", 14),
    Column("Fecha Término", 14),
    Column("Estado", 40),
)

BULK_COLUMNS = (
    Column("Código Curso", 22),
    Column("Curso", 50),
    Column("N° factura / orden de compra", 24),
    Column("Resultado", 20),
    Column("Folio", 14),
    Column("Emitido", 20),
    Column("Motivo", 80),
)


def attendance_workbook(totals: Iterable[AttendanceTotal], sessions: Iterable[AttendanceSession]) -> bytes:
    """ "Descargar Asistencia Total": a sheet of participants with their totals, and one of their classes."""
    target = BytesIO()
    with _workbook(target) as book:
        _write_sheet(book, "Asistencia total", TOTAL_COLUMNS, map(_total_cells, totals))
        _write_sheet(book, "Sesiones", SESSION_COLUMNS, map(_session_cells, sessions))
    return target.getvalue()


def actions_workbook(actions: Iterable[ListedAction]) -> bytes:
    """ "Exportar a Excel" of the search grid."""
    target = BytesIO()
    with _workbook(target) as book:
        _write_sheet(book, "Listado de Cursos", ACTION_COLUMNS, map(_action_cells, actions))
    return target.getvalue()


def bulk_workbook(results: Iterable[BulkResult]) -> bytes:
    """The result of an emisión masiva, a row a course."""
    target = BytesIO()
    with _workbook(target) as book:
        _write_sheet(book, "Emisión masiva", BULK_COLUMNS, map(astuple, results))
    return target.getvalue()


def _total_cells(row: AttendanceTotal) -> tuple[Cell, ...]:
    return (
        *(row.rut, row.name, row.credited),
        *(row.percentage, row.shown, row.provisional_percentage),
        row.flags,
    )


def _session_cells(row: AttendanceSession) -> tuple[Cell, ...]:
    return (
        *(row.rut, row.name, row.class_id, row.instructor),
        *(row.entered_at, row.left_at, row.duration),
        row.explanation,
    )


def _action_cells(row: ListedAction) -> tuple[Cell, ...]:
    return (
        *(row.action_code, row.sence_code, row.name, row.programme),
        *(row.credited_hours, row.starts_on, row.ends_on, row.state),
    )


def _workbook(target: BytesIO) -> Workbook:
    return Workbook(target, {"constant_memory": True})


def _write_sheet(book: Workbook, title: str, columns: Sequence[Column], rows: Iterable[Sequence[Cell]]) -> None:
    sheet = book.add_worksheet(title)
    header = book.add_format(HEADER_STYLE)
    formats = {name: book.add_format(properties) for name, properties in FORMATS.items()}
    sheet.freeze_panes(1, 0)
    for position, column in enumerate(columns):
        sheet.set_column(position, position, column.width)
        sheet.write_string(0, position, column.heading, header)

    # The sheet is written from top to bottom: in constant memory a row that was passed cannot be touched again.
    number = 0
    for number, cells in enumerate(rows, start=1):
        if number > LAST_ROW:
            raise ValueError(f"The sheet {title!r} holds at most {LAST_ROW} rows.")
        for position, cell in enumerate(cells):
            _write_cell(sheet, number, position, cell, formats)
    sheet.autofilter(0, 0, number, len(columns) - 1)


def _write_cell(sheet: Worksheet, row: int, column: int, cell: Cell, formats: dict[str, Format]) -> None:
    """Text is only ever written as text, so that a name beginning with `=` stays a name."""
    match cell:
        case None:
            sheet.write_blank(row, column, None)
        case str():
            sheet.write_string(row, column, cell[:LONGEST_TEXT], formats["text"])
        case datetime():
            # Excel knows no zones: the wall clock of the place is what is read.
            sheet.write_datetime(row, column, cell.replace(tzinfo=None), formats["moment"])
        case timedelta():
            sheet.write_datetime(row, column, cell, formats["duration"])
        case date():
            sheet.write_datetime(row, column, cell, formats["date"])
        case Decimal():
            sheet.write_number(row, column, cell, formats["figure"])
        case int():
            sheet.write_number(row, column, cell, formats["integer"])
