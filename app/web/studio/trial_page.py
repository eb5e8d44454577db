"""The page of a trial: where it stands on the diagram, the form of the waiting task, what happened and would have been done."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from flask import render_template, request
from sqlalchemy.orm import Session

from app.domain.deadlines import local_date
from app.domain.offices import named
from app.domain.regions import Region
from app.models import DraftStatus, ProcessDraft
from app.process.package import Package
from app.process.studio import checking, drafts, drawn, scenarios
from app.process.trials.replaying import replay
from app.process.trials.scenarios import MOST_HOLIDAYS
from app.process.trials.steps import Given
from app.process.trials.trial import Awaiting, Trial, Waiting, message_said
from app.services import holidays
from app.unit_of_work import reading
from app.web import actions, answering, task_forms
from app.web.context import FieldError
from app.web.filters import SANTIAGO, last_day, local_moment
from app.web.studio import told, trial_kept
from app.web.studio.trial_forms import NEW, OPENED, REGIONS, AdvanceForm, ScenarioForm, StartForm
from app.web.studio.trial_kept import Kept
from app.web.task_forms import TaskForm

Page = tuple[str, int]
BUILT_IN = {
    "attachments": "En un trámite real aquí se adjuntan además los antecedentes.",
    "content_sha256": "En un trámite real se guarda además la huella de lo que se aceptó.",
}


@dataclass(frozen=True)
class Forms:
    """What was typed on the page and is shown again; None begins anew."""

    task: TaskForm | None = None
    advance: AdvanceForm | None = None
    start: StartForm | None = None
    scenario: ScenarioForm | None = None


def kept_or_new(session: Session, draft_id: int) -> Kept:
    """The trial under way, or one that begins today in the capital's region."""
    kept = trial_kept.of(draft_id)
    today = local_date(datetime.now(UTC), SANTIAGO)
    return kept or Kept(beginning(session, today, Region.METROPOLITANA.value), ())


def beginning(session: Session, day: Any, region: str) -> Given:
    """With the holidays that were added, as for real deadlines: a scenario made of the trial keeps them."""
    added = sorted(off for off in holidays.days_off(session, region) if off >= day)
    return Given(day, region, tuple(added[:MOST_HOLIDAYS]))


def asked_task(trial: Trial) -> Waiting | None:
    """The waiting task whose form is on the page: the one the address names, else the first."""
    wanted = request.args.get("tarea", "")
    return next((task for task in trial.waiting if task.key == wanted), next(iter(trial.waiting), None))


def task_form(package: Package, task: Waiting) -> TaskForm:
    """With what was typed in it before the session ended, where the address is its own."""
    asked = task_forms.form_class(package.all_forms[task.form].definition)
    return answering.opened(asked) if request.endpoint == "studio.answer_trial" else asked()


def page(
    process_id: str, draft_id: int, forms: Forms | None = None, errors: tuple[FieldError, ...] = (), status: int = 200
) -> Page:
    """Played again each time: a draft that changed meanwhile shows how far the steps still go."""
    with reading() as session:
        draft = drafts.get(session, draft_id, process_id)
        found = checking.findings(draft)
        preventing = checking.preventing(draft, found)
        values = {
            "draft": {"id": draft_id, "process_id": process_id, "is_open": draft.status is DraftStatus.DRAFT},
            "name": told.name(draft),
            "findings": told.findings(found, draft.xml),
            "preventing": told.findings(preventing, draft.xml),
        }
        if not preventing:
            package = scenarios.package(draft, found)
            values |= _trial_values(draft, package, kept_or_new(session, draft_id), forms or Forms())
    shown = render_template("studio/trial.html", errors=errors, one_time_token=actions.one_time_token(), **values)
    return shown, status


def _trial_values(draft: ProcessDraft, package: Package, kept: Kept, forms: Forms) -> dict[str, Any]:
    trial = replay(package, kept.steps, given=kept.given)
    task = asked_task(trial)
    return {
        "drawing": drawn.of_trial(draft.xml, trial),
        "number": len(kept.steps),
        "today": f"{trial.today:%d/%m/%Y}",
        "region": Region(kept.given.region).label,
        "stopped": trial.stopped,
        "outcome": package.diagram.ends[trial.outcome] if trial.outcome else "",
        "waiting": [_waiting(one, trial) for one in trial.waiting],
        "awaiting": [_awaiting(one, trial) for one in trial.awaiting],
        "messages": _messages(trial),
        "task": task.key if task else "",
        "task_form": (forms.task or task_form(package, task)) if task else None,
        "besides": [BUILT_IN[name] for name in package.all_forms[task.form].definition.built_in if name in BUILT_IN]
        if task
        else [],
        "events": [_event(event, trial) for event in trial.events],
        "advance_form": forms.advance or answering.opened(AdvanceForm, days="1"),
        "start_form": forms.start
        or answering.opened(StartForm, day=f"{kept.given.starts_on:%d/%m/%Y}", region=kept.given.region),
        "scenario_form": forms.scenario or answering.opened(ScenarioForm, title=kept.title, into=OPENED),
        "keeping": _ways_to_keep(draft, kept),
        "regions": REGIONS,
    }


def _ways_to_keep(draft: ProcessDraft, kept: Kept) -> list[tuple[str, str]]:
    """Into the scenario it was opened from, if that is still there, or as another; nothing to choose for one begun here."""
    opened = draft.scenarios.get(kept.name)
    return [] if opened is None else [(OPENED, f"En «{opened['title']}», que abrió"), (NEW, "Como un escenario nuevo")]


def _waiting(task: Waiting, trial: Trial) -> dict[str, str]:
    zone = trial.given.place.zone
    return {
        "key": task.key,
        "name": task.name,
        "office": named(task.office, trial.given.region),
        "since": local_moment(task.opened_at, zone),
        "due": last_day(task.due_at, zone) if task.due_at else "",
    }


def _awaiting(one: Awaiting, trial: Trial) -> dict[str, str]:
    zone = trial.given.place.zone
    return {
        "name": one.name,
        "since": local_moment(one.opened_at, zone),
        "until": last_day(one.due_at, zone) if one.due_at else "",
        "message": message_said(one.message) if one.message else "",
    }


def _messages(trial: Trial) -> list[tuple[str, str]]:
    """What may come, each once, with how its button names it."""
    awaited = dict.fromkeys(one.message for one in trial.awaiting if one.message)
    return [(name, f"Llega el aviso {message_said(name)}") for name in awaited]


def _event(event: Any, trial: Trial) -> dict[str, str]:
    return {
        "at": local_moment(event.at, trial.given.place.zone),
        "kind": event.kind.value,
        "what": event.kind.label,
        "sentence": event.sentence,
    }
