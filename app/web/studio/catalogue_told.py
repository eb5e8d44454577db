"""The catalogue and the steps of a diagram as people read and choose them."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from app.domain.offices import Office
from app.process.catalogue import FORMS
from app.process.forms import Forms
from app.process.messages import MESSAGES
from app.process.operations import OPERATIONS
from app.process.studio import kinds
from app.process.studio.callables import callables
from app.process.studio.table import HUMAN, Limit, Row
from app.process.studio.wording import office

Choices = list[tuple[str, str]]


def kind(row: Row) -> str:
    """`Tarea automática`."""
    return kinds.without_article(row.kind, row.event)


def forms(own: Mapping[str, Any]) -> Choices:
    """Those of the catalogue, and a draft's own."""
    titles = {name: form.definition.title for name, form in FORMS.items()}
    titles |= {name: str(form.get("title", name)) for name, form in own.items() if isinstance(form, dict)}
    return list(titles.items())


def decisions(titles: Mapping[str, str]) -> Choices:
    """The decision tables that a business rule task may name."""
    return [(name, f"{title} ({name})") for name, title in titles.items()]


def operations() -> Choices:
    return [(name, f"{one.description} ({name})") for name, one in OPERATIONS.items()]


def offices(lanes: dict[str, str]) -> Choices:
    """Those that have a lane in the diagram."""
    return [(key, office(key) if key in set(Office) else name or key) for key, name in lanes.items()]


def messages() -> Choices:
    return [(name, one.title) for name, one in MESSAGES.items()]


def processes(session: Session, caller: str) -> Choices:
    """Those that a draft of the process `caller` may call."""
    return [(one.process_id, one.name) for one in callables(session, caller)]


def shown_step(row: Row, waiting: int = 0, offered: Forms = FORMS) -> dict[str, Any]:
    """A step as it is read, not typed."""
    return {
        "name": row.name or row.key,
        "kind": kind(row),
        "who": office(row.office) if row.office else "",
        "deadline": _limit(row.term if row.event == "timer" else row.deadline),
        "does": _does(row, offered),
        "onward": [_exit(one, row) for one in row.exits],
        "waiting": waiting,
    }


def _does(row: Row, offered: Forms) -> str:
    if row.kind == HUMAN:
        return offered[row.does].title if row.does in offered else row.does
    if row.event == "message":
        return MESSAGES[row.message].title if row.message in MESSAGES else row.message
    if row.event == "error":
        return f"Error {row.error}"
    return OPERATIONS[row.does].description if row.does in OPERATIONS else row.does


def _limit(limit: Limit) -> str:
    if not limit.days:
        return limit.source
    return f"{limit.days} días {'hábiles' if limit.is_working else 'corridos'}"


def _exit(one: Any, row: Row) -> str:
    if not row.is_decision:
        return str(one.target)
    why = f"si {one.condition}" if one.condition else "si no" if one.is_default else "sin condición"
    return f"{one.target} ({why})"
