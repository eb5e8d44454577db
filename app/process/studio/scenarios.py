"""The scenarios of a draft: running them, keeping one, taking one away. Functions here never commit."""

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy.orm import Session

from app.domain.errors import NotFound, Refusal
from app.domain.permissions import Action, Actor
from app.models import DraftStatus, ProcessDraft
from app.process import gate
from app.process.gate import Finding
from app.process.package import Package
from app.process.studio import checking, drafts
from app.process.trials import coverage
from app.process.trials.coverage import Report
from app.process.trials.judging import expected_of
from app.process.trials.replaying import replay
from app.process.trials.scenarios import Scenario, as_data, read, read_all
from app.process.trials.steps import Given, Step
from app.process.trials.trial import Trial

LONGEST_TITLE, LONGEST_NAME = 120, 50


def package(draft: ProcessDraft, found: Sequence[Finding] | None = None) -> Package:
    """What of a draft is tried; `found` is what the gate finds in it, where that is known already.

    Raises gate.Refused with the findings for which it is not tried: the engine never runs those.
    """
    preventing = checking.preventing(draft, checking.findings(draft) if found is None else found)
    if preventing:
        raise gate.Refused(preventing)
    return checking.readable(draft)


def reported(draft: ProcessDraft, found: Sequence[Finding] | None = None) -> Report:
    """All scenarios, run. Raises gate.Refused and InvalidScenario."""
    return coverage.report(package(draft, found), read_all(draft.scenarios))


def get(draft: ProcessDraft, name: str) -> Scenario:
    """Raises NotFound."""
    if name not in draft.scenarios:
        raise NotFound
    return read(name, draft.scenarios[name])


def keep_trial(
    session: Session,
    draft_id: int,
    title: str,
    given: Given,
    steps: tuple[Step, ...],
    actor: Actor,
    *,
    into: str | None = None,
) -> Scenario:
    """A trial as a scenario: what came of it is what will be expected. It replaces the one called `into`, else it is a new one.

    Raises Refusal, also for a title that another has and for an `into` that is gone.
    """
    draft = _open(session, draft_id, actor)
    title = " ".join(title.split())
    if not title:
        raise Refusal("Falta el nombre del escenario. Escriba qué muestra, como «Se aprueba dentro del plazo».")
    if len(title) > LONGEST_TITLE:
        raise Refusal(f"El nombre tiene {len(title)} caracteres y el máximo es {LONGEST_TITLE}. Acórtelo.")
    if into is not None and into not in draft.scenarios:
        raise Refusal("El escenario que abrió ya no está en el borrador. Guarde el ensayo como uno nuevo.")
    if any(one.get("title") == title for name, one in draft.scenarios.items() if name != into):
        raise Refusal("Ya hay otro escenario con ese nombre. Escriba uno distinto, o abra ese otro para cambiarlo.")
    trial = _played(package(draft), given, steps)
    scenario = Scenario(into or name_for(title, draft.scenarios), title, given, steps, expected_of(trial))
    _store(session, draft, {**draft.scenarios, scenario.name: as_data(scenario)}, actor)
    return scenario


def accept(session: Session, draft_id: int, name: str, actor: Actor) -> Scenario:
    """What happens now is what is expected from now on. Raises NotFound, and Refusal where a step cannot be taken."""
    draft = _open(session, draft_id, actor)
    scenario = _accepted(package(draft), get(draft, name))
    _store(session, draft, {**draft.scenarios, name: as_data(scenario)}, actor)
    return scenario


def accept_all(session: Session, draft_id: int, actor: Actor) -> None:
    """As `accept`, for every one: who changes a term changes what all of them expect. Raises Refusal."""
    draft = _open(session, draft_id, actor)
    tried = package(draft)
    accepted = {name: as_data(_accepted(tried, get(draft, name))) for name in sorted(draft.scenarios)}
    _store(session, draft, accepted, actor)


def change(session: Session, draft_id: int, name: str, data: Mapping[str, Any], actor: Actor) -> Scenario:
    """Another title or other expectations, as JSON. Raises NotFound, and InvalidScenario for what cannot be read."""
    draft = _open(session, draft_id, actor)
    get(draft, name)
    scenario = read(name, data)
    _store(session, draft, {**draft.scenarios, name: as_data(scenario)}, actor)
    return scenario


def remove(session: Session, draft_id: int, name: str, actor: Actor) -> None:
    """Raises NotFound."""
    draft = _open(session, draft_id, actor)
    get(draft, name)
    _store(session, draft, {key: one for key, one in draft.scenarios.items() if key != name}, actor)


def name_for(title: str, taken: Collection[str]) -> str:
    """A name for a file from what people call it: `Se aprueba a tiempo` → `se_aprueba_a_tiempo`."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:LONGEST_NAME].strip("_")
    name = words if words[:1].isalpha() else f"s_{words}".strip("_")
    numbered = (name if number == 1 else f"{name}_{number}" for number in range(1, len(taken) + 2))
    return next(one for one in numbered if one not in taken)


def _open(session: Session, draft_id: int, actor: Actor) -> ProcessDraft:
    actor.require(Action.DESIGN_PROCESSES)
    draft = drafts.locked(session, draft_id)
    drafts.require_status(draft, DraftStatus.DRAFT)
    return draft


def _accepted(tried: Package, scenario: Scenario) -> Scenario:
    return replace(scenario, then=expected_of(_played(tried, scenario.given, scenario.when)))


def _played(tried: Package, given: Given, steps: tuple[Step, ...]) -> Trial:
    trial = replay(tried, steps, given=given)
    if trial.stopped:
        raise Refusal(f"Los pasos ya no se pueden dar en este borrador. {trial.stopped}")
    return trial


def _store(session: Session, draft: ProcessDraft, kept: Mapping[str, Any], actor: Actor) -> None:
    """The draft's own counter stays: what an editor has open of the diagram is not older for it."""
    read_all(kept)
    draft.scenarios = dict(kept)
    drafts.had_a_hand(draft, actor)
    session.flush()
