"""Rules on single steps: the form, office and terms of a person's task, and the operation of a service task."""

from collections.abc import Iterator
from dataclasses import replace

from lxml import etree

from app.domain.offices import Office
from app.process import dmn, expression_types, operations
from app.process.catalogue import DEADLINE_FUNCTIONS
from app.process.diagrams import BPMN, CONSTANCIA, Diagram
from app.process.expression_types import DAY, Type, Variables
from app.process.expressions import ExpressionError
from app.process.forms import Forms
from app.process.gate.finding import Finding
from app.process.package import Package
from app.process.terms import term_of

# The portal begins these processes on a page of its own, which asks this form.
BEGUN_WITH = {
    "issuance": "document_reference",
    "annulment": "annulment_request",
    "retroactive_attendance": "retroactive_request",
}
# What a form's built-in answers come from is the page of this process.
OWN_PAGES = frozenset({("issuance", "accept_issuance"), ("retroactive_attendance", "retroactive_request")})
TERMS = ("deadline", "escalation")
EXAMPLE = "plazo_habil(10)"


def findings(root: etree._Element, package: Package) -> Iterator[Finding]:
    diagram, forms = package.diagram, package.forms
    yield from _user_tasks(diagram, forms)
    yield from _beginning(diagram)
    yield from _types(package)
    yield from _types_of_operations(diagram, forms)
    yield from _terms(root)
    yield from _operations(diagram)


def _user_tasks(diagram: Diagram, forms: Forms) -> Iterator[Finding]:
    people = frozenset(Office) - {Office.SYSTEM}
    for task in diagram.user_tasks.values():
        if task.form not in forms:
            yield Finding("form", task.key, f"El formulario «{task.form}» no existe. Elija uno: {', '.join(forms)}.")
        elif forms[task.form].definition.built_in and (diagram.process_id, task.form) not in OWN_PAGES:
            yield Finding("form", task.key, f"El formulario «{task.form}» solo sirve en su propio trámite. Elija otro.")
        if task.office not in people:
            yield Finding("office", task.key, "La tarea no es de ninguna oficina. Muévala al carril de una, o elíjala.")


def _beginning(diagram: Diagram) -> Iterator[Finding]:
    form = BEGUN_WITH.get(diagram.process_id)
    if form is not None and form not in {task.form for task in diagram.user_tasks.values()}:
        sentence = f"El trámite empieza en una página que pide el formulario «{form}». Póngalo en su primera tarea."
        yield Finding("form", diagram.process_id, sentence)
    if form is not None and diagram.begins_with:
        yield Finding("start", diagram.process_id, "El trámite empieza en una página propia. Deje su inicio simple.")


def may_be_called(diagram: Diagram) -> bool:
    """Whether others may call the process: it begins neither on a page of its own nor with a message."""
    return diagram.process_id not in BEGUN_WITH and not diagram.begins_with


def declared(package: Package) -> Variables:
    """What conditions and tables may read; of a number that is given at several places, no limits are known."""
    found: dict[str, Type] = {}
    for _, name, type_ in _decided(package):
        before = found.setdefault(name, type_)
        if before != type_:
            found[name] = replace(_unlimited(before), choices=_choices(before, type_))
    return found


def _choices(one: Type, other: Type) -> frozenset[str]:
    """What a text may be that is given at two places; any text where one of them says nothing."""
    return one.choices | other.choices if one.choices and other.choices else frozenset()


def _types(package: Package) -> Iterator[Finding]:
    """A condition reads an answer by its name, whoever gave it: all who give it give the same type."""
    first: dict[str, Type] = {}
    for key, name, type_ in _decided(package):
        before = first.setdefault(name, type_)
        # What a table gives is as wide as its rows, which is no matter of type.
        is_table = key in package.diagram.decisions
        if _kind(before) != _kind(type_) if is_table else _unlimited(before) != _unlimited(type_):
            where = "otra tabla o un formulario" if is_table else "otro formulario"
            sentence = f"«{name}» es {type_.face} aquí y otra cosa en {where}. Cambie uno de los nombres."
            yield Finding("type_clash", key, sentence)


def _decided(package: Package) -> Iterator[tuple[str, str, Type]]:
    """Each step with an answer that conditions may read: of its form, its table, or the process that it calls."""
    diagram, forms = package.diagram, package.forms
    for task in diagram.user_tasks.values():
        if task.form in forms:
            yield from ((task.key, name, type_) for name, type_ in forms[task.form].decides.items())
    for key, table in diagram.decisions.items():
        if table in package.decision_tables:
            yield from ((key, name, type_) for name, type_ in dmn.gives(package.decision_tables[table]).items())
    for key, process_id in diagram.calls.items():
        if process_id in package.called:
            yield from ((key, name, type_) for name, type_ in declared(package.called[process_id]).items())


def _unlimited(type_: Type) -> Type:
    return replace(type_, bounds=None)


def _kind(type_: Type) -> tuple[str, str]:
    return type_.face, type_.element.face if type_.element else ""


def _types_of_operations(diagram: Diagram, forms: Forms) -> Iterator[Finding]:
    """What an operation reads is of the type it works with."""
    performed = (operations.OPERATIONS.get(name) for name in diagram.operations.values())
    read = {name: operations.ANSWERS[name] for one in performed if one is not None for name in one.reads}
    for task in diagram.user_tasks.values():
        form = forms.get(task.form)
        given = {**form.asks, **form.decides} if form else {}
        for name in sorted(name for name in given.keys() & read.keys() if given[name].face != read[name].face):
            sentence = (
                f"Una operación lee «{name}» como {read[name].face} y el formulario lo da como {given[name].face}."
            )
            yield Finding("type_clash", task.key, f"{sentence} Cambie el tipo o el nombre del campo.")


def _terms(root: etree._Element) -> Iterator[Finding]:
    for node in root.iter(f"{BPMN}userTask"):
        wrong = [finding for term in TERMS for finding in _term(node, term)]
        yield from wrong or _limit(node)


def _term(node: etree._Element, term: str) -> Iterator[Finding]:
    source = node.get(f"{CONSTANCIA}{term}")
    try:
        expression_types.require(source or EXAMPLE, DAY, {}, DEADLINE_FUNCTIONS)
    except ExpressionError as error:
        yield Finding(term, node.get("id", ""), f"El plazo no se entiende. Escríbalo como {EXAMPLE}. {error}")


def _limit(node: etree._Element) -> Iterator[Finding]:
    """The national level is told after the deadline, never before."""
    deadline, limit = (term_of(node.get(f"{CONSTANCIA}{term}", "")) for term in TERMS)
    if limit is None:
        return
    if deadline is None:
        sentence = "Falta el plazo que se vence antes del límite. Escriba sus días."
        yield Finding("escalation", node.get("id", ""), sentence)
    elif limit.working != deadline.working or limit.days <= deadline.days:
        unit = "hábiles" if deadline.working else "corridos"
        sentence = f"El límite va después del plazo. Escriba más de {deadline.days} días {unit}."
        yield Finding("escalation", node.get("id", ""), sentence)


def _operations(diagram: Diagram) -> Iterator[Finding]:
    for key, name in diagram.operations.items():
        if name not in operations.OPERATIONS:
            yield Finding("operation", key, f"La operación «{name}» no existe. Elija una del catálogo.")
