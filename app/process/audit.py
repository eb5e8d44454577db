"""What the audit asks the engine: that rows and stored states of the cases are one truth. With these, the audit is whole."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import text

from app.process import definitions, diagrams, engine
from app.services import audit
from app.services.audit import Ground, Invariant

CASES_AT_A_TIME = 200

OPEN_CASES = """
    SELECT p.id, definition_id, process_id, state, engine_version,
        array(SELECT engine_task_id || ' ' || key FROM human_task AS t WHERE instance_id = p.id AND status = 'open') AS tasks,
        array(SELECT engine_task_id || ' ' || key FROM awaited_event AS a
            WHERE instance_id = p.id AND status IN ('waiting', 'asked')) AS awaited
    FROM process_instance AS p WHERE status = 'open' ORDER BY id
"""
ENDS = """
    SELECT definition_id, outcome FROM process_instance WHERE status = 'completed' GROUP BY definition_id, outcome
"""
DEFINITIONS = """
    SELECT id, version, xml, forms, scenarios, decision_tables, called, content_sha256,
        row_number() OVER (PARTITION BY process_id ORDER BY version) AS expected
    FROM process_definition
"""
CALLED_ELSEWHERE = """
    SELECT DISTINCT 'process_definition:' || d.id FROM process_definition AS d, jsonb_each(d.called) AS one(name, pinned)
    WHERE NOT EXISTS (
        SELECT FROM process_definition AS c
        WHERE c.process_id = name AND c.version = (pinned->>'version')::int AND c.xml = pinned->>'xml'
            AND c.forms = pinned->'forms' AND c.decision_tables = pinned->'decision_tables'
    )
"""
ENDED_THERE = """
    SELECT 'process_instance:' || id FROM process_instance
    WHERE status = 'completed' AND definition_id = :definition_id AND outcome = :outcome
"""


def _programs(ground: Ground) -> Mapping[int, engine.Program]:
    """What the engine runs, by the definition's id."""
    rows = ground.session.execute(text("SELECT id, process_id, xml, called FROM process_definition"))
    return {
        row.id: engine.Program(
            row.process_id, row.xml, tuple((name, one["xml"]) for name, one in sorted(row.called.items()))
        )
        for row in rows
    }


def _of_other_engines(ground: Ground) -> Iterator[str]:
    for case in ground.session.execute(text(OPEN_CASES), execution_options={"yield_per": CASES_AT_A_TIME}):
        if case.engine_version not in engine.READABLE:
            yield f"process_instance:{case.id}"


def _of_other_tasks(ground: Ground) -> Iterator[str]:
    for case, standing in _standing(ground):
        if standing is None or not _same(standing.waiting, case.tasks):
            yield f"process_instance:{case.id}"


def _of_other_events(ground: Ground) -> Iterator[str]:
    for case, standing in _standing(ground):
        # A state that cannot be read is told with its tasks.
        if standing is not None and not _same(standing.awaited, case.awaited):
            yield f"process_instance:{case.id}"


def _standing(ground: Ground) -> Iterator[tuple[Any, engine.Standing | None]]:
    """Each open case that this engine continues, with whom and what it waits for there; None if its state cannot be read."""
    programs = _programs(ground)
    for case in ground.session.execute(text(OPEN_CASES), execution_options={"yield_per": CASES_AT_A_TIME}):
        if case.engine_version in engine.READABLE:
            try:
                yield case, engine.standing(programs[case.definition_id], case.state)
            except engine.EngineError:
                yield case, None


def _same(standing: Sequence[engine.WaitingTask | engine.AwaitedEvent], rows: Sequence[str]) -> bool:
    return sorted(f"{one.engine_task_id} {one.key}" for one in standing) == sorted(rows)


def _ended_nowhere(ground: Ground) -> Iterator[str]:
    programs = _programs(ground)
    # Few, however many cases: the ends that were ever reached.
    for end in ground.session.execute(text(ENDS)).all():
        if end.outcome not in diagrams.stored(programs[end.definition_id].xml).ends:
            yield from ground.session.scalars(text(ENDED_THERE), end._asdict())


def _changed_since_published(ground: Ground) -> Iterator[str]:
    rows = ground.session.execute(text(DEFINITIONS))
    return (
        f"process_definition:{row.id}"
        for row in rows
        if row.version != row.expected
        or row.content_sha256
        != definitions.content_hash(row.xml, row.forms, row.scenarios, row.decision_tables, row.called)
    )


def _calling_what_was_never_published(ground: Ground) -> Iterator[str]:
    yield from ground.session.scalars(text(CALLED_ELSEWHERE))


INVARIANTS: tuple[Invariant, ...] = (
    *audit.INVARIANTS,
    Invariant(
        "open_tasks_are_the_engines",
        "Las tareas pendientes de cada trámite en curso son las que el motor espera, ni una más ni una menos.",
        _of_other_tasks,
    ),
    Invariant(
        "awaited_events_are_the_engines",
        "Los plazos y avisos que cada trámite en curso espera son los que el motor espera, ni uno más ni uno menos.",
        _of_other_events,
    ),
    Invariant(
        "open_cases_readable",
        "Cada trámite en curso quedó guardado con una versión del motor que se puede seguir.",
        _of_other_engines,
    ),
    Invariant(
        "definitions_unchanged",
        "Cada versión de un proceso es la que se publicó: su huella coincide y las versiones no tienen saltos.",
        _changed_since_published,
    ),
    Invariant(
        "called_versions_exist",
        "Cada proceso que una versión llama es, tal como ella lo guarda, una versión que se publicó.",
        _calling_what_was_never_published,
    ),
    Invariant(
        "ended_cases_reached_an_end",
        "Cada trámite terminado llegó a un fin de su diagrama.",
        _ended_nowhere,
    ),
)
