"""The doorbell: tells Celery's workers which outbox rows wait. Losing a ring loses nothing."""

import logging

from celery import Celery
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)

PERFORM = "effects.perform"
CHUNK = 50


class Queue:
    """Rings by task name, so that whoever rings needs none of the workers' code."""

    def __init__(self, broker_url: str) -> None:
        self._celery = Celery(broker=broker_url, set_as_current=False)
        self._celery.conf.update(
            task_ignore_result=True,
            # A person waits behind this call: a broker that does not answer at once is left to the sweep.
            broker_transport_options={"socket_connect_timeout": 1, "socket_timeout": 2, "max_retries": 0},
        )

    def ring(self, queue: str, effect_ids: list[int]) -> None:
        for start in range(0, len(effect_ids), CHUNK):
            chunk = effect_ids[start : start + CHUNK]
            try:
                self._celery.send_task(PERFORM, args=[chunk], queue=queue, retry=False)
            except OperationalError:
                logger.warning("broker not reached; the sweep will ring again", extra={"queue": queue})
                return
