"""The page of a draft or proposal: the editor, the findings, the table, the difference, and what can be done with it."""

from collections.abc import Mapping
from typing import Any

from flask import render_template
from sqlalchemy.orm import Session

from app.domain.offices import Office
from app.models import DraftStatus, ProcessDraft
from app.process import definitions
from app.process.studio import (
    checking,
    decisions_edit,
    difference,
    drafts,
    drawn,
    forms_edit,
    lanes,
    presence,
    proposals,
    readiness,
)
from app.process.studio.readiness import Readiness
from app.process.studio.table import HOSTS, REMOVABLE, table_of
from app.process.studio.table_edit import UNITS
from app.unit_of_work import unit_of_work
from app.web import actions, answering
from app.web.access import current_actor
from app.web.context import FieldError
from app.web.studio import catalogue_told, decision_told, proposal_form, told
from app.web.studio.proposal_form import ProposalForm

Page = tuple[str, int]
Errors = tuple[FieldError, ...]
SETTLED = {
    DraftStatus.PROPOSED: "studio/proposal.html",
    DraftStatus.PUBLISHED: "studio/settled.html",
    DraftStatus.DISCARDED: "studio/settled.html",
}
DRAFT, TABLE, PROPOSE = "studio/draft.html", "studio/table.html", "studio/propose.html"


def page(
    process_id: str,
    draft_id: int,
    view: str = DRAFT,
    *,
    form: ProposalForm | None = None,
    errors: Errors = (),
    status: int = 200,
    typed: Mapping[str, str] | None = None,
) -> Page:
    """One of the views of a draft; of what is one no more, what became of it. Being here is noted for the others in it."""
    with unit_of_work() as session:
        draft = drafts.get(session, draft_id, process_id)
        others = presence.come_in(session, draft, current_actor())
        values = _values(session, draft) | _table(session, draft, (typed or {}))
        template = SETTLED.get(draft.status, view)
        if draft.status is DraftStatus.DRAFT:
            values |= _ready(readiness.of(session, draft))
        if form is None:
            form = answering.opened(ProposalForm, note=draft.note, **proposal_form.beginning(draft.starts_at))
    token = actions.one_time_token()
    shown = render_template(template, others=others, form=form, errors=errors, one_time_token=token, **values)
    return shown, status


def _values(session: Session, draft: ProcessDraft) -> dict[str, Any]:
    """What every state of a draft shows."""
    latest = definitions.latest_or_none(session, draft.process_id)
    published = draft.definition
    # What was published is compared with what it came after, not with itself.
    against = _before(session, draft, latest)
    changes, picture = told.compared(difference.content_of(against), difference.content_of(draft))
    found = checking.findings(draft) if published is None else []
    return {
        "draft": {
            "id": draft.id,
            "process_id": draft.process_id,
            "version": draft.version,
            "base": draft.base.version if draft.base else None,
            "note": draft.note,
            "starts": drafts.moment(draft.starts_at) if draft.starts_at else "",
            "status": draft.status,
            "saved": f"{draft.saved_by.full_name}, el {drafts.moment(draft.saved_at)}",
            "published_as": published.version if published else None,
        },
        "name": told.name(draft),
        "events": told.events(draft),
        "tables": decision_told.tables(draft.decision_tables),
        "against": against.version if against else None,
        "difference": changes,
        "picture": picture,
        "findings": told.findings(found, draft.xml),
        "wrong": drawn.of_findings(draft.xml, found),
        "may_approve": proposals.may_approve(draft, current_actor().person_id),
    }


def _ready(now: Readiness) -> dict[str, Any]:
    """What is missing before it can be proposed, and what its scenarios come to where they can be run."""
    told_of: dict[str, Any] = {"missing": told.missing(now.missing)}
    if now.report is None:
        return told_of
    verdicts = now.report.verdicts
    return told_of | {
        "tried": {
            "passed": sum(verdict.has_passed for verdict in verdicts),
            "all": len(verdicts),
            "percent": now.report.coverage.percent,
            "wanted": now.percent,
        }
    }


def _before(session: Session, draft: ProcessDraft, latest: Any) -> Any:
    if draft.definition is None:
        return latest
    number = draft.definition.version - 1
    return definitions.numbered(session, draft.process_id, number) if number else None


def _table(session: Session, draft: ProcessDraft, typed: Mapping[str, str]) -> dict[str, Any]:
    """The steps to be typed over, with what was typed before something was wrong."""
    table, offered = table_of(draft.xml), forms_edit.offered(draft)
    return {
        "table": table,
        "typed": typed,
        "kinds": {row.key: catalogue_told.kind(row) for row in table.rows},
        "steps": [catalogue_told.shown_step(row, offered=offered) for row in table.rows],
        "hosts": HOSTS,
        "removable": REMOVABLE,
        "choices": {
            "units": list(UNITS.items()),
            "lanes": catalogue_told.offices(dict(table.lanes)),
            "offices": [(office.value, office.label) for office in Office if office is not Office.SYSTEM],
            "without_lane": [(office.value, office.label) for office in lanes.missing(table.lanes)],
            "userTask": catalogue_told.forms(draft.forms),
            "serviceTask": catalogue_told.operations(),
            "businessRuleTask": catalogue_told.decisions(decisions_edit.titles(draft)),
            "callActivity": catalogue_told.processes(session, draft.process_id),
            "message": catalogue_told.messages(),
        },
    }
