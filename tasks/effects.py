"""The outbox's tasks: perform what was rung for, and ring again for what nobody performed."""

from collections.abc import Sequence
from typing import Any

from flask import current_app

from app.adapters.queue import PERFORM
from app.services import effects
from app.unit_of_work import unit_of_work
from tasks.celery_app import AppTask, celery, flask_app
from tasks.handlers import HANDLERS, WHEN_GIVEN_UP


class EffectTask(AppTask):
    """One effect; whatever goes wrong in it is written into its row, where people look, and stops no other effect."""

    def on_failure(self, exc: BaseException, _task_id: str, args: Sequence[Any], *_rest: Any) -> None:
        with flask_app().app_context(), unit_of_work() as session:
            effect = effects.record_failure(session, args[0], f"{type(exc).__name__}: {exc}")
            if effect.gave_up_at is not None and effect.kind in WHEN_GIVEN_UP:
                WHEN_GIVEN_UP[effect.kind](session, effect.payload)


@celery.task(name=PERFORM)
def perform(effect_ids: list[int]) -> None:
    """Perform each effect in a transaction of its own."""
    for effect_id in effect_ids:
        # In this process, now: Celery catches the failure, logs it and calls `on_failure`.
        perform_one.apply(args=(effect_id,))


@celery.task(name="effects.perform_one", base=EffectTask)
def perform_one(effect_id: int) -> None:
    """Perform one effect unless it is done, given up or in other hands."""
    with unit_of_work() as session:
        effect = effects.claim(session, effect_id)
        if effect is not None:
            HANDLERS[effect.kind](session, effect.payload, storage=current_app.extensions["storage"])
            effects.record_done(effect)


@celery.task(name="effects.sweep")
def sweep() -> None:
    """Ring again for effects that wait although they should be done."""
    with unit_of_work() as session:
        effects.ask_again(session)
