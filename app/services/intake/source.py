"""Where rows come from: a folder or a zip of CSV files, read as a stream, with the line each row starts at."""

import csv
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, NamedTuple

from app.domain.errors import Refusal
from app.services.intake.kinds import KINDS, Kind
from app.services.intake.report import Refused

# No line of these files comes near; without a limit a file that is not text would be held whole.
LONGEST_LINE = 1 << 20
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_SAVE_AS_UTF8 = "Guárdelo como «CSV UTF-8» y vuelva a cargarlo."


class Row(NamedTuple):
    """One row by field name, as text, and the line of its file where it starts."""

    line: int
    values: dict[str, str]


class UnreadableFile(Exception):
    """The rest of a file cannot be read; rows already given stay good. The text is the sentence for the person."""


@dataclass(frozen=True)
class SourceFile:
    """One CSV file of a known kind; `size` is in bytes, before compression."""

    kind: Kind
    size: int
    _open: Callable[[], IO[bytes]]

    @property
    def name(self) -> str:
        return self.kind.file_name

    def rows(self, advance: Callable[[int], None]) -> Iterator[Row | Refused]:
        """Each row, or why it cannot be one, or why the rest of the file cannot be read; `advance` is told the bytes."""
        try:
            with self._open() as stream:
                yield from _Rows(self.name, tuple(self.kind.fields), stream, advance)
        except UnreadableFile as unreadable:
            yield Refused(self.name, None, None, str(unreadable))
        except (zipfile.BadZipFile, zlib.error, EOFError):
            yield Refused(self.name, None, None, "El zip está dañado o cortado. Vuelva a crearlo y cárguelo otra vez.")


@dataclass(frozen=True)
class Source:
    """The files found, in the order they are loaded, and the names of CSV files that mean nothing here."""

    files: tuple[SourceFile, ...]
    unknown: tuple[str, ...]


@contextmanager
def open_source(path: Path) -> Iterator[Source]:
    """The files of a folder or zip. Raises Refusal if there is none to read."""
    if path.is_dir():
        yield _source({p.name: (p.stat().st_size, _opener(p)) for p in path.iterdir() if p.is_file()}, path)
    elif path.is_file():
        try:
            archive = zipfile.ZipFile(path)
        except zipfile.BadZipFile as bad:
            raise Refusal(f"{path} no es un zip completo. Vuelva a crearlo, o indique la carpeta.") from bad
        with archive:
            yield _source(_members(archive), path)
    else:
        raise Refusal(f"No existe {path}. Indique la carpeta o el zip con los archivos CSV.")


def _opener(path: Path) -> Callable[[], IO[bytes]]:
    return lambda: path.open("rb")


def _members(archive: zipfile.ZipFile) -> dict[str, tuple[int, Callable[[], IO[bytes]]]]:
    members: dict[str, tuple[int, Callable[[], IO[bytes]]]] = {}
    for info in archive.infolist():
        place = PurePosixPath(info.filename)
        if info.is_dir() or "__MACOSX" in place.parts:
            continue
        if place.name in members:
            raise Refusal(f"El zip trae {place.name} dos veces. Deje uno solo y vuelva a cargarlo.")
        members[place.name] = (info.file_size, _member_opener(archive, info))
    return members


def _member_opener(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Callable[[], IO[bytes]]:
    return lambda: archive.open(info)


def _source(found: dict[str, tuple[int, Callable[[], IO[bytes]]]], path: Path) -> Source:
    files = tuple(SourceFile(kind, *found[kind.file_name]) for kind in KINDS if kind.file_name in found)
    if not files:
        names = ", ".join(kind.file_name for kind in KINDS)
        raise Refusal(f"En {path} no hay ningún archivo que leer. Los nombres son: {names}.")
    known = {file.name for file in files}
    return Source(files, tuple(sorted(name for name in found if name.lower().endswith(".csv") and name not in known)))


class _Rows:
    """Reads one stream: decodes line by line, so that one bad byte refuses one row and not the file."""

    def __init__(self, name: str, fields: tuple[str, ...], stream: IO[bytes], advance: Callable[[int], None]) -> None:
        self._name = name
        self._fields = fields
        self._stream = stream
        self._advance = advance
        self._last_undecodable = 0
        self._line = 0

    def __iter__(self) -> Iterator[Row | Refused]:
        reader = csv.reader(self._lines(), strict=True)
        try:
            header = self._header(next(reader, None))
            start = self._line + 1
            for cells in reader:
                if cells:
                    yield self._row(header, start, cells)
                start = self._line + 1
        except csv.Error as broken:
            raise UnreadableFile(self._csv_problem(str(broken))) from broken

    def _lines(self) -> Iterator[str]:
        while raw := self._stream.readline(LONGEST_LINE):
            self._line += 1
            self._advance(len(raw))
            if self._line == 1 and raw.startswith(_UTF16):
                raise UnreadableFile(f"No está en UTF-8. {_SAVE_AS_UTF8}")
            try:
                yield raw.decode("utf-8-sig" if self._line == 1 else "utf-8")
            except UnicodeDecodeError:
                self._last_undecodable = self._line
                yield raw.decode("utf-8", errors="surrogateescape")

    def _header(self, cells: list[str] | None) -> list[str]:
        if cells is None:
            raise UnreadableFile("Está vacío: le falta la cabecera con los nombres de las columnas.")
        if self._last_undecodable:
            raise UnreadableFile(f"No está en UTF-8. {_SAVE_AS_UTF8}")
        header = [cell.strip() for cell in cells]
        missing = [name for name in self._fields if name not in header]
        if missing and len(header) == 1 and ";" in header[0]:
            raise UnreadableFile("Sus columnas están separadas por punto y coma. Guárdelo separado por comas.")
        if missing:
            what, add = (
                ("Falta la columna", "Agréguela") if len(missing) == 1 else ("Faltan las columnas", "Agréguelas")
            )
            raise UnreadableFile(f"{what} {', '.join(missing)} en la cabecera. {add} y vuelva a cargarlo.")
        if len(set(header)) < len(header):
            raise UnreadableFile("La cabecera repite una columna. Deje cada nombre una sola vez.")
        return header

    def _row(self, header: list[str], line: int, cells: list[str]) -> Row | Refused:
        if len(cells) != len(header):
            is_short = len(cells) < len(header)
            advice = "el archivo parece cortado ahí. Expórtelo de nuevo." if is_short else "revise comas y comillas."
            reason = f"La fila tiene {len(cells)} campos y la cabecera {len(header)}; {advice}"
            return Refused(self._name, line, None, reason)
        values = dict(zip(header, cells, strict=True))
        if self._last_undecodable >= line:
            bad = next(name for name, value in values.items() if any("\udc80" <= c <= "\udcff" for c in value))
            return Refused(self._name, line, bad, f"No está en UTF-8. {_SAVE_AS_UTF8}")
        return Row(line, values)

    def _csv_problem(self, message: str) -> str:
        if "end of data" in message:
            return f"Termina dentro de un campo entre comillas (línea {self._line}): está cortado. Expórtelo de nuevo."
        return f"No se puede leer desde la línea {self._line}: revise las comillas y los saltos de línea."
