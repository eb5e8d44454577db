"""Rules on calls: the process called is there, may be called, does not come back to this one; and what is known of it then."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from app.process.gate import decision, events, rounds, steps
from app.process.gate.answers import given_by
from app.process.gate.errors import thrown
from app.process.gate.finding import Finding
from app.process.gate.rounds import Exits
from app.process.gate.scopes import Scopes, leaving
from app.process.gate.surely import NONE, Names, surely_given
from app.process.graph import graphs_of
from app.process.package import Package
from app.process.safe_xml import tree_of


@dataclass(frozen=True)
class Called:
    """What a caller counts on: with which errors it may end, how without anybody, what it surely gives, what it may ask.

    `answered` is what people surely answer in it: operations read no more than that.
    """

    errors: frozenset[str]
    exits: Exits
    gives: Names
    answered: Names
    asks: Names
    is_left: bool


def findings(package: Package) -> Iterator[Finding]:
    known = called_by(package)
    for key, process_id in package.diagram.calls.items():
        if not process_id:
            yield Finding("call", key, "La llamada no dice a qué proceso. Elija uno.")
        elif package.diagram.process_id in _reached(process_id, package):
            yield Finding("call", key, "El proceso se llamaría a sí mismo y no terminaría. Elija otro.")
        elif process_id not in package.called:
            yield Finding("call", key, f"El proceso «{process_id}» no existe o no está publicado. Elija otro.")
        elif not steps.may_be_called(package.called[process_id].diagram):
            sentence = f"El proceso «{process_id}» empieza por sí mismo y no se puede llamar. Elija otro."
            yield Finding("call", key, sentence)
        elif not known[key].is_left:
            sentence = f"El proceso «{process_id}» solo termina con errores y nunca sigue la flecha. Elija otro."
            yield Finding("call", key, sentence)


def called_by(package: Package) -> Mapping[str, Called]:
    """What is known of each process that is called and is there, by the id of the call."""
    known = {process_id: _called(called) for process_id, called in package.called.items()}
    return {key: known[name] for key, name in package.diagram.calls.items() if name in known}


def _called(package: Package) -> Called:
    root = tree_of(package.diagram.xml)
    scopes, codes, deeper = Scopes(graphs_of(root)), events.error_codes(root), called_by(package)
    needed = given_by(package, lambda form: form.needed)
    decided = decision.given_by(package)
    asked = given_by(package, lambda form: form.decisions | form.answers)
    top = scopes.graphs[scopes.process]
    return Called(
        errors=frozenset(codes.get(end, "") for end in thrown(top)),
        exits=rounds.exits(scopes, codes, {key: one.exits for key, one in deeper.items()}),
        gives=surely_given(scopes, {**needed, **decided, **{key: one.gives for key, one in deeper.items()}}),
        answered=surely_given(scopes, {**needed, **{key: one.answered for key, one in deeper.items()}}),
        asks=NONE.union(*asked.values(), *decided.values(), *(one.asks for one in deeper.values())),
        is_left=bool(leaving(top)),
    )


def _reached(process_id: str, package: Package) -> frozenset[str]:
    """A process with all that it calls, and what those call."""
    called = package.called.get(process_id)
    deeper = (_reached(name, called) for name in called.diagram.calls.values()) if called else ()
    return frozenset({process_id}).union(*deeper)
