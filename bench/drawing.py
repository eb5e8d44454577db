"""The same certificates drawn with nothing around: what the queue and the database cost shows beside it."""

import multiprocessing
import time
from concurrent.futures import ProcessPoolExecutor
from typing import Any

from flask import Flask
from sqlalchemy import select

from app.adapters.pdf.attachments import Attachment
from app.adapters.pdf.certificate import render_certificate
from app.domain.document import CertificateDocument
from app.models import Issuance
from app.services import documents
from app.unit_of_work import reading

Drawn = tuple[dict[str, Any], list[Attachment]]


def drawn_a_second(app: Flask, processes: int, many: int) -> float:
    """PDFs a second that so many processes make of issued certificates with what they carry, and throw away."""
    with app.app_context(), reading() as session:
        issued = session.scalars(select(Issuance).order_by(Issuance.id.desc()).limit(many)).all()
        given = [(issuance.snapshot, documents.attachments_of(session, issuance)) for issuance in issued]
    with ProcessPoolExecutor(processes, mp_context=multiprocessing.get_context("spawn")) as pool:
        # Fonts are read and pages are parsed once a process.
        list(pool.map(_draw, given[: 10 * processes]))
        begun = time.perf_counter()
        list(pool.map(_draw, given, chunksize=10))
        return len(given) / (time.perf_counter() - begun)


def _draw(given: Drawn) -> int:
    snapshot, attachments = given
    return len(render_certificate(CertificateDocument.from_snapshot(snapshot), attachments=attachments))
