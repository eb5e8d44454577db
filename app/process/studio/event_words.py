"""What changes in an event, in sentences: its term, its host, what it waits for, and whether it interrupts."""

from collections.abc import Callable

from app.process.messages import MESSAGES
from app.process.studio import kinds, term_words
from app.process.studio.part_events import ERROR, EVENT, HOST, INTERRUPTS, MESSAGE, TERM
from app.process.studio.parts import Part

Called = Callable[[str], str]
"""How an element is called, by its id."""


def added(part: Part, host: Part | None, called: Called) -> str:
    """Of what hangs on a step: on which, and what it does to it."""
    one = kinds.named(part.kind, part.facts.get(EVENT, "")).replace("el ", "un ", 1).replace("la ", "una ", 1)
    what = "; ".join(detail for detail in (called(part.key), *details(part)) if detail)
    return f"Se agrega {one} a {called(part.facts.get(HOST, ''))}, que {_interrupts(part, host)}: {what}."


def details(part: Part) -> list[str]:
    """What a new event waits for or brings about."""
    term, message, error = (part.facts.get(fact, "") for fact in (TERM, MESSAGE, ERROR))
    said = [f"a los {term_words.said(term)}" if part.facts.get(HOST) else term_words.said(term)] if term else []
    return said + ([f"hecho {fact_named(message)}"] if message else []) + ([f"error «{error}»"] if error else [])


def _interrupts(part: Part, host: Part | None) -> str:
    whom = "la" if host is None or kinds.named(host.kind).startswith("la ") else "lo"
    return f"no {whom} interrumpe" if part.facts.get(INTERRUPTS) == "false" else f"{whom} interrumpe"


def changed(fact: str, old: str, new: str, part: Part, called: Called) -> str | None:
    """None where `fact` is not about events."""
    kind = kinds.named(part.kind, part.facts.get(EVENT, ""))
    subject = f"{kind[0].upper()}{kind[1:]} {called(part.key)}"
    host = called(part.facts.get(HOST, ""))
    if fact == TERM:
        return term_words.passes(f"El límite {called(part.key)} de {host}" if HOST in part.facts else subject, old, new)
    if fact == HOST:
        return f"{subject} está ahora en el borde de {called(new)}; antes, en el de {called(old)}."
    if fact == INTERRUPTS:
        return f"{subject} {'ya no interrumpe' if new == 'false' else 'interrumpe ahora'} a {host}."
    if fact in (MESSAGE, ERROR):
        what = "El hecho que espera" if fact == MESSAGE else "El error de"
        named = fact_named if fact == MESSAGE else "«{}»".format
        return f"{what} {called(part.key)}: ahora {named(new)}; antes {named(old)}."
    return None


def fact_named(message: str) -> str:
    """By its title in the catalogue; one that is not in it by its name."""
    return f"«{MESSAGES[message].title if message in MESSAGES else message}»"
