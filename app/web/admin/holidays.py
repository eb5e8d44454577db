"""Feriados: the days that an administrator added to the legal ones, adding one and withdrawing one."""

from datetime import UTC, datetime
from typing import Any

from flask import flash, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.domain.deadlines import LegalHoliday, legal_holidays
from app.domain.errors import Refusal
from app.domain.permissions import Action
from app.domain.regions import Region
from app.models import Holiday, Person
from app.services import holidays as added
from app.unit_of_work import reading
from app.web import actions, answering
from app.web.access import access, current_actor
from app.web.admin.blueprint import admin
from app.web.admin.holiday_form import EVERYWHERE, HolidayForm
from app.web.answering import problems, refused
from app.web.context import FieldError
from app.web.errors import keeps_what_was_typed
from app.web.filters import local_date, local_moment
from app.web.task_forms import typed

Page = Response | tuple[str, int]
LARGEST_ID = 2**62
ADDED = "El feriado quedó agregado. Los plazos de las tareas abiertas se calculan de nuevo en segundo plano."
WITHDRAWN = "El feriado quedó retirado. Los plazos de las tareas abiertas se calculan de nuevo en segundo plano."


@admin.route("/feriados", methods=["GET", "POST"])
@access(Action.MANAGE_HOLIDAYS)
@keeps_what_was_typed
def holidays() -> Page:
    """The list, and the form that adds one."""
    form = answering.opened(HolidayForm)
    if not form.is_submitted():
        return _page(form, (), 200)
    if not form.validate():
        return _page(form, problems(form), 422)

    def add(session: Session) -> str:
        added.add(session, day=form.chosen_day(), region=form.where(), name=typed(form.name), actor=current_actor())
        return url_for("admin.holidays")

    try:
        answer = actions.once(add)
    except Refusal as refusal:
        return _page(form, refused(refusal), 409)
    flash(ADDED, "success")
    return answer


@admin.route("/feriados/<int:holiday_id>/retirar", methods=["GET", "POST"])
@access(Action.MANAGE_HOLIDAYS)
def withdraw_holiday(holiday_id: int) -> Response | str:
    """Asks whether it is meant; the POST withdraws it."""
    holiday_id = min(holiday_id, LARGEST_ID)
    if request.method == "GET":
        with reading() as session:
            holiday = _told(added.standing(session, holiday_id))
        return render_template("admin/withdraw_holiday.html", holiday=holiday, one_time_token=actions.one_time_token())

    def withdraw(session: Session) -> str:
        added.withdraw(session, holiday_id, actor=current_actor())
        return url_for("admin.holidays")

    answer = actions.once(withdraw)
    flash(WITHDRAWN, "success")
    return answer


def _page(form: HolidayForm, errors: tuple[FieldError, ...], status: int) -> Page:
    year = datetime.now(UTC).year
    with reading() as session:
        listed = [_told(row) for row in added.listed(session)]
    page = render_template(
        "admin/holidays.html",
        form=form,
        errors=errors,
        standing=[one for one in listed if not one["withdrawn"]],
        withdrawn=[one for one in listed if one["withdrawn"]],
        legal=[(one, [_told_legal(day) for day in legal_holidays(one)]) for one in (year, year + 1)],
        one_time_token=actions.one_time_token(),
    )
    return page, status


def _told(row: Holiday) -> dict[str, Any]:
    return {
        "day": local_date(row.day),
        "where": Region(row.region).label if row.region else EVERYWHERE[1],
        "name": row.name,
        "added": _by(row.added_at, row.added_by),
        "withdrawn": _by(row.withdrawn_at, row.withdrawn_by) if row.withdrawn_at and row.withdrawn_by else "",
        "withdraw_url": url_for("admin.withdraw_holiday", holiday_id=row.id),
    }


def _by(at: datetime, person: Person) -> str:
    return f"{local_moment(at)}, {person.full_name}"


def _told_legal(holiday: LegalHoliday) -> tuple[str, str, str]:
    where = ", ".join(region.label for region in holiday.regions) or EVERYWHERE[1]
    return local_date(holiday.day), holiday.name, where
