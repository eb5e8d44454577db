"""One chunk of rows of one kind, taken in within the caller's transaction."""

from collections.abc import Collection, Iterable

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models import Effect
from app.services import attendance
from app.services.intake.kinds import Kind
from app.services.intake.merge import merge
from app.services.intake.reading import Reading, read
from app.services.intake.report import ChunkReport
from app.services.intake.source import Row

# Any number that nothing else locks: two intakes at once would both find the same record new.
ONE_INTAKE_AT_A_TIME = 6731120


def load_chunk(session: Session, kind: Kind, rows: Iterable[Row], *, source: str, run: str) -> ChunkReport:
    """Take in `rows`, those that can be; ask for the attendance of the actions they touch to be made again.

    `source` is who brought them, for corrections. `run` is unique to this chunk of this load, so that each asks once.
    """
    return load_reading(session, read(kind, rows), source=source, run=run)


def load_reading(session: Session, reading: Reading, *, source: str, run: str) -> ChunkReport:
    """The same for rows that were read before, such as while the rows before them were being stored."""
    session.execute(select(func.pg_advisory_xact_lock(ONE_INTAKE_AT_A_TIME)))
    report = ChunkReport(reading.kind.name, refused=list(reading.refused))
    for wave in reading.waves:
        _add_up(report, merge(session, reading.kind, wave, source=source))
    for action_id in sorted(report.actions - _already_asked(session, report.actions)):
        attendance.ask_recompute(session, action_id, reason=run)
    report.refused.sort(key=lambda refused: refused.line or 0)
    return report


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
    report.doubts.extend(merged.doubts)
    report.actions |= merged.actions
