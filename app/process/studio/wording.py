"""How the difference of two diagrams is told: one Spanish sentence for each thing that is otherwise."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from app.domain.offices import Office
from app.process.catalogue import FORMS
from app.process.operations import OPERATIONS
from app.process.studio import event_words, kinds, term_words
from app.process.studio.part_events import EVENT, HOST
from app.process.studio.parts import CONDITION, Part

TERMS: Mapping[str, str] = {"deadline": "El plazo", "escalation": "El límite antes de avisar al nivel central"}
# They hold steps, each of which has a name of its own.
HOLDERS = frozenset({"process", "collaboration", "subProcess"})


@dataclass(frozen=True)
class Names:
    """How elements are called, in the newer version where it has them."""

    before: Mapping[str, Part]
    after: Mapping[str, Part]
    # Of the forms that either version carries; those of the catalogue are known.
    titles: Mapping[str, str] = field(default_factory=dict)

    def form(self, name: str) -> str:
        known = self.titles.get(name) or (FORMS[name].definition.title if name in FORMS else name)
        return _quoted(known)

    def of(self, key: str) -> str:
        part = self.after.get(key) or self.before.get(key)
        if part is None:
            return f"«{key}»"
        if part.kind == "sequenceFlow":
            return self._flow(part)
        above = part.of in self.after or part.of in self.before
        return f"«{part.name or part.facts.get('text') or (above and self._unnamed(part)) or key}»"

    def within(self, part: Part) -> str:
        """Where it is inside of a subprocess, ` dentro de «Revisar»`; steps are told so, what joins them is not."""
        holder = self.after.get(part.of) or self.before.get(part.of)
        is_inside = holder is not None and holder.kind == "subProcess" and part.kind != "sequenceFlow"
        return f" dentro de {self.of(part.of)}" if is_inside else ""

    def _unnamed(self, part: Part) -> str:
        """Inside a named step: called by that; else by its id."""
        holder = self.after.get(part.of) or self.before.get(part.of)
        is_step = holder is not None and holder.kind not in HOLDERS
        return holder.name if is_step and holder is not None else part.key

    def _flow(self, part: Part) -> str:
        source, target = (self.of(part.facts.get(end, "")) for end in ("sourceRef", "targetRef"))
        return f"«{part.name}» de {source}" if part.name else f"de {source} a {target}"


def kind_of(part: Part) -> str:
    return kinds.named(part.kind, part.facts.get(EVENT, ""))


def added(part: Part, names: Names) -> str:
    if HOST in part.facts:
        return event_words.added(part, names.after.get(part.facts[HOST]), names.of)
    return f"Se agrega {kind_of(part)} {names.of(part.key)}{names.within(part)}{_details(part, names)}."


def _details(part: Part, names: Names) -> str:
    said = (_who(part), _when(part), _does(part, names), _if(part), *event_words.details(part))
    details = [detail for detail in said if detail]
    return f": {'; '.join(details)}" if details else ""


def removed(part: Part, names: Names) -> str:
    before = Names({}, names.before)
    host = f" de {before.of(part.facts[HOST])}" if HOST in part.facts else before.within(part)
    return f"Se quita {kind_of(part)} {before.of(part.key)}{host}."


def moved(part: Part, names: Names) -> str:
    kind = kind_of(part)
    return f"{kind[0].upper()}{kind[1:]} {names.of(part.key)} se dibuja en otro lugar."


def other_kind(before: Part, after: Part, names: Names) -> str:
    details = _details(after, names) if EVENT in after.facts else ""
    return f"{names.of(after.key)} era {kind_of(before)} y ahora es {kind_of(after)}{details}."


def elsewhere(before: Part, after: Part, names: Names) -> str:
    """In another subprocess, or in none any more."""
    kind = kind_of(after)
    place = f"está ahora{names.within(after)}" if names.within(after) else f"ya no está{names.within(before)}"
    return f"{kind[0].upper()}{kind[1:]} {names.of(after.key)} {place}."


def changed(fact: str, old: str, new: str, part: Part, names: Names) -> str:
    """What is said of `fact` when it goes from `old` to `new`, either of which may be nothing."""
    called = names.of(part.key)
    of_an_event = event_words.changed(fact, old, new, part, names.of)
    if of_an_event is not None:
        return of_an_event
    if fact in TERMS:
        return term_words.passes(f"{TERMS[fact]} de {called}", old, new)
    if fact == "name":
        return _renamed(old, new, part)
    if fact in ("sourceRef", "targetRef"):
        return _rerouted(fact, old, new, part, names)
    if fact == "default":
        old, new = (names.of(key) if key else "" for key in (old, new))
        return _passes(f"Si ninguna condición se cumple, {called} sigue por el camino", old, new)
    if fact == "form":
        return _passes(f"El formulario de {called}", names.form(old) if old else "", names.form(new) if new else "")
    if fact in VALUES:
        subject, told = VALUES[fact]
        return _passes(subject.format(called=called), told(old), told(new))
    return _passes(f"El dato «{fact}» de {called}", _quoted(old), _quoted(new))


def _passes(subject: str, old: str, new: str) -> str:
    if not old:
        return f"{subject}: ahora {new}."
    return f"{subject}: ahora {new}; antes {old}." if new else f"{subject}: ya no hay; antes {old}."


def _renamed(old: str, new: str, part: Part) -> str:
    kind = kind_of(part)
    if not old or not new:
        return (
            f"{kind[0].upper()}{kind[1:]} {_quoted(new or old)} {'recibe ese nombre' if new else 'queda sin nombre'}."
        )
    return f"{kind[0].upper()}{kind[1:]} {_quoted(old)} pasa a llamarse {_quoted(new)}."


def _rerouted(fact: str, old: str, new: str, part: Part, names: Names) -> str:
    source = names.of(part.facts.get("sourceRef", ""))
    if fact == "targetRef":
        return f"El camino que sale de {source} llega ahora a {names.of(new)}; antes, a {names.of(old)}."
    target = names.of(part.facts.get("targetRef", ""))
    return f"El camino que llega a {target} sale ahora de {names.of(new)}; antes, de {names.of(old)}."


def _quoted(text: str) -> str:
    return f"«{text}»" if text else ""


def office(value: str) -> str:
    return Office(value).label if value in set(Office) else _quoted(value)


def _operation(name: str) -> str:
    return _quoted(OPERATIONS[name].description.rstrip(".") if name in OPERATIONS else name)


VALUES: Mapping[str, tuple[str, Callable[[str], str]]] = {
    "office": ("A cargo de {called}", office),
    "operation": ("Lo que hace {called}", _operation),
    CONDITION: ("El camino {called} se toma si", _quoted),
    "decision": ("La tabla con que decide {called}", _quoted),
    "calledElement": ("El proceso que llama {called}", _quoted),
    "documentation": ("La documentación de {called}", _quoted),
    "text": ("La nota {called}", _quoted),
}


def _who(part: Part) -> str:
    return f"a cargo de {office(part.facts['office'])}" if part.kind == "userTask" and "office" in part.facts else ""


def _when(part: Part) -> str:
    source = part.facts.get("deadline", "")
    return f"plazo de {term_words.said(source)}" if source else ""


def _does(part: Part, names: Names) -> str:
    form, operation = part.facts.get("form", ""), part.facts.get("operation", "")
    table, called = part.facts.get("decision", ""), part.facts.get("calledElement", "")
    if form or operation:
        return f"formulario {names.form(form)}" if form else _operation(operation)
    return f"tabla {_quoted(table)}" if table else f"proceso {_quoted(called)}" if called else ""


def _if(part: Part) -> str:
    condition = part.facts.get(CONDITION, "")
    return f"se toma si {_quoted(condition)}" if condition else ""
