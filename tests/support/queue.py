"""The real broker, and on demand a real worker."""

import base64
import json
import os
import signal
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from redis import Redis

from app.cli.supervisor import Children
from app.config import Settings
from app.services.effects import EffectQueue

PATIENCE_S = 90


@dataclass(frozen=True)
class Job:
    queue: str
    task: str
    args: list[Any]


SentJobs = Callable[[], list[Job]]
WorkerProcess = Callable[..., AbstractContextManager["Worker"]]


@pytest.fixture(scope="session")
def broker(settings: Settings) -> Iterator[Redis]:
    with Redis.from_url(settings.broker_url) as client:
        yield client


@pytest.fixture
def empty_broker(broker: Redis) -> None:
    """No jobs, sessions or limits of an earlier test."""
    broker.flushall()


@pytest.fixture
def sent_jobs(broker: Redis, empty_broker: None) -> SentJobs:
    """What this test rang for and no worker has taken, queue by queue, oldest first."""

    def jobs() -> list[Job]:
        return [_job(queue, raw) for queue in EffectQueue for raw in reversed(_messages(broker, queue))]

    return jobs


def _messages(broker: Redis, queue: str) -> list[bytes]:
    messages: Any = broker.lrange(queue, 0, -1)
    return list(messages)


def _job(queue: str, raw: bytes) -> Job:
    message = json.loads(raw)
    args, _kwargs, _embedded = json.loads(base64.b64decode(message["body"]))
    return Job(queue, message["headers"]["task"], args)


class Worker:
    """A running worker: its processes are a group of their own."""

    def __init__(self, pid: int) -> None:
        self.pid = pid

    def kill(self) -> None:
        """`kill -9` to all of it."""
        os.killpg(self.pid, signal.SIGKILL)


@pytest.fixture
def celery_worker_process(live: Flask, settings: Settings, tmp_path: Path) -> WorkerProcess:
    """`with celery_worker_process():` has a worker of its own process, with the sweep's clock, while the block lasts.

    `handlers=True` gives it those of tests/support/worker_app.py too; settings can be changed by name.
    """

    @contextmanager
    def running(*, handlers: bool = False, concurrency: int = 1, **changed: Any) -> Iterator[Worker]:
        folder = Path(tempfile.mkdtemp(dir=tmp_path))
        children = Children(folder, replace(settings, **changed).to_env())
        app = "tests.support.worker_app" if handlers else "tasks.celery_app"
        worker = [
            "-A",
            app,
            "worker",
            "--beat",
            "--schedule",
            str(folder / "beat"),
            "--hostname",
            f"{folder.name}@test",
        ]
        try:
            children.start("worker", "celery", [*worker, "--concurrency", str(concurrency), "--loglevel", "INFO"])
            _wait_until_ready(children)
            yield Worker(children.pid("worker"))
        finally:
            children.stop()

    return running


def _wait_until_ready(children: Children) -> None:
    until = time.monotonic() + PATIENCE_S
    while " ready." not in (log := children.log("worker").read_text()):
        assert children.ended() is None, log
        assert time.monotonic() < until, log
        time.sleep(0.1)
