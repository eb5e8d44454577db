"""Attendance of a course as CSV for other programs: UTF-8, header, comma, RFC 4180, as the files of the intake."""

import csv
from collections.abc import Iterable, Sequence
from datetime import timedelta
from io import StringIO

from app.adapters.workbook import SESSION_COLUMNS, TOTAL_COLUMNS, AttendanceSession, AttendanceTotal, Column

# A spreadsheet that opens the file takes a cell that begins so for a formula, and a name is typed by strangers: it could
# fetch an address or start a program. CSV cannot say "this is text", so an apostrophe before it does, as OWASP's "CSV
# Injection" recommends. Tabs and line ends count because some programs skip them before looking.
_BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def totals_csv(totals: Iterable[AttendanceTotal]) -> bytes:
    """One row a participant."""
    rows = (
        (
            *(row.rut, row.name, _clock(row.credited)),
            *(f"{row.percentage}", f"{row.shown}", f"{row.provisional_percentage}"),
            row.flags,
        )
        for row in totals
    )
    return _csv(TOTAL_COLUMNS, rows)


def sessions_csv(sessions: Iterable[AttendanceSession]) -> bytes:
    """One row a participant and class; instants on the wall clock of the place, with its offset."""
    rows = (
        (
            *(row.rut, row.name, row.class_id, row.instructor),
            row.entered_at.isoformat(" ", "seconds") if row.entered_at else "",
            row.left_at.isoformat(" ", "seconds") if row.left_at else "",
            *(_clock(row.duration), row.explanation),
        )
        for row in sessions
    )
    return _csv(SESSION_COLUMNS, rows)


def guarded(text: str) -> str:
    """The text as no spreadsheet takes it for a formula."""
    return f"'{text}" if text.startswith(_BEGINS_A_FORMULA) else text


def _csv(columns: Sequence[Column], rows: Iterable[Iterable[str]]) -> bytes:
    target = StringIO(newline="")
    writer = csv.writer(target, lineterminator="\r\n")
    writer.writerow(column.heading for column in columns)
    writer.writerows(map(guarded, row) for row in rows)
    return target.getvalue().encode()


def _clock(time: timedelta) -> str:
    """`44:59:38`: hours beyond a day stay hours."""
    minutes, seconds = divmod(time // timedelta(seconds=1), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"
