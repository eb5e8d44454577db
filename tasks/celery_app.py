"""Celery as we run it: the database says what is to be done, the broker only rings, so losing the broker loses nothing."""

from functools import cache
from typing import Any

from celery import Celery, Task
from celery.schedules import crontab
from flask import Flask, current_app, has_app_context
from kombu import Queue

from app.config import Settings
from app.factory import create_app
from app.services.effects import EffectQueue

# With the lease of a try (5 s), a killed worker's work is back in other hands within 8 s.
SWEEP_EVERY_S = 3
# How long a fact may wait for its place in the public log if no PDF is made before.
SEAL_EVERY_S = 60
# Terms are of days; so soon after one is over, who waits for it is told.
TICK_EVERY_S = 15
# What the clock sends goes before all effects and apart from them, where it cannot be taken for a ring.
CLOCK = "clock"
QUEUES = (CLOCK, *(queue.value for queue in EffectQueue))
# With no worker about, what the clock sends must not pile up: the next one does the same, so each expires.
SCHEDULE = {
    "sweep": {"task": "effects.sweep", "schedule": SWEEP_EVERY_S, "options": {"expires": SWEEP_EVERY_S}},
    "tick": {"task": "deadlines.tick", "schedule": TICK_EVERY_S, "options": {"expires": TICK_EVERY_S}},
    # In the night of all of Chile.
    "forget": {
        "task": "housekeeping.forget_expired_exports",
        "schedule": crontab(hour="7", minute="20"),
        "options": {"expires": 3600},
    },
    "tidy": {
        "task": "housekeeping.forget_unfinished_files",
        "schedule": crontab(hour="7", minute="40"),
        "options": {"expires": 3600},
    },
    "seal": {"task": "transparency.seal", "schedule": SEAL_EVERY_S, "options": {"expires": SEAL_EVERY_S}},
    # Whatever happened, so that a head is never older than a day.
    "sign": {
        "task": "transparency.seal",
        "kwargs": {"even_if_unchanged": True},
        "schedule": crontab(hour="7", minute="0"),
        "options": {"expires": 3600},
    },
}


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
    # The longest effect, the PDF of 3,000 participants, takes 90 s on two busy processors. It must fit into the soft
    # limit, which tells the effect to stop; the hard one kills a worker that does not; the broker waits longer than both.
    soft, hard = settings.visibility_timeout * 2 // 3, settings.visibility_timeout * 3 // 4
    return {
        "broker_url": settings.broker_url,
        "broker_connection_retry_on_startup": True,
        # For ever: a worker that stopped asking would stay away when the broker is back.
        "broker_connection_max_retries": None,
        "broker_transport_options": {
            "visibility_timeout": settings.visibility_timeout,
            # Rings that a killed worker never answered are looked for at each sweep, not every hundred seconds as by
            # default. They come back after the timeout above; the work itself is back long before, by the sweep.
            "unacked_restore_interval": SWEEP_EVERY_S,
            "unacked_restore_throttle": 1,
            "queue_order_strategy": "priority",
        },
        # A ring is forgotten when it was answered, not when it is heard: one that took its worker along comes back at once.
        "task_acks_late": True,
        "task_reject_on_worker_lost": True,
        "worker_prefetch_multiplier": 1,
        "task_soft_time_limit": soft,
        "task_time_limit": hard,
        "task_ignore_result": True,
        "task_serializer": "json",
        "accept_content": ["json"],
        "task_queues": [Queue(name) for name in QUEUES],
        "task_default_queue": CLOCK,
        "task_create_missing_queues": False,
        "timezone": "UTC",
        # Celery would put its own handler in place of ours, and its lines are not JSON.
        "worker_hijack_root_logger": False,
        "beat_schedule": SCHEDULE,
    }


celery = Celery(
    "constancia",
    task_cls=AppTask,
    include=["tasks.deadlines", "tasks.effects", "tasks.housekeeping", "tasks.transparency"],
)
# Read when a worker or beat starts, not when this file is imported.
celery.add_defaults(configuration)
