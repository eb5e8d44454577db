"""What is still missing before a draft can be proposed: one answer for the editor, the pages and proposing itself."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.domain.errors import Refusal
from app.domain.faces import Face
from app.models import ProcessDraft
from app.process import calling, definitions, diagrams, gate
from app.process.gate import Finding
from app.process.studio import checking, covering, scenarios
from app.process.studio.covering import NotCovered
from app.process.trials.coverage import Report
from app.process.trials.judging import Verdict

NAMED = 3


class Lack(Face):
    """What sort of thing is missing; the value is for machines, the face heads it."""

    FINDINGS = "findings", "Hallazgos"
    CHANGE = "change", "Cambio"
    SCENARIOS = "scenarios", "Escenarios"
    SHARE = "share", "Recorrido"


@dataclass(frozen=True)
class Missing:
    """One thing that keeps a draft from being proposed, in a sentence that says what to do."""

    what: Lack
    sentence: str


@dataclass(frozen=True)
class Readiness:
    """How far a draft is. `report` is None while its scenarios cannot be run, `unreadable` says why where it is theirs.

    `unchanged` is empty where something is otherwise than in the last version; `percent` is the share asked for.
    """

    findings: tuple[Finding, ...]
    unchanged: str
    report: Report | None
    unreadable: str
    percent: int

    @property
    def missing(self) -> tuple[Missing, ...]:
        """Empty once it can be proposed; it is a note that is left to write."""
        return tuple(self._missing())

    def _missing(self) -> Iterator[Missing]:
        if self.findings:
            yield Missing(Lack.FINDINGS, _counted(len(self.findings)))
        if self.unchanged:
            yield Missing(Lack.CHANGE, self.unchanged)
        if self.unreadable:
            yield Missing(Lack.SCENARIOS, self.unreadable)
        if self.report is None:
            return
        failed = [verdict for verdict in self.report.verdicts if not verdict.has_passed]
        if failed:
            yield Missing(Lack.SCENARIOS, _failing(failed, len(self.report.verdicts)))
        if lacking := self.report.uncovered(self.percent):
            yield Missing(Lack.SHARE, lacking)


def of(session: Session, draft: ProcessDraft) -> Readiness:
    """Checks it and runs its scenarios now; nothing is kept."""
    found, report, unreadable = checking.findings(draft), None, ""
    if not found:
        try:
            report = scenarios.reported(draft, found)
        except Refusal as refusal:
            unreadable = refusal.sentence
    return Readiness(tuple(found), _unchanged(session, draft), report, unreadable, covering.percent(session))


def require(session: Session, draft: ProcessDraft) -> None:
    """Raises gate.Refused, Refusal for a draft that changes nothing, and NotCovered, as soon as something is missing."""
    now = of(session, draft)
    if now.findings:
        raise gate.Refused(list(now.findings))
    if now.unchanged:
        raise Refusal(now.unchanged)
    problems = [now.unreadable] if now.report is None else now.report.problems(now.percent)
    if problems:
        raise NotCovered(f"No se puede proponer: revise los escenarios. {' '.join(problems)}")


def _unchanged(session: Session, draft: ProcessDraft) -> str:
    latest = definitions.latest_or_none(session, draft.process_id)
    called = calling.pinned(session, diagrams.stored(draft.xml))
    content = draft.xml, draft.forms, draft.scenarios, draft.decision_tables, called
    if latest is None or definitions.content_hash(*content) != latest.content_sha256:
        return ""
    return f"El borrador es igual a la versión {latest.version}. Cambie algo antes de proponerlo."


def _counted(findings: int) -> str:
    return "Hay 1 hallazgo. Corríjalo." if findings == 1 else f"Hay {findings} hallazgos. Corríjalos."


def _failing(failed: list[Verdict], every: int) -> str:
    titles = ", ".join(f"«{verdict.scenario.title}»" for verdict in failed[:NAMED])
    others = f" y {len(failed) - NAMED} más" if len(failed) > NAMED else ""
    said = "Falla 1" if len(failed) == 1 else f"Fallan {len(failed)}"
    return f"{said} de {every} escenarios: {titles}{others}. Acepte lo que quiso cambiar y corrija lo demás."
