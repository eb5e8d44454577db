"""The trial somebody has under way: where it begins and its steps, in the session. What comes of it is played again."""

from dataclasses import dataclass
from typing import Any

from flask import session

from app.domain.errors import Refusal
from app.process.trials import scenarios
from app.process.trials.steps import Given, Step

KEY = "trials"
MOST_DRAFTS, LARGEST = 3, 60_000


@dataclass(frozen=True)
class Kept:
    """`name` and `title` are those of the scenario it was opened from or kept as; empty for one begun here."""

    given: Given
    steps: tuple[Step, ...]
    title: str = ""
    name: str = ""


def of(draft_id: int) -> Kept | None:
    """The person's trial of a draft."""
    found: dict[str, Any] | None = session.get(KEY, {}).get(str(draft_id))
    if found is None:
        return None
    return Kept(
        scenarios.given(found["given"]), scenarios.steps(found["steps"]), found.get("title", ""), found.get("name", "")
    )


def keep(draft_id: int, kept: Kept) -> None:
    """In the place of the one before; of the drafts tried, the last few. Raises Refusal for one that is too large."""
    data = {
        "given": scenarios.given_data(kept.given),
        "steps": [scenarios.step_data(step) for step in kept.steps],
        "title": kept.title,
        "name": kept.name,
    }
    if len(str(data)) > LARGEST:
        raise Refusal("El ensayo tiene demasiado texto. Empiece de nuevo con respuestas más cortas.")
    others = {key: one for key, one in session.get(KEY, {}).items() if key != str(draft_id)}
    session[KEY] = dict([*others.items(), (str(draft_id), data)][-MOST_DRAFTS:])
