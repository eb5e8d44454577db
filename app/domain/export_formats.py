"""The files in which a course's attendance can be taken along."""

from typing import Self

from app.domain.faces import Face


class ExportFormat(Face):
    """The value is the one in addresses; `filename` is what the person finds in the folder of downloads."""

    ending: str
    content_type: str

    def __new__(cls, value: str, label: str = "", ending: str = "", content_type: str = "") -> Self:
        # An enumeration cannot call the constructor of its parent, so the face is given here again.
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        member.ending = ending
        member.content_type = content_type
        return member

    XLSX = (
        *("xlsx", "Excel, con una hoja de totales y otra de clases", "xlsx"),
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    )
    CSV = "csv", "CSV de clases", "csv", "text/csv; charset=utf-8; header=present"
    CSV_TOTALS = "totales", "CSV de totales", "csv", "text/csv; charset=utf-8; header=present"
    PDF = "pdf", "PDF para leer o imprimir", "pdf", "application/pdf"

    def filename(self, code: str) -> str:
        what = "asistencia-totales" if self is ExportFormat.CSV_TOTALS else "asistencia"
        return f"{what}-{code}.{self.ending}"
