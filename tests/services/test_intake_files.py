"""`flask intake load`: folders and zips as they come, whole or broken, and what the command tells."""

import json
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models import AttendanceMark, Correction, TrainingAction
from tests.services.intake_files import BENJAMIN, CLASS, CODE, ENTRY, EXIT, text_of, write


def load(app: Flask, *args: Path | str) -> Result:
    return app.test_cli_runner().invoke(args=["intake", "load", *map(str, args)])


def marks(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(AttendanceMark)) or 0


def test_a_folder_loads_and_says_how_many_rows_were_new(app: Flask, session: Session, tmp_path: Path) -> None:
    result = load(app, write(tmp_path))

    assert result.exit_code == 0, result.output
    assert "marks.csv                    2           0           0           0" in result.output
    assert marks(session) == 2


def test_a_zip_with_its_files_in_a_folder_loads_as_well(app: Flask, session: Session, tmp_path: Path) -> None:
    write(tmp_path / "files")
    with zipfile.ZipFile(tmp_path / "intake.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for path in (tmp_path / "files").iterdir():
            archive.write(path, f"marzo/{path.name}")

    assert load(app, tmp_path / "intake.zip").exit_code == 0
    assert marks(session) == 2


def test_chunks_smaller_than_a_file_load_all_of_it(live: Flask, live_session: Session, tmp_path: Path) -> None:
    assert load(live, write(tmp_path), "--chunk", "1").exit_code == 0
    assert marks(live_session) == 2


def test_a_key_in_several_chunks_is_new_first_and_a_correction_then(
    live: Flask, live_session: Session, tmp_path: Path
) -> None:
    minutes = range(20, 40)
    again = [{**ENTRY, "marked_at": f"2026-03-02T09:{minute}:00-03:00"} for minute in minutes]
    result = load(live, write(tmp_path, marks=[EXIT, *again]), "--chunk", "1")

    assert f"{'marks.csv':<20}{2:>10}{0:>12}{19:>12}{0:>12}" in result.output
    stored = live_session.scalar(select(AttendanceMark.marked_at).where(AttendanceMark.mark_id == ENTRY["mark_id"]))
    assert stored == datetime(2026, 3, 2, 12, 39, tzinfo=UTC)


def test_a_second_load_changes_nothing(app: Flask, session: Session, tmp_path: Path) -> None:
    write(tmp_path)
    load(app, tmp_path)
    result = load(app, tmp_path)

    assert result.exit_code == 0
    assert "marks.csv                    0           2           0           0" in result.output
    assert session.scalar(select(func.count()).select_from(Correction)) == 0


def test_a_bad_row_is_told_with_file_line_field_and_reason_and_the_rest_loads(
    app: Flask, session: Session, tmp_path: Path
) -> None:
    report = tmp_path / "informe.json"
    write(tmp_path / "in", marks=[ENTRY, {**EXIT, "marked_at": "2026-02-30T09:00:00-03:00"}])
    result = load(app, tmp_path / "in", "--report", report)

    assert result.exit_code == 1
    assert "marks.csv, línea 3, campo marked_at: No es una fecha y hora posible" in result.output
    assert marks(session) == 1
    (refused,) = json.loads(report.read_text(encoding="utf-8"))["refused"]
    assert (refused["file"], refused["line"], refused["field"]) == ("marks.csv", 3, "marked_at")


def test_the_line_told_counts_line_breaks_inside_quotes(app: Flask, session: Session, tmp_path: Path) -> None:
    write(tmp_path, marks=[{**ENTRY, "device_id": "de\nla sala"}, {**EXIT, "kind": "x"}])
    result = load(app, tmp_path)

    assert "marks.csv, línea 4, campo kind" in result.output
    assert session.scalar(select(AttendanceMark.device_id)) == "de la sala"


WHOLE = text_of([ENTRY, EXIT]).encode()
BROKEN = [
    ("cut within a field of quotes", WHOLE.replace(b"M2", b'"M2'), "cortado", 1),
    ("cut within a row", WHOLE[:-60], "el archivo parece cortado ahí", 1),
    ("a missing column", WHOLE.replace(b"validation", b"validacion"), "Falta la columna validation", 0),
    ("in Latin-1", WHOLE.replace(b"LCE-1", "Peñón".encode("latin-1"), 1), "campo device_id: No está en UTF-8", 1),
    ("in UTF-16", WHOLE.decode().encode("utf-16"), "No está en UTF-8", 0),
    ("with semicolons", WHOLE.replace(b",", b";"), "punto y coma", 0),
    ("empty", b"", "Está vacío", 0),
    ("a row with a comma too many", WHOLE.replace(b"M2,", b"M2,,"), "La fila tiene 9 campos y la cabecera 8", 1),
    ("a column twice", WHOLE.replace(b"device_id", b"device_id,rut", 1), "repite una columna", 0),
]


@pytest.mark.parametrize(("content", "sentence", "loaded"), [case[1:] for case in BROKEN], ids=[c[0] for c in BROKEN])
def test_a_broken_file_gets_its_sentence_and_what_came_before_the_break_stays(
    app: Flask, session: Session, tmp_path: Path, content: bytes, sentence: str, loaded: int
) -> None:
    write(tmp_path)
    (tmp_path / "marks.csv").write_bytes(content)
    result = load(app, tmp_path)

    assert result.exit_code == 1
    assert sentence in result.output
    assert marks(session) == loaded
    assert session.scalar(select(TrainingAction.code)) == CODE


def test_a_folder_broken_everywhere_tells_each_place_and_the_good_rows_load(
    app: Flask, session: Session, tmp_path: Path
) -> None:
    bad = [
        {"action_code": "9999999"},
        {"rut": "9-4"},
        {"marked_at": "2026-02-30T09:00:00-03:00"},
        {"kind": "x"},
        {"validation": ""},
    ]
    numbered = [{**ENTRY, "mark_id": f"B{place}", **change} for place, change in enumerate(bad)]
    early_exit = {**EXIT, "mark_id": "M3", "rut": BENJAMIN, "marked_at": "2026-03-02T08:50:00-03:00"}
    late_entry = {**ENTRY, "mark_id": "M4", "rut": BENJAMIN}
    backwards = {**CLASS, "class_id": "C02", "ended_at": "2026-03-02T08:00:00-03:00"}
    write(tmp_path, classes=[CLASS, backwards], marks=[*numbered, ENTRY, EXIT, early_exit, late_entry, ENTRY])
    path = tmp_path / "marks.csv"
    path.write_bytes(path.read_bytes()[:-40])
    people = tmp_path / "people.csv"
    people.write_bytes(people.read_bytes() + "9-4,Begoña,Peña,,\n".encode("latin-1"))
    (tmp_path / "profiles.csv").write_text("rut,profile\n", encoding="utf-8")
    result = load(app, tmp_path)

    assert result.exit_code == 1
    assert [line.split(":")[0] for line in result.output.splitlines() if ".csv" in line and ":" in line] == [
        "people.csv, línea 5, campo given_names",
        "profiles.csv",
        "classes.csv, línea 3, campo ended_at",
        "marks.csv, línea 2, campo action_code",
        "marks.csv, línea 3, campo rut",
        "marks.csv, línea 4, campo marked_at",
        "marks.csv, línea 5, campo kind",
        "marks.csv, línea 6, campo validation",
        "marks.csv, línea 9, campo marked_at",
        "marks.csv, línea 11",
    ]
    assert marks(session) == 3


EARLY_EXIT = {**EXIT, "mark_id": "M3", "rut": BENJAMIN, "marked_at": "2026-03-02T08:50:00-03:00"}
LATE_ENTRY = {**ENTRY, "mark_id": "M4", "rut": BENJAMIN}


@pytest.mark.parametrize("chunk", ["1", "2", "25000"])
def test_an_exit_before_its_entry_is_refused_however_the_file_is_cut(
    live: Flask, live_session: Session, tmp_path: Path, chunk: str
) -> None:
    result = load(live, write(tmp_path, marks=[EARLY_EXIT, ENTRY, EXIT, LATE_ENTRY]), "--chunk", chunk)

    assert result.exit_code == 1
    assert "marks.csv, línea 2, campo marked_at: Esta salida es anterior a toda entrada" in result.output
    assert marks(live_session) == 3


@pytest.mark.parametrize("chunk", ["1", "2", "25000"])
def test_an_exit_may_stand_lines_before_its_entry_if_it_is_later(
    live: Flask, live_session: Session, tmp_path: Path, chunk: str
) -> None:
    result = load(live, write(tmp_path, marks=[EXIT, LATE_ENTRY, ENTRY]), "--chunk", chunk)

    assert result.exit_code == 0
    assert "Avisos" not in result.output


def test_the_last_record_of_a_key_stays_though_an_earlier_one_was_held(
    live: Flask, live_session: Session, tmp_path: Path
) -> None:
    later = {**EXIT, "marked_at": "2026-03-02T13:30:00-03:00"}
    load(live, write(tmp_path, marks=[EXIT, later, ENTRY]), "--chunk", "1")

    stored = live_session.scalar(select(AttendanceMark.marked_at).where(AttendanceMark.mark_id == EXIT["mark_id"]))
    assert stored == datetime(2026, 3, 2, 16, 30, tzinfo=UTC)


def test_an_entry_whose_exit_came_before_is_loaded_with_a_warning(app: Flask, session: Session, tmp_path: Path) -> None:
    load(app, write(tmp_path, marks=[EARLY_EXIT]))
    result = load(app, write(tmp_path, marks=[LATE_ENTRY]))

    assert result.exit_code == 0
    assert "Avisos: 1." in result.output
    assert "marks.csv, línea 2, campo marked_at: Ya había una salida anterior" in result.output


def test_a_byte_order_mark_columns_in_another_order_and_columns_too_many_are_no_obstacle(
    app: Flask, session: Session, tmp_path: Path
) -> None:
    write(tmp_path)
    shuffled = text_of([dict(reversed([*row.items(), ("nota", "x")])) for row in (ENTRY, EXIT)])
    (tmp_path / "marks.csv").write_text(shuffled, encoding="utf-8-sig", newline="")

    assert load(app, tmp_path).exit_code == 0
    assert marks(session) == 2


def test_a_zip_cut_in_half_is_refused_with_a_sentence(app: Flask, session: Session, tmp_path: Path) -> None:
    write(tmp_path / "files")
    path = tmp_path / "intake.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.write(tmp_path / "files" / "marks.csv", "marks.csv")
    path.write_bytes(path.read_bytes()[:300])
    result = load(app, path)

    assert result.exit_code == 1
    assert "no es un zip completo" in result.output


def test_a_zip_with_damaged_bytes_is_refused_with_a_sentence(app: Flask, session: Session, tmp_path: Path) -> None:
    path = tmp_path / "intake.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("people.csv", "rut,given_names,first_surname,second_surname,email\n")
    path.write_bytes(path.read_bytes().replace(b"given_names", b"given_nombr"))
    result = load(app, path)

    assert result.exit_code == 1
    assert "people.csv" in result.output


def test_a_name_that_is_no_file_of_the_intake_is_told(app: Flask, session: Session, tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / "mark.csv").write_bytes(WHOLE)

    assert "mark.csv no es un archivo que se cargue" in load(app, tmp_path).output


@pytest.mark.parametrize(
    ("path", "sentence"), [("nada", "No existe"), ("", "no hay ningún archivo que leer")], ids=["absent", "empty"]
)
def test_a_path_with_nothing_to_read_is_refused(
    app: Flask, session: Session, tmp_path: Path, path: str, sentence: str
) -> None:
    result = load(app, tmp_path / path)

    assert result.exit_code == 1
    assert sentence in result.output
