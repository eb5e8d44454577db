"""What an operator reads at the end of a load: every kind of mistake, however many rows each of them spoils."""

from app.cli.intake_report import SHOWN, LoadReport
from app.services.intake import Refused

ENCODING, COLUMN, DIGIT = "No está en UTF-8.", "Falta la columna region.", "El dígito no corresponde."


def told(*refused: Refused) -> list[str]:
    report = LoadReport()
    for name in ("people.csv", "profiles.csv", "marks.csv"):
        report.begin(name)
    report.refuse(refused)
    return report.text().split("\n\n")[1].splitlines()[1:]


def spoiled(rows: int, *, reason: str = ENCODING) -> list[Refused]:
    return [Refused("people.csv", line, "names", reason) for line in range(2, 2 + rows)]


def test_a_file_spoiled_whole_hides_no_mistake_of_the_others() -> None:
    column, digit = Refused("profiles.csv", None, None, COLUMN), Refused("marks.csv", 9, "rut", DIGIT)

    assert told(*spoiled(900), column, digit) == [
        *(f"people.csv, línea {line}, campo names: {ENCODING}" for line in (2, 3, 4)),
        "people.csv, 897 líneas más: la misma razón.",
        f"profiles.csv: {COLUMN}",
        f"marks.csv, línea 9, campo rut: {DIGIT}",
        "Con --report ARCHIVO quedan todos en un JSON, línea por línea.",
    ]


def test_few_rows_are_told_one_by_one() -> None:
    assert told(*spoiled(3)) == [f"people.csv, línea {line}, campo names: {ENCODING}" for line in (2, 3, 4)]


def test_one_row_more_is_one() -> None:
    assert "people.csv, 1 línea más: la misma razón." in told(*spoiled(4))


def test_a_million_reasons_neither_fill_the_screen_nor_go_uncounted() -> None:
    others = [Refused("marks.csv", line, "rut", f"{DIGIT} {line}") for line in range(2, 2 + 200)]

    lines = told(*others)

    assert len(lines) == SHOWN + 1
    assert lines[-1].startswith(f"… y {200 - SHOWN} más por otras razones.")
