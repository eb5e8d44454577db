"""The demo as the folder of files a provider would send."""

import csv
from pathlib import Path

from app.demo.records import DemoRecords
from app.services.intake import KINDS


def write(records: DemoRecords, folder: Path) -> None:
    """Write the seven files into `folder`, made if it is not there."""
    folder.mkdir(parents=True, exist_ok=True)
    for kind in KINDS:
        with (folder / kind.file_name).open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, fieldnames=list(kind.fields))
            writer.writeheader()
            writer.writerows(records.rows(kind.name))
