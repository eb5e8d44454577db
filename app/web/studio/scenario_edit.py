"""Editing what a scenario expects: its end or whom it waits for, what would be done, terms and reminders, row by row."""

from collections.abc import Iterator, Mapping
from typing import Any

from flask import flash, g, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.domain.errors import NotAllowed, Refusal
from app.domain.permissions import Action
from app.models import TimerKind
from app.process.graph import START, graph_of
from app.process.operations import OPERATIONS
from app.process.package import Package
from app.process.safe_xml import tree_of
from app.process.studio import checking, drafts, scenarios
from app.process.trials.scenarios import MOST_EXPECTED, Scenario, as_data
from app.unit_of_work import reading
from app.web import actions, unsent
from app.web.access import access, current_actor
from app.web.answering import TOP
from app.web.context import FieldError
from app.web.dates import typed_date
from app.web.errors import EXPIRED, keeps_what_was_typed
from app.web.studio.blueprint import studio
from app.web.studio.scenarios import ONE
from app.web.task_forms import clean

SAVED = "El escenario quedó guardado."
NEW_ROWS = 2
Typed = Mapping[str, str]


@studio.route(f"{ONE}/editar", methods=["GET", "POST"])
@access(Action.DESIGN_PROCESSES)
@keeps_what_was_typed
def edit_scenario(process_id: str, draft_id: int, name: str) -> Response | tuple[str, int]:
    """Another name, or other expectations; an empty row expects nothing."""
    with reading() as session:
        draft = drafts.get(session, draft_id, process_id)
        scenario, package = scenarios.get(draft, name), checking.readable(draft)
    if request.method == "GET":
        return _page(draft_id, scenario, package, unsent.typed_before() or _typed(scenario))
    if g.get("form_expired", False):
        return _page(draft_id, scenario, package, request.form, (FieldError(EXPIRED, TOP),), 422)

    def act(session: Session) -> str:
        drafts.get(session, draft_id, process_id)
        data = _data(request.form, scenario, package)
        scenarios.change(session, draft_id, name, data, current_actor())
        return url_for("studio.scenarios", process_id=process_id, draft_id=draft_id)

    try:
        answer = actions.once(act)
    except NotAllowed:
        raise
    except Refusal as refusal:
        said = refusal.sentence.removeprefix(f"Escenario «{name}»: ").replace("«title»", "el nombre del escenario")
        errors = (FieldError(said[:1].upper() + said[1:], "#title"),)
        return _page(draft_id, scenario, package, request.form, errors, 409)
    flash(SAVED, "success")
    return answer


def _page(
    draft_id: int,
    scenario: Scenario,
    package: Package,
    typed: Typed,
    errors: tuple[FieldError, ...] = (),
    status: int = 200,
) -> tuple[str, int]:
    shown = render_template(
        "studio/scenario_edit.html",
        where={"process_id": package.diagram.process_id, "draft_id": draft_id, "name": scenario.name},
        scenario_title=scenario.title,
        typed=typed,
        rows={kind: range(_rows(typed, kind)) for kind in ("waiting", "awaiting", "operation", "deadline", "told")},
        ends=list(package.diagram.ends.items()),
        tasks=[(task.key, task.name) for task in package.user_tasks.values()],
        awaited=_awaited(package),
        operations=[(name, one.description.rstrip(".")) for name, one in OPERATIONS.items()],
        kinds=[(kind.value, kind.label) for kind in TimerKind],
        errors=errors,
        one_time_token=actions.one_time_token(),
    )
    return shown, status


def _awaited(package: Package) -> list[tuple[str, str]]:
    """The terms and messages that a case may await; not what it begins with, nor errors, which nobody waits for."""
    starts = {node.key for node in graph_of(tree_of(package.diagram.xml)).of_kind(START)}
    return [(one.key, one.name) for one in package.events.values() if one.kind != "error" and one.key not in starts]


def _rows(typed: Typed, kind: str) -> int:
    """Those there are and some empty ones."""
    used = [int(name.rsplit("-", 1)[1]) for name, value in typed.items() if name.startswith(f"{kind}-") and value]
    return min(max(used, default=-1) + 1 + NEW_ROWS, MOST_EXPECTED)


def _typed(scenario: Scenario) -> dict[str, str]:
    """What is expected, as somebody would type it."""
    then, typed = scenario.then, {"title": scenario.title, "outcome": scenario.then.outcome or ""}
    for number, awaited in enumerate(then.waiting or ()):
        typed[f"waiting-{number}"] = awaited.task
    for number, pending in enumerate(then.awaiting or ()):
        typed[f"awaiting-{number}"] = pending.event
        typed[f"awaiting-until-{number}"] = f"{pending.until:%d/%m/%Y}" if pending.until else ""
    for number, name in enumerate(then.operations or ()):
        typed[f"operation-{number}"] = name
    for number, deadline in enumerate(then.deadlines or ()):
        typed |= {f"deadline-{number}": deadline.task, f"deadline-on-{number}": f"{deadline.on:%d/%m/%Y}"}
    for number, told in enumerate(then.told or ()):
        typed |= {f"told-{number}": told.task, f"told-what-{number}": told.what.value}
        typed[f"told-on-{number}"] = f"{told.on:%d/%m/%Y}"
    return typed


def _data(typed: Typed, scenario: Scenario, package: Package) -> dict[str, Any]:
    """The scenario as JSON, read strictly afterwards. Raises Refusal for what is no date."""
    then: dict[str, Any] = {
        "operations": [typed[f"operation-{number}"] for number in _used(typed, "operation")],
        "deadlines": [
            {"task": typed[f"deadline-{number}"], "on": _day(typed.get(f"deadline-on-{number}", ""))}
            for number in _used(typed, "deadline")
        ],
        "told": [
            {
                "task": typed[f"told-{number}"],
                "what": typed.get(f"told-what-{number}", ""),
                "on": _day(typed.get(f"told-on-{number}", "")),
            }
            for number in _used(typed, "told")
        ],
    }
    if typed.get("outcome"):
        then["outcome"] = typed["outcome"]
    else:
        keys = (typed[f"waiting-{number}"] for number in _used(typed, "waiting"))
        then["waiting"] = [{"task": key, "office": _office(package, key)} for key in keys]
        then |= _pending(typed, package)
    title = " ".join(clean(typed.get("title")).split())
    return as_data(scenario) | {"title": title, "then": then}


def _pending(typed: Typed, package: Package) -> dict[str, Any]:
    """Nothing where a diagram awaits nothing ever; an empty day of a term is not looked at."""
    if not _awaited(package):
        return {}
    rows = []
    for number in _used(typed, "awaiting"):
        until = clean(typed.get(f"awaiting-until-{number}"))
        rows.append({"event": typed[f"awaiting-{number}"]} | ({"until": _day(until)} if until else {}))
    return {"awaiting": rows}


def _used(typed: Typed, kind: str) -> Iterator[int]:
    return (number for number in range(MOST_EXPECTED) if typed.get(f"{kind}-{number}"))


def _office(package: Package, key: str) -> str:
    task = package.user_tasks.get(key)
    if task is None:
        raise Refusal("Una tarea ya no está en el diagrama. Elija otra de la lista.")
    return task.office


def _day(text: str) -> str:
    found = typed_date(text)
    if found is None:
        raise Refusal(f"«{clean(text)[:20]}» no es una fecha. Escríbala como 31/12/2026.")
    return found.isoformat()
