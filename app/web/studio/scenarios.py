"""The scenarios of a draft: run and told as Dado, Cuando, Entonces, what they go through, and what can be done with each."""

from collections.abc import Callable, Sequence
from typing import Any

from flask import flash, redirect, render_template, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.domain.errors import Refusal
from app.domain.permissions import Action
from app.models import DraftStatus, ProcessDraft
from app.process.gate import Finding
from app.process.studio import checking, covering, drafts, drawn, from_case, scenarios
from app.process.trials.judging import Verdict
from app.process.trials.telling import Words
from app.unit_of_work import reading
from app.web import actions
from app.web.access import access, current_actor
from app.web.filters import local_date
from app.web.studio import told, trial_kept
from app.web.studio.blueprint import studio
from app.web.studio.trial_kept import Kept

SCENARIOS = "/<process_id>/borradores/<int:draft_id>/escenarios"
ONE = f"{SCENARIOS}/<name>"
ACCEPTED = "Lo que pasa ahora es lo que el escenario espera."
ALL_ACCEPTED = "Lo que pasa ahora es lo que los escenarios esperan."
REMOVED = "El escenario quedó borrado de este borrador."
FROM_CASE = "El trámite quedó abierto como ensayo, sin nada de lo que las personas escribieron. Revíselo y guárdelo."


# Named apart from the service.
@studio.get(SCENARIOS, endpoint="scenarios")
@access(Action.DESIGN_PROCESSES)
def scenarios_page(process_id: str, draft_id: int) -> str:
    """All of them, run now."""
    with reading() as session:
        draft = drafts.get(session, draft_id, process_id)
        found = checking.findings(draft)
        preventing = checking.preventing(draft, found)
        values = {
            "draft": {"id": draft_id, "process_id": process_id, "is_open": draft.status is DraftStatus.DRAFT},
            "name": told.name(draft),
            "findings": told.findings(found, draft.xml),
            "preventing": told.findings(preventing, draft.xml),
            "cases": [_case(one) for one in from_case.finished(session, process_id)],
        }
        if not preventing:
            values |= _run(session, draft, found)
    return render_template("studio/scenarios.html", one_time_token=actions.one_time_token(), **values)


@studio.post(f"{ONE}/aceptar")
@access(Action.DESIGN_PROCESSES)
def accept_scenario(process_id: str, draft_id: int, name: str) -> Response:
    """What happens now becomes what is expected."""
    return _done(
        process_id, draft_id, ACCEPTED, lambda session: scenarios.accept(session, draft_id, name, current_actor())
    )


@studio.post(f"{SCENARIOS}/aceptar")
@access(Action.DESIGN_PROCESSES)
def accept_scenarios(process_id: str, draft_id: int) -> Response:
    """The same for all of them."""
    return _done(
        process_id, draft_id, ALL_ACCEPTED, lambda session: scenarios.accept_all(session, draft_id, current_actor())
    )


@studio.post(f"{ONE}/borrar")
@access(Action.DESIGN_PROCESSES)
def remove_scenario(process_id: str, draft_id: int, name: str) -> Response:
    """From the draft alone: published versions keep theirs."""
    return _done(
        process_id, draft_id, REMOVED, lambda session: scenarios.remove(session, draft_id, name, current_actor())
    )


@studio.post(f"{ONE}/abrir")
@access(Action.DESIGN_PROCESSES)
def open_scenario(process_id: str, draft_id: int, name: str) -> Response:
    """Its steps become the trial under way."""
    with reading() as session:
        scenario = scenarios.get(drafts.get(session, draft_id, process_id), name)
    trial_kept.keep(draft_id, Kept(scenario.given, scenario.when, scenario.title, scenario.name))
    return redirect(url_for("studio.trial", process_id=process_id, draft_id=draft_id), code=303)


@studio.post(f"{SCENARIOS}/tramite/<int:instance_id>")
@access(Action.DESIGN_PROCESSES)
def try_case(process_id: str, draft_id: int, instance_id: int) -> Response:
    """A finished case becomes the trial under way: decisions and days, nothing that people wrote."""
    with reading() as session:
        drafts.get(session, draft_id, process_id)
        given, steps = from_case.steps_of(session, process_id, instance_id)
    trial_kept.keep(draft_id, Kept(given, steps))
    flash(FROM_CASE, "success")
    return redirect(url_for("studio.trial", process_id=process_id, draft_id=draft_id), code=303)


def _done(process_id: str, draft_id: int, said: str, change: Callable[[Session], object]) -> Response:
    def act(session: Session) -> str:
        drafts.get(session, draft_id, process_id)
        change(session)
        return url_for("studio.scenarios", process_id=process_id, draft_id=draft_id)

    answer = actions.once(act)
    flash(said, "success")
    return answer


def _run(session: Session, draft: ProcessDraft, found: Sequence[Finding]) -> dict[str, Any]:
    """What came of every scenario, or why they cannot be read."""
    try:
        report = scenarios.reported(draft, found)
    except Refusal as refusal:
        return {"unreadable": refusal.sentence}
    words, percent = Words(report.package), covering.percent(session)
    return {
        "scenarios": [_verdict(words, verdict) for verdict in report.verdicts],
        "passed": sum(verdict.has_passed for verdict in report.verdicts),
        "coverage": {
            "covered": len(report.coverage.covered),
            "all": len(report.coverage.arrows),
            "percent": report.coverage.percent,
            "wanted": percent,
            "missing": [arrow.said for arrow in report.coverage.missing],
            "unused": [table.said for table in report.coverage.unused],
        },
        "picture": drawn.of_coverage(draft.xml, report.coverage),
        "all_can_be_accepted": any(not one.has_passed for one in report.verdicts)
        and not any(one.trial.stopped for one in report.verdicts),
        "may_be_proposed": not found and not report.problems(percent),
    }


def _verdict(words: Words, verdict: Verdict) -> dict[str, Any]:
    scenario = verdict.scenario
    return {
        "name": scenario.name,
        "title": scenario.title,
        "given": list(words.given(scenario.given)),
        "when": list(words.when(scenario)),
        "then": list(words.then(scenario)),
        "passed": verdict.has_passed,
        "differences": verdict.differences,
        "can_be_accepted": not verdict.has_passed and not verdict.trial.stopped,
    }


def _case(one: from_case.Finished) -> dict[str, Any]:
    return {
        "id": one.id,
        "version": one.version,
        "region": one.region,
        "dates": f"del {local_date(one.started_at)} al {local_date(one.ended_at)}",
        "outcome": one.outcome,
    }
