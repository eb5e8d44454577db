"""What the downloaded spreadsheets hold, read back as another program reads them."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from io import BytesIO
from zipfile import ZipFile
from zoneinfo import ZoneInfo

import pytest
from openpyxl import load_workbook
from xlsxwriter import Workbook

from app.adapters import workbook as sheets
from app.adapters.workbook import AttendanceSession, AttendanceTotal, ListedAction

SANTIAGO = ZoneInfo("America/Santiago")
TOTAL = AttendanceTotal(
    rut="12.345.678-5",
    name="María Núñez",
    credited=timedelta(hours=44, minutes=59, seconds=38),
    percentage=Decimal("74.98"),
    shown=74,
    provisional_percentage=Decimal("80.00"),
    flags="Sin marca de salida",
)
SESSION = AttendanceSession(
    rut="12.345.678-5",
    name="María Núñez",
    class_id="C-1",
    instructor="Rosa Peña",
    entered_at=datetime(2026, 1, 5, 9, 14, tzinfo=SANTIAGO),
    left_at=None,
    duration=timedelta(0),
    explanation="Entró 09:14; no hay marca de salida.",
)
ACTION = ListedAction(
    action_code="0412345",
    sence_code="1238012345",
    name="Soldadura al arco",
    programme="Franquicia Tributaria",
    credited_hours="60 Hrs",
    starts_on=date(2026, 1, 5),
    ends_on=date(2026, 2, 27),
    state="Certificado Emitido",
)
HOSTILE = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    '=HYPERLINK("http://x","y")',
    "{=A1}",
    "http://example.test",
    "<b>&\x07",
    " a ",
]


def test_total_attendance_has_a_sheet_of_participants_and_a_sheet_of_classes() -> None:
    book = load_workbook(BytesIO(sheets.attendance_workbook([TOTAL], [SESSION, SESSION])))

    assert book.sheetnames == ["Asistencia total", "Sesiones"]
    assert [sheet.max_row for sheet in book.worksheets] == [2, 3]


def test_a_participant_s_row_carries_exact_figures_and_not_their_look() -> None:
    sheet = load_workbook(BytesIO(sheets.attendance_workbook([TOTAL], [])))["Asistencia total"]

    row = dict(zip(*[[cell.value for cell in row] for row in sheet.iter_rows()], strict=True))

    assert row == {
        "RUT Participante": "12.345.678-5",
        "Nombre Participante": "María Núñez",
        "Tiempo acreditado": timedelta(hours=44, minutes=59, seconds=38),
        "Porcentaje Asistencia": 74.98,
        "Porcentaje mostrado": 74,
        "Porcentaje provisorio": 80,
        "Observaciones": "Sin marca de salida",
    }


def test_a_session_shows_the_wall_clock_of_the_place_and_leaves_a_missing_exit_empty() -> None:
    sheet = load_workbook(BytesIO(sheets.attendance_workbook([], [SESSION])))["Sesiones"]

    row = dict(zip(*[[cell.value for cell in row] for row in sheet.iter_rows()], strict=True))

    assert row["Hora inicio"] == datetime(2026, 1, 5, 9, 14)  # noqa: DTZ001
    assert row["Hora Fin"] is None
    assert row["Explicación"] == "Entró 09:14; no hay marca de salida."


def test_the_grid_keeps_leading_zeros_and_writes_dates_as_chile_reads_them() -> None:
    sheet = load_workbook(BytesIO(sheets.actions_workbook([ACTION])))["Listado de Cursos"]

    assert sheet["A2"].value == "0412345"
    assert (sheet["F2"].value, sheet["F2"].number_format) == (datetime(2026, 1, 5), "dd/mm/yyyy")  # noqa: DTZ001


@pytest.mark.parametrize("text", HOSTILE)
def test_text_stays_text(text: str) -> None:
    data = sheets.actions_workbook([ListedAction(text, text, text, text, text, ACTION.starts_on, ACTION.ends_on, text)])

    cell = load_workbook(BytesIO(data)).active["C2"]  # type: ignore[index]
    assert (cell.data_type, cell.value) == ("s", text.replace("\x07", "_x0007_"))
    with ZipFile(BytesIO(data)) as parts:
        everything = b"".join(parts.read(name) for name in parts.namelist())
    assert b"<f>" not in everything
    assert b"<hyperlink" not in everything


def test_the_header_stays_in_sight_and_every_column_has_a_width() -> None:
    for sheet in load_workbook(BytesIO(sheets.attendance_workbook([TOTAL], [SESSION]))).worksheets:
        assert sheet.freeze_panes == "A2"
        # Neighbours of the same width are stored as one range.
        covered = max(item.max or 0 for item in sheet.column_dimensions.values())
        assert covered == sheet.max_column
        assert min(item.width for item in sheet.column_dimensions.values()) > 13


def test_a_course_nobody_came_to_still_gives_a_readable_workbook() -> None:
    book = load_workbook(BytesIO(sheets.attendance_workbook([], [])))

    assert [sheet.max_row for sheet in book.worksheets] == [1, 1]


def test_a_text_longer_than_a_cell_does_not_spoil_the_file() -> None:
    data = sheets.attendance_workbook([], [AttendanceSession("", "", "", "", None, None, timedelta(), "x" * 40_000)])

    assert len(load_workbook(BytesIO(data))["Sesiones"]["H2"].value) == 32_767


def test_rows_that_do_not_fit_are_refused_and_never_dropped_in_silence() -> None:
    one_too_many: list[tuple[sheets.Cell, ...]] = [()] * (sheets.LAST_ROW + 1)

    with Workbook(BytesIO(), {"constant_memory": True}) as book, pytest.raises(ValueError, match="at most"):
        sheets._write_sheet(book, "Sesiones", sheets.SESSION_COLUMNS, one_too_many)
