"""The doorbell: tells Celery's workers that something waits in a queue, never what. Losing a ring loses nothing."""

import logging

from celery import Celery
from kombu.exceptions import OperationalError
from redis import Redis
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

PERFORM = "effects.perform"
# What a worker that did not stop when it was told to gets on top, before it is killed.
GRACE_S = 10


class Queue:
    """Rings by task name, so that whoever rings needs none of the workers' code."""

    def __init__(self, broker_url: str) -> None:
        # A person waits behind these calls: a broker that does not answer at once is left to the sweep.
        patience = {"socket_connect_timeout": 1, "socket_timeout": 2}
        self._broker = Redis.from_url(broker_url, **patience)
        self._celery = Celery(broker=broker_url, set_as_current=False)
        self._celery.conf.update(task_ignore_result=True, broker_transport_options={**patience, "max_retries": 0})

    def ring(self, queue: str, *, limit_s: int | None = None) -> None:
        """Have a worker look into the queue, for `limit_s` seconds at most, unless a ring nobody has heard hangs there already."""
        killed_after_s = None if limit_s is None else limit_s + GRACE_S
        try:
            # Whoever takes that one looks at the rows after this moment, so it serves for ours too; bells never pile up.
            if not self._broker.llen(queue):
                self._celery.send_task(
                    PERFORM,
                    args=[queue],
                    queue=queue,
                    retry=False,
                    soft_time_limit=limit_s,
                    time_limit=killed_after_s,
                )
        except (OperationalError, RedisError):
            logger.warning("broker not reached; the sweep will ring again", extra={"queue": queue})
