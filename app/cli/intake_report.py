"""The report of a load: counts and the first refused rows on screen, all of them in a JSON file if one is asked for."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import IO

from app.services.intake import Doubt, FileCounts, Refused

# A file of a million bad rows must neither fill the screen nor the memory.
SHOWN = 50
# Nor may what is wrong with a whole file hide what is wrong with the others.
ALIKE = 3
DOUBTS_SHOWN, DOUBTS_KEPT = 10, 1000


class LoadReport:
    """Collects what happened; refused rows beyond the first ones go to the JSON file only."""

    def __init__(self, json_file: IO[str] | None = None) -> None:
        self.files: dict[str, FileCounts] = {}
        self._notices: list[str] = []
        self._shown: list[Refused] = []
        self._alike: Counter[tuple[str, str]] = Counter()
        self._refused = 0
        self._doubtful: list[Doubt] = []
        self._doubts = 0
        self._json = json_file

    @classmethod
    @contextmanager
    def open(cls, path: Path | None) -> Iterator["LoadReport"]:
        """A report that writes its refused rows to `path` as they come."""
        if path is None:
            yield cls()
            return
        with path.open("w", encoding="utf-8") as json_file:
            json_file.write('{"refused": [')
            report = cls(json_file)
            yield report
            files = {name: asdict(counts) for name, counts in report.files.items()}
            json_file.write(f'\n], "doubts": {report._doubts}, "first_doubts": [')
            json_file.write(",\n".join(json.dumps(row._asdict(), ensure_ascii=False) for row in report._doubtful))
            json_file.write(f'], "files": {json.dumps(files)}, ')
            json_file.write(f'"notices": {json.dumps(report._notices, ensure_ascii=False)}}}\n')

    @property
    def has_refusals(self) -> bool:
        return self._refused > 0

    def begin(self, file_name: str) -> FileCounts:
        self.files[file_name] = FileCounts()
        return self.files[file_name]

    def notice_unknown(self, names: Sequence[str]) -> None:
        self._notices.extend(f"{name} no es un archivo que se cargue; no se leyó." for name in names)

    def refuse(self, refused: Iterable[Refused]) -> None:
        for row in refused:
            self.files[row.file].refused += 1
            if self._json is not None:
                self._json.write(",\n" if self._refused else "\n")
                self._json.write(json.dumps(row._asdict(), ensure_ascii=False))
            self._refused += 1
            self._keep_for_the_screen(row)

    def _keep_for_the_screen(self, row: Refused) -> None:
        """The first ones of each file and reason; of those that are shown, how many there are."""
        kind = (row.file, row.reason)
        if self._alike[kind] < ALIKE and len(self._shown) < SHOWN:
            self._shown.append(row)
        elif not self._alike[kind]:
            return
        self._alike[kind] += 1

    def doubt(self, doubts: Sequence[Doubt]) -> None:
        """Rows that were taken and yet look wrong; the first ones are kept."""
        self._doubts += len(doubts)
        self._doubtful.extend(doubts[: DOUBTS_KEPT - len(self._doubtful)])

    def text(self) -> str:
        """What a person reads at the end."""
        return "\n".join([*self._table(), *self._notices, *self._refusals(), *self._warnings()])

    def _table(self) -> Iterator[str]:
        yield f"{'Archivo':<20}{'Nuevas':>10}{'Sin cambio':>12}{'Corregidas':>12}{'Rechazadas':>12}"
        for name, counts in self.files.items():
            yield f"{name:<20}{counts.new:>10}{counts.unchanged:>12}{counts.corrected:>12}{counts.refused:>12}"

    def _refusals(self) -> Iterator[str]:
        if not self._refused:
            return
        yield ""
        count = "1 rechazo" if self._refused == 1 else f"{self._refused} rechazos"
        yield f"{count}. Lo demás quedó cargado. Corrija lo que sigue y vuelva a cargar los mismos archivos."
        # Rows that were held for the rest of their file were refused after it.
        in_order = sorted(self._shown, key=lambda row: (list(self.files).index(row.file), row.line or 0))
        last_of_its_kind = {(row.file, row.reason): row for row in in_order}
        for row in in_order:
            yield row.sentence
            more = self._alike[row.file, row.reason] - ALIKE
            if more > 0 and row is last_of_its_kind[row.file, row.reason]:
                yield f"{row.file}, {'1 línea' if more == 1 else f'{more} líneas'} más: la misma razón."
        if self._refused > len(self._shown):
            rest = self._refused - self._alike.total()
            others = f"… y {rest} más por otras razones. " if rest else ""
            yield f"{others}Con --report ARCHIVO quedan todos en un JSON, línea por línea."

    def _warnings(self) -> Iterator[str]:
        if not self._doubts:
            return
        yield ""
        yield f"Avisos: {self._doubts}. Son filas que se cargaron y conviene revisar."
        yield from (row.sentence for row in self._doubtful[:DOUBTS_SHOWN])
        if self._doubts > DOUBTS_SHOWN:
            yield f"… y {self._doubts - DOUBTS_SHOWN} más. Con --report ARCHIVO quedan los primeros {DOUBTS_KEPT} en un JSON."
