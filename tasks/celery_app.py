"""Celery as we run it: the database says what is to be done, the broker only rings, so losing the broker loses nothing."""

from functools import cache
from typing import Any

from celery import Celery, Task
from flask import Flask, current_app, has_app_context
from kombu import Queue

from app.config import Settings
from app.factory import create_app
from app.services.effects import EffectQueue

SWEEP_EVERY_S = 5


@cache
def process_app() -> Flask:
    """The application of this process, put together on first use: a worker's children open their own connections."""
    return create_app()


def flask_app() -> Flask:
    """The application in use, or this process's own."""
    return current_app._get_current_object() if has_app_context() else process_app()  # type: ignore[attr-defined]


class AppTask(Task):  # type: ignore[type-arg]
    """Runs inside a fresh application context, so that a task never meets the session of the one before."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        with flask_app().app_context():
            return super().__call__(*args, **kwargs)


def configuration() -> dict[str, Any]:
    settings: Settings = flask_app().extensions["settings"]
    return {
        "broker_url": settings.broker_url,
        "broker_connection_retry_on_startup": True,
        # Redelivered after the visibility timeout, so no effect may take longer than it.
        "broker_transport_options": {
            "visibility_timeout": settings.visibility_timeout,
            "queue_order_strategy": "priority",
        },
        # A job is forgotten when its work is done, not when it is taken: a killed worker's jobs come back.
        "task_acks_late": True,
        "task_reject_on_worker_lost": True,
        "worker_prefetch_multiplier": 1,
        "task_time_limit": settings.visibility_timeout,
        "task_ignore_result": True,
        "task_serializer": "json",
        "accept_content": ["json"],
        "task_queues": [Queue(queue.value) for queue in EffectQueue],
        "task_default_queue": EffectQueue.INTERACTIVE.value,
        "task_create_missing_queues": False,
        "timezone": "UTC",
        # Celery would put its own handler in place of ours, and its lines are not JSON.
        "worker_hijack_root_logger": False,
        "beat_schedule": {
            "sweep": {
                "task": "effects.sweep",
                "schedule": SWEEP_EVERY_S,
                # With no worker about, sweeps must not pile up: the next one does the same.
                "options": {"expires": SWEEP_EVERY_S},
            }
        },
    }


celery = Celery("constancia", task_cls=AppTask, include=["tasks.effects"])
# Read when a worker or beat starts, not when this file is imported.
celery.add_defaults(configuration)
