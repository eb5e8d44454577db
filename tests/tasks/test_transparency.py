"""The clock takes facts into the public log and has its head signed."""

from typing import cast

from flask import Flask
from sqlalchemy.orm import Session

from app.models import LogHead
from tasks.celery_app import SCHEDULE, celery
from tasks.transparency import seal
from tests.factories import CertificateFactory


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


def test_a_head_is_signed_every_day_though_nothing_happened(app: Flask, session: Session) -> None:
    for _ in range(2):
        run(app, session, "seal")
    unchanged = session.query(LogHead).count()
    for _ in range(2):
        run(app, session, "sign")

    assert {SCHEDULE[entry]["task"] for entry in ("seal", "sign")} == {seal.name} <= set(celery.tasks)
    assert (unchanged, session.query(LogHead).count()) == (1, 3)
