"""The inbox itself: the tasks that wait for the offices one holds, or that the national level watches, the oldest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from flask import render_template, request, url_for
from sqlalchemy.orm import Session

from app.domain import offices
from app.domain.errors import NotAllowed
from app.domain.permissions import Action, Actor, Profile
from app.models import HumanTask
from app.services import holidays, retroactive_found
from app.services import inbox as tasks
from app.services.retroactive_found import Subject
from app.unit_of_work import reading
from app.web.access import access, current_actor
from app.web.filters import local_date
from app.web.inbox import changed
from app.web.inbox.blueprint import inbox
from app.web.inbox.decisions import outcome_of
from app.web.inbox.due import Due, due_in_words
from app.web.waiting import inbox_count

SIZE = 25


@dataclass(frozen=True)
class Row:
    """One waiting task; `about` is the participant where it is about one, `escalated` the day from which SENCE watches it.

    `is_ours` tells what waits for the reader from what is only looked at.
    """

    task_id: int
    name: str
    code: str
    course: str
    about: str
    otec: str
    office: str
    since: str
    due: Due
    escalated: str
    is_ours: bool


@inbox.get("/bandeja")
@access(Action.VIEW_COURSES)
def index() -> str:
    """`?despues=<id>` goes on after the last task of the page before; `?resuelta=<id>` tells what was just decided."""
    actor = current_actor()
    if not tasks.has_inbox(actor):
        raise NotAllowed(f"Su perfil ({actor.profile.label}) no tiene tareas. Cambie de perfil si tiene otro.")

    after = request.args.get("despues", 0, type=int)
    now = datetime.now(UTC)
    with reading() as session:
        page = tasks.page(session, actor, after=max(0, min(after, 2**62)), size=SIZE)
        about = _about(session, page.tasks)
        rows = [_row(session, task, now, about.get(task.id, ""), actor) for task in page.tasks]
        resolved = request.args.get("resuelta", 0, type=int)
        modified = changed.section(session, actor)
        done = outcome_of(tasks.get(session, resolved, actor)) if resolved else ""
    return render_template(
        "inbox/index.html",
        rows=rows,
        done=done,
        modified=modified,
        total=inbox_count(),
        decides=actor.profile is Profile.REGIONAL_DIRECTOR,
        watches=tasks.watches(actor),
        first_url=url_for("inbox.index") if after else None,
        next_url=url_for("inbox.index", despues=page.next_after) if page.next_after else None,
    )


def _about(session: Session, waiting: Sequence[HumanTask]) -> dict[int, str]:
    """By task, the participant it is about: cases of one course would look the same. One query for all."""
    subjects = {task.id: Subject.parse(task.instance.subject) for task in waiting if task.instance.subject}
    names = retroactive_found.names(session, {subject.participant_id for subject in subjects.values()})
    return {task_id: names[subject.participant_id] for task_id, subject in subjects.items()}


def _row(session: Session, task: HumanTask, now: datetime, about: str, actor: Actor) -> Row:
    action = task.instance.certificate.action
    return Row(
        task_id=task.id,
        name=task.name,
        code=action.code,
        course=action.name,
        about=about,
        otec=action.otec.name,
        office=offices.named(task.office, task.region),
        since=local_date(task.opened_at, action.time_zone),
        due=due_in_words(task.due_at, now, holidays.place_of(session, action)),
        escalated=local_date(task.escalated_at, action.time_zone) if task.escalated_at else "",
        is_ours=tasks.waits_for(actor, task),
    )
