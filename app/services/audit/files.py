"""Files: those of each row are there, unchanged and what they claim to be; each file is some row's."""

import hashlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any, BinaryIO

from sqlalchemy import text

from app.services.audit.invariant import AT_A_TIME, Ground, Invariant, in_sql
from app.services.documents import RENDER
from app.services.exports import KEPT_FOR
from app.services.forgetting import GRACE

DOCUMENTS = "SELECT 'issuance:' || issuance_id AS label, sha256, size FROM document"
# An export that was kept long enough may go at any moment.
OTHERS = """
    SELECT 'retroactive_attachment:' || id AS label, sha256, size FROM retroactive_attachment
    UNION ALL SELECT 'job:' || id, result_sha256, result_size FROM job
    WHERE result_sha256 IS NOT NULL AND ended_at > :kept_since
"""
NAMED = """
    SELECT sha256 FROM (
        SELECT sha256 FROM document UNION SELECT sha256 FROM retroactive_attachment
        UNION SELECT result_sha256 FROM job WHERE result_sha256 IS NOT NULL
    ) AS named ORDER BY sha256 COLLATE "C"
"""
PDF_BEGINS, PDF_ENDS, TAIL = b"%PDF-", b"%%EOF", 1024
PIECE = 1 << 20


def _of_each(
    rows: str, is_good: Callable[[BinaryIO, Any], bool], *, is_missing_bad: bool
) -> Callable[[Ground], Iterator[str]]:
    """The rows whose file is not good, and those that have none if that is what is looked for."""

    def offenders(ground: Ground) -> Iterator[str]:
        kept = {"kept_since": datetime.now(UTC) - KEPT_FOR} if ":kept_since" in rows else {}
        for row in ground.session.execute(text(rows), kept, execution_options={"yield_per": AT_A_TIME}):
            try:
                with ground.storage.open(row.sha256) as stream:
                    is_bad = not is_good(stream, row)
            # The other one is what a name that is no digest is told by.
            except (FileNotFoundError, ValueError):
                is_bad = is_missing_bad
            if is_bad:
                yield row.label

    return offenders


def _is_there(_stream: BinaryIO, _row: Any) -> bool:
    return True


def _is_unchanged(stream: BinaryIO, row: Any) -> bool:
    digest, size = hashlib.sha256(), 0
    while piece := stream.read(PIECE):
        digest.update(piece)
        size += len(piece)
    return (digest.hexdigest(), size) == (row.sha256, row.size)


def _is_pdf(stream: BinaryIO, row: Any) -> bool:
    begins = stream.read(len(PDF_BEGINS)) == PDF_BEGINS
    stream.seek(max(0, row.size - TAIL))
    return begins and PDF_ENDS in stream.read(TAIL)


def _of_no_row(ground: Ground) -> Iterator[str]:
    """Both sides in one order, so that neither has to fit here. What is younger than a day may be of an open transaction."""
    named = iter(ground.session.scalars(text(NAMED), execution_options={"yield_per": AT_A_TIME}))
    name: str | None = next(named, None)
    for file in ground.storage.names(stored_before=datetime.now(UTC) - GRACE):
        while name is not None and name < file:
            name = next(named, None)
        if file != name:
            yield f"file:{file}"


INVARIANTS = (
    in_sql(
        "issuances_get_their_document",
        "Cada certificado emitido tiene su PDF, o espera por él, o hay un incidente.",
        """
        SELECT 'issuance:' || i.id FROM issuance AS i
        WHERE issued_at < :settled_before
            AND NOT EXISTS (SELECT FROM document WHERE issuance_id = i.id)
            AND NOT EXISTS (SELECT FROM effect WHERE identity = :render || ':' || i.id AND done_at IS NULL)
        """,
        render=RENDER,
    ),
    Invariant(
        "document_files_exist",
        "El archivo de cada PDF está en la carpeta de documentos.",
        _of_each(DOCUMENTS, _is_there, is_missing_bad=True),
    ),
    Invariant(
        "document_files_unchanged",
        "Cada PDF guardado tiene el largo y la huella que dice su fila.",
        _of_each(DOCUMENTS, _is_unchanged, is_missing_bad=False),
    ),
    Invariant(
        "documents_are_pdf",
        "Cada PDF guardado empieza y termina como un PDF.",
        _of_each(DOCUMENTS, _is_pdf, is_missing_bad=False),
    ),
    Invariant(
        "other_files_unchanged",
        "Cada antecedente de una solicitud y cada descarga vigente está, con su largo y su huella.",
        _of_each(OTHERS, _is_unchanged, is_missing_bad=True),
    ),
    Invariant(
        "files_have_rows",
        "Ningún archivo de más de un día quedó en la carpeta de documentos sin una fila que lo nombre.",
        _of_no_row,
    ),
)
