"""Staged rows meet the stored ones, all at once: new ones are added, other values become corrections, the rest stays."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    CreateTableAs,
    SQLColumnExpression,
    Table,
    and_,
    case,
    func,
    insert,
    literal,
    null,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session
from sqlalchemy.schema import DropTable

from app.models import Correction
from app.services.intake.clashes import Clash
from app.services.intake.kinds import Kind
from app.services.intake.reading import Wave
from app.services.intake.report import ChunkReport, Doubt, Refused
from app.services.intake.resolve import Problem, Resolved
from app.services.intake.staging import ROW, stage
from app.services.intake.targets import TARGETS, Target


@dataclass(frozen=True)
class _Merge:
    """One staged table on its way: `table` holds each row's outcome beside the values it would store."""

    session: Session
    kind: Kind
    target: Target
    stage: Table
    resolved: Resolved
    table: Table
    lines: Sequence[int]

    @property
    def is_good(self) -> SQLColumnExpression[bool]:
        return self.table.c.problem.is_(None)

    @property
    def is_new(self) -> SQLColumnExpression[bool]:
        return and_(self.is_good, self.table.c.stored_id.is_(None))

    @property
    def is_correction(self) -> SQLColumnExpression[bool]:
        return and_(self.is_good, self.table.c.stored_id.is_not(None), self.table.c.differs)


def merge(session: Session, kind: Kind, wave: Wave, *, source: str) -> ChunkReport:
    """Take the records in. Says what became of them."""
    # Corrections show their instants in one zone, whoever reads them later.
    session.execute(text("SET LOCAL TIME ZONE 'UTC'"))
    target = TARGETS[kind.name]
    staged = stage(session, kind, wave.copied)
    if target.prepare is not None:
        target.prepare(session, staged)

    resolved = target.resolve(staged)
    outcomes = _outcomes(session, kind, target, resolved, staged)
    merging = _Merge(session, kind, target, staged, resolved, outcomes, wave.lines)
    _find_clashes(merging)
    report = _counted(merging)
    report.refused.extend(_refused(merging, (*resolved.problems, *target.clashes)))
    report.actions |= _actions(merging)
    if report.corrected:
        _correct(merging, source)
    if report.new:
        _add(merging)
    report.doubts.extend(_doubts(merging))
    return report


def _outcomes(session: Session, kind: Kind, target: Target, resolved: Resolved, stage: Table) -> Table:
    """A temporary table with a row per staged row: its problem, the stored row it would be, and whether they differ."""
    problem = case(*((p.holds, number) for number, p in enumerate(resolved.problems)), else_=null())
    found = (
        select(
            stage.c[ROW],
            (problem if resolved.problems else null()).label("problem"),
            resolved.natural_key.label("natural_key"),
            resolved.action_id.label("merged_action_id"),
            *(column.label(name) for name, column in resolved.columns.items()),
        )
        .select_from(resolved.source)
        .subquery("found")
    )
    table, rest = target.table, [name for name in resolved.columns if name not in target.key]
    differs = or_(*(found.c[name].is_distinct_from(table.c[name]) for name in rest)) if rest else literal(value=False)
    create = CreateTableAs(
        select(found, table.c.id.label("stored_id"), differs.label("differs")).outerjoin(
            table, and_(*(_same(found.c[name], table.c[name]) for name in target.key))
        ),
        f"merge_{kind.name}",
        temporary=True,
    )
    session.execute(DropTable(create.table, if_exists=True))
    session.execute(create)
    return create.table


def _same(found: SQLColumnExpression[Any], column: SQLColumnExpression[Any]) -> SQLColumnExpression[bool]:
    # IS NOT DISTINCT FROM cannot be joined by hash, so only where a key may be empty.
    return found.is_not_distinct_from(column) if getattr(column, "nullable", False) else found == column


def _find_clashes(merging: _Merge) -> None:
    for number, clash in enumerate(merging.target.clashes, start=len(merging.resolved.problems)):
        places = clash.rows(merging.table, merging.is_good)
        wrong = update(merging.table).values(problem=number).where(merging.table.c[ROW].in_(places))
        merging.session.execute(wrong)


def _counted(merging: _Merge) -> ChunkReport:
    new, corrected, good = merging.session.execute(
        select(
            func.count().filter(merging.is_new),
            func.count().filter(merging.is_correction),
            func.count().filter(merging.is_good),
        ).select_from(merging.table)
    ).one()
    return ChunkReport(merging.kind.name, new=new, unchanged=good - new - corrected, corrected=corrected)


def _refused(merging: _Merge, problems: tuple[Problem | Clash, ...]) -> Iterable[Refused]:
    if not problems:
        return []
    rows = merging.session.execute(
        select(merging.table.c[ROW], merging.table.c.problem).where(merging.table.c.problem.is_not(None))
    )
    return [
        Refused(merging.kind.file_name, merging.lines[place], problems[number].field, problems[number].sentence)
        for place, number in rows
    ]


def _doubts(merging: _Merge) -> Iterator[Doubt]:
    for doubt in merging.target.doubts:
        for place in merging.session.scalars(doubt.rows(merging.table, merging.is_good)):
            yield Doubt(merging.kind.file_name, merging.lines[place], doubt.field, doubt.sentence)


def _actions(merging: _Merge) -> set[int]:
    """The actions whose attendance may be another now, also the one that a corrected mark leaves."""
    table = merging.table
    touched = select(table.c.merged_action_id).where(
        or_(merging.is_new, merging.is_correction), table.c.merged_action_id.is_not(None)
    )
    actions = set(merging.session.scalars(touched.distinct()))
    if merging.target.actions_of is not None:
        before = merging.target.actions_of().subquery("before")
        left = select(before.c.action_id).join(table, table.c.stored_id == before.c.id).where(merging.is_correction)
        actions |= set(merging.session.scalars(left.distinct()))
    return actions


def _correct(merging: _Merge, source: str) -> None:
    """Keep what was before beside what is now, then change the rows."""
    assert merging.target.shown is not None, "a row that is all key cannot be corrected"
    table, stage = merging.table, merging.stage
    before = merging.target.shown().subquery("before")
    kept = (
        select(
            literal(merging.kind.name),
            table.c.natural_key,
            _as_json(before, "id"),
            _as_json(stage, ROW),
            literal(datetime.now(UTC)),
            literal(source),
        )
        .select_from(table)
        .join(stage, stage.c[ROW] == table.c[ROW])
        .join(before, before.c.id == table.c.stored_id)
        .where(merging.is_correction)
    )
    columns = ["record", "natural_key", "before", "after", "corrected_at", "source"]
    merging.session.execute(insert(Correction).from_select(columns, kept))
    stored = merging.target.table
    merging.session.execute(
        update(stored)
        .values({name: table.c[name] for name in merging.resolved.columns if name not in merging.target.key})
        .where(stored.c.id == table.c.stored_id, merging.is_correction)
    )


def _as_json(rows: Any, without: str) -> SQLColumnExpression[Any]:
    return func.to_jsonb(rows.table_valued(), type_=JSONB).op("-", return_type=JSONB())(literal(without))


def _add(merging: _Merge) -> None:
    names = list(merging.resolved.columns)
    new = select(*(merging.table.c[name] for name in names)).where(merging.is_new)
    merging.session.execute(insert(merging.target.table).from_select(names, new))
