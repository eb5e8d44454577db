"""One chunk of rows of one kind, taken in within the caller's transaction."""

from collections.abc import Collection, Iterable

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import faults
from app.models import Effect
from app.services import attendance
from app.services.intake.kinds import Kind
from app.services.intake.merge import merge
from app.services.intake.reading import Reading, read
from app.services.intake.report import ChunkReport
from app.services.intake.source import Row

# Any numbers that nothing else locks.
INTAKE, LOAD = 6731120, 6731121
SLOTS = (0, 1)


def wait_for_load(session: Session) -> None:
    """Loads of whole folders take turns for as long as the caller's transaction is open."""
    session.execute(select(func.pg_advisory_xact_lock(LOAD)))


def wait_for_turn(session: Session, slot: int | None = None) -> None:
    """Intakes take turns until their commit: two at once would both find the same record new.

    With a `slot` one goes beside the one of the other slot: only for chunks of one load that have no key in common.
    """
    for taken in SLOTS if slot is None else (slot,):
        session.execute(select(func.pg_advisory_xact_lock(INTAKE, taken)))


def load_chunk(session: Session, kind: Kind, rows: Iterable[Row], *, source: str, run: str) -> ChunkReport:
    """Take in `rows`, those that can be; ask for the attendance of the actions they touch to be made again.

    `source` is who brought them, for corrections. `run` is unique to this chunk of this load, so that each asks once.
    """
    return load_reading(session, read(kind, rows), source=source, run=run)


def load_reading(session: Session, reading: Reading, *, source: str, run: str, slot: int | None = None) -> ChunkReport:
    """The same for rows that were read before, such as while the rows before them were being stored."""
    wait_for_turn(session, slot)
    report = ChunkReport(reading.kind.name, refused=list(reading.refused))
    for wave in reading.waves:
        _add_up(report, merge(session, reading.kind, wave, source=source))
    for action_id in sorted(report.actions - _already_asked(session, report.actions)):
        attendance.ask_recompute(session, action_id, reason=run)
    faults.point("intake.chunk_merged")
    report.refused.sort(key=lambda refused: refused.line or 0)
    return report


def _already_asked(session: Session, actions: Collection[int]) -> set[int]:
    """Those whose recomputation waits in no worker's hands. Locked until the commit, it cannot miss these rows."""
    action_id = Effect.payload["action_id"].as_integer()
    waiting = (
        select(action_id)
        .where(Effect.kind == attendance.RECOMPUTE, Effect.done_at.is_(None), Effect.gave_up_at.is_(None))
        .where(action_id.in_(actions))
        # Shared: the chunk of the other slot may count on the same one.
        .with_for_update(read=True, skip_locked=True)
    )
    return set(session.scalars(waiting))


def _add_up(report: ChunkReport, merged: ChunkReport) -> None:
    report.new += merged.new
    report.unchanged += merged.unchanged
    report.corrected += merged.corrected
    report.refused.extend(merged.refused)
    report.doubts.extend(merged.doubts)
    report.actions |= merged.actions
