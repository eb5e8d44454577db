"""The worker with handlers that only tests ask for: `celery -A tests.support.worker_app worker`."""

import os
import signal
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from celery.signals import worker_init
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.adapters.storage import Storage
from app.models import Correction
from tasks.celery_app import celery
from tasks.handlers import HANDLERS

NOTE, STUCK_ONCE, POISON = "tests/note", "tests/stuck_once", "tests/poison"
LONG_S = 120

app = celery


def note(session: Session, payload: dict[str, Any], *, storage: Storage) -> None:
    """Leaves a row each time it ran to the end, after so many seconds."""
    time.sleep(payload.get("seconds", 0))
    now = datetime.now(UTC)
    session.add(Correction(record="note", natural_key="", before={}, after=payload, corrected_at=now, source="test"))


def stuck_once(session: Session, payload: dict[str, Any], *, storage: Storage) -> None:
    """The first time says in a file which process it is in and takes very long, here or in SQL; then it is quick."""
    marker = Path(payload["marker"])
    if not marker.exists():
        marker.write_text(str(os.getpid()))
        if payload.get("in_sql"):
            session.execute(select(func.pg_sleep(LONG_S)))
        time.sleep(LONG_S)
    note(session, payload, storage=storage)


def poison(session: Session, payload: dict[str, Any], *, storage: Storage) -> None:
    """Takes its process with it, every time."""
    os.kill(os.getpid(), signal.SIGKILL)


@worker_init.connect
def know_them(**_: Any) -> None:
    """In the worker alone: tests that import this file for its names keep the handlers of the house."""
    HANDLERS.update({NOTE: note, STUCK_ONCE: stuck_once, POISON: poison})
