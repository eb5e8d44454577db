"""One chunk of rows of one kind, taken in within the caller's transaction."""

from collections import Counter
from collections.abc import Collection, Iterable

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models import Effect
from app.services import attendance
from app.services.intake.checks import BadField
from app.services.intake.kinds import Kind
from app.services.intake.merge import merge
from app.services.intake.records import Record
from app.services.intake.report import ChunkReport, Refused
from app.services.intake.source import Row

# Any number that nothing else locks: two intakes at once would both find the same record new.
_ONE_INTAKE_AT_A_TIME = 6731120


def load_chunk(session: Session, kind: Kind, rows: Iterable[Row], *, source: str, run: str) -> ChunkReport:
    """Take in `rows`, those that can be; ask for the attendance of the actions they touch to be made again.

    `source` is who brought them, for corrections. `run` is unique to this chunk of this load, so that each asks once.
    """
    session.execute(select(func.pg_advisory_xact_lock(_ONE_INTAKE_AT_A_TIME)))
    report = ChunkReport(kind.name)
    for wave in _waves(kind, rows, report.refused):
        _add_up(report, merge(session, kind, wave, source=source))
    for action_id in sorted(report.actions - _already_asked(session, report.actions)):
        attendance.ask_recompute(session, action_id, reason=run)
    report.refused.sort(key=lambda refused: refused.line or 0)
    return report


def _waves(kind: Kind, rows: Iterable[Row], refused: list[Refused]) -> list[list[tuple[int, Record]]]:
    """The good records, so that no wave has two of one natural key: the second one corrects the first."""
    waves: list[list[tuple[int, Record]]] = []
    seen: Counter[object] = Counter()
    for row in rows:
        try:
            record = kind.record(row.values)
        except BadField as bad:
            refused.append(Refused(kind.file_name, row.line, bad.field, bad.reason))
            continue
        key = kind.key_of(record)
        if seen[key] == len(waves):
            waves.append([])
        waves[seen[key]].append((row.line, record))
        seen[key] += 1
    return waves


def _already_asked(session: Session, actions: Collection[int]) -> set[int]:
    """Those whose recomputation waits in nobody's hands. Locked here until the commit, it cannot miss these rows."""
    action_id = Effect.payload["action_id"].as_integer()
    waiting = (
        select(action_id)
        .where(Effect.kind == attendance.RECOMPUTE, Effect.done_at.is_(None), Effect.gave_up_at.is_(None))
        .where(action_id.in_(actions))
        .with_for_update(skip_locked=True)
    )
    return set(session.scalars(waiting))


def _add_up(report: ChunkReport, merged: ChunkReport) -> None:
    report.new += merged.new
    report.unchanged += merged.unchanged
    report.corrected += merged.corrected
    report.refused.extend(merged.refused)
    report.actions |= merged.actions
