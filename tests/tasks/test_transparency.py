"""The clock takes facts into the public log and has its head signed."""

from pathlib import Path
from typing import cast

import pytest
from flask import Flask
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from app.adapters.log_key import LogKey
from app.models import Certificate, Document, Effect, LogHead
from app.services import documents
from tasks.celery_app import SCHEDULE, celery
from tasks.transparency import seal
from tests.factories import CertificateFactory
from tests.support.documents import read
from tests.support.effects import run as run_effects


def run(app: Flask, session: Session, entry: str) -> int:
    """What the clock sends, sent; how large the log is in its newest head."""
    session.commit()
    with app.app_context():
        seal(**cast(dict[str, bool], SCHEDULE[entry].get("kwargs", {})))
    return session.query(LogHead).order_by(LogHead.id.desc()).first().size  # type: ignore[union-attr]


def test_within_a_minute_a_fact_is_under_a_signed_head(app: Flask, session: Session) -> None:
    CertificateFactory(requested=True)

    assert run(app, session, "seal") == 2
    assert SCHEDULE["seal"]["schedule"] == 60


def test_a_pdf_is_made_with_its_proof_though_nothing_was_sealed_before(app: Flask, session: Session) -> None:
    certificate = CertificateFactory(issued=True)

    document = made(app, session, certificate)

    pdf = read(app.extensions["storage"].read(document.sha256))
    assert set(pdf.attachments) == {"certificado.json", "prueba-de-registro.json"}
    assert session.query(LogHead).one().size == 1


def test_without_the_key_the_pdf_waits_and_the_operator_is_told_why(
    app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(app.extensions, "log_key", LogKey(tmp_path / "lost.pem"))
    certificate = CertificateFactory(issued=True)

    with pytest.raises(NoResultFound):
        made(app, session, certificate)

    effect = session.query(Effect).filter_by(kind=documents.RENDER).one()
    assert (effect.attempts, effect.done_at) == (1, None)
    assert "EffectFailed en app/adapters/log_key.py" in (effect.last_error or "")


def made(app: Flask, session: Session, certificate: Certificate) -> Document:
    """The PDF of a certificate after one try of a worker. Raises NoResultFound if there is none."""
    session.commit()
    asked = session.query(Effect).filter_by(kind=documents.RENDER).one()
    run_effects(app, asked.id)
    session.expire_all()
    return session.query(Document).filter_by(issuance_id=certificate.issuances[0].id).one()


def test_a_head_is_signed_every_day_though_nothing_happened(app: Flask, session: Session) -> None:
    for _ in range(2):
        run(app, session, "seal")
    unchanged = session.query(LogHead).count()
    for _ in range(2):
        run(app, session, "sign")

    assert {SCHEDULE[entry]["task"] for entry in ("seal", "sign")} == {seal.name} <= set(celery.tasks)
    assert (unchanged, session.query(LogHead).count()) == (1, 3)
