"""The gate: what a diagram must be before it may start cases. One implementation for commands, pages and tests."""

from app.process import engine
from app.process.diagrams import read
from app.process.gate import (
    answers,
    calls,
    decision,
    errors,
    events,
    notation,
    places,
    rounds,
    steps,
    together,
    tokens,
    ways,
    wiring,
)
from app.process.gate.finding import CODES, Finding, Refused
from app.process.gate.notation import ENGLISH_ID
from app.process.gate.scopes import Scopes
from app.process.graph import graphs_of
from app.process.package import Package
from app.process.safe_xml import InvalidDiagram, tree_of

declared = steps.declared
of_faulty_tables = decision.of_faulty

__all__ = [
    "CODES",
    "ENGLISH_ID",
    "Finding",
    "Refused",
    "declared",
    "findings",
    "findings_in_file",
    "of_faulty_tables",
    "require_sound",
]

# With one of these there is no token game to play: a step, an arrow or a way out of it is not there.
UNPLAYABLE = frozenset({"outside_subset", "event", "start", "flow", "split", "dead_end", "no_end", "side_end"})


def require_sound(package: Package) -> None:
    """Raises Refused unless `findings` is empty."""
    found = findings(package)
    if found:
        raise Refused(found)


def findings_in_file(content: bytes) -> list[Finding]:
    """What `findings` says of the diagram in a file that is alone; a file that is none has one finding."""
    try:
        return findings(Package(read(content)))
    except InvalidDiagram as invalid:
        return [Finding("invalid_diagram", invalid.element, invalid.sentence)]


def findings(package: Package) -> list[Finding]:
    """Everything that keeps a version from being published.

    The engine is asked only about what we understand.
    """
    diagram, variables = package.diagram, declared(package)
    root = tree_of(diagram.xml)
    scopes, codes, called = Scopes(graphs_of(root)), events.error_codes(root), calls.called_by(package)
    may_end_with = {key: one.errors for key, one in called.items()}
    found = [
        *notation.findings(root),
        *steps.findings(root, package),
        *events.findings(root, scopes),
        *calls.findings(package),
        *decision.findings(package, variables),
        *errors.findings(scopes, codes, may_end_with, is_called=steps.may_be_called(diagram)),
        *wiring.findings(root, scopes),
        *rounds.findings(scopes, codes, {key: one.exits for key, one in called.items()}),
        *ways.findings(scopes.graphs.values(), variables),
        *answers.findings(
            scopes,
            package,
            {key: one.gives for key, one in called.items()},
            {key: one.answered for key, one in called.items()},
        ),
        *places.findings(root, diagram.process_id),
    ]
    if UNPLAYABLE.isdisjoint(finding.code for finding in found):
        asked = {key: one.asks for key, one in called.items()}
        found += list(tokens.findings(scopes)) or together.findings(scopes, package, asked)
    if not found:
        try:
            engine.check(package.program)
        except engine.EngineError as error:
            found.append(Finding("engine", diagram.process_id, str(error)))
    return list(dict.fromkeys(found))
