"""Plays the steps of a trial again with the real engine. An operation is told and not called; no database is asked."""

from collections.abc import Sequence

from app.domain.errors import Refusal
from app.process.engine import EngineError
from app.process.expressions import ExpressionError
from app.process.package import Package
from app.process.trials import clock
from app.process.trials.answers import whole
from app.process.trials.playing import Playing
from app.process.trials.steps import Advance, Answer, Arrive, Given, Step
from app.process.trials.trial import Trial, listed

MOST_STEPS = 60


def replay(package: Package, steps: Sequence[Step], *, given: Given) -> Trial:
    """What comes of `steps`. One that cannot be taken ends the trial there, with a sentence; see `playable` for the diagram."""
    playing = Playing(package, given)
    for number, act in enumerate((None, *steps[:MOST_STEPS])):
        try:
            _take(playing, act)
        except (Refusal, EngineError, ExpressionError) as error:
            where = f"Paso {number}: " if number else ""
            return playing.trial(max(number - 1, 0), stopped=f"{where}{error}")
    if len(steps) > MOST_STEPS:
        return playing.trial(MOST_STEPS, stopped=f"Un ensayo tiene hasta {MOST_STEPS} pasos. Quite los que sobran.")
    return playing.trial(len(steps))


def _take(playing: Playing, step: Step | None) -> None:
    """The next step; None is the start."""
    match step:
        case None:
            playing.start()
        case Answer():
            _answer(playing, step)
        case Advance():
            clock.advance(playing, step.days)
        case Arrive():
            clock.arrive(playing, step.message)


def _answer(playing: Playing, step: Answer) -> None:
    engine_task_id = next((key for key, one in playing.open.items() if one.task.key == step.task), None)
    if engine_task_id is None:
        waiting = listed(one.task.key for one in playing.open.values())
        raise Refusal(f"«{step.task}» no está pendiente. Lo pendiente: {waiting}.")
    form = playing.package.all_forms[playing.open[engine_task_id].task.form]
    playing.answer(engine_task_id, whole(form, step.answers))
