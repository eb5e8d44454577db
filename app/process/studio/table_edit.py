"""What was typed into the table of a draft, written into its XML; where a step is drawn follows its lane."""

import re
from collections.abc import Mapping

from lxml import etree

from app.domain.errors import Refusal
from app.process.diagrams import BPMN, CONSTANCIA
from app.process.safe_xml import tree_of
from app.process.studio import layout_edit, table_events
from app.process.studio.table import DOES, HUMAN, Row, table_of
from app.process.subset import XSI

LONGEST_NAME = 120
LONGEST_CONDITION = 300
_DAYS = re.compile(r"[0-9]{1,3}")
WORKING, CALENDAR = "plazo_habil", "plazo_corrido"
UNITS = {WORKING: "hábiles", CALENDAR: "corridos"}
Typed = Mapping[str, str]
TERMS = {"deadline": "El plazo", "escalation": "El límite para avisar al nivel central", "term": "La espera"}


class Mistyped(Refusal):
    """What no diagram could say; `field` is its key among what was typed."""

    def __init__(self, sentence: str, field: str) -> None:
        super().__init__(sentence)
        self.field = field


def written(xml: str, typed: Typed) -> str:
    """The text with every row as typed; `typed` is keyed `name.<step>`, `office.<step>`, `condition.<arrow>` and so on.

    What is not among the keys stays. Raises Refusal for what no diagram could say; the gate judges the rest.
    """
    root = tree_of(xml)
    nodes = {node.get("id", ""): node for node in root.iter(etree.Element) if node.get("id")}
    for row in table_of(xml).rows:
        _write_row(root, nodes, row, typed)
    return etree.tostring(root, encoding="unicode")


def _write_row(root: etree._Element, nodes: Mapping[str, etree._Element], row: Row, typed: Typed) -> None:
    node = nodes[row.key]
    _write(node, "name", _name(typed, row))
    if row.kind in DOES:
        _write(node, DOES[row.kind], typed.get(f"does.{row.key}", row.does).strip())
    if row.kind == HUMAN:
        for term, limit in (("deadline", row.deadline), ("escalation", row.escalation)):
            _write(node, f"{CONSTANCIA}{term}", _term(typed, term, row, limit.source))
    _write_event(root, node, row, typed)
    office = typed.get(f"office.{row.key}", row.office)
    if row.within:
        _write(node, f"{CONSTANCIA}office", office)
    elif office != row.office:
        _move(root, row.key, office)
    if row.is_decision:
        _write_exits(nodes, row, typed)


def _write_event(root: etree._Element, node: etree._Element, row: Row, typed: Typed) -> None:
    """What is as it was stays as it is written."""
    term = _term(typed, "term", row, row.term.source)
    if row.event == "timer" and term != row.term.source:
        table_events.write_term(node, term)
    if row.event == "message" and typed.get(f"message.{row.key}", row.message) != row.message:
        table_events.write_message(root, node, typed[f"message.{row.key}"])
    code = typed.get(f"error.{row.key}", row.error).strip()
    if row.event == "error" and code != row.error:
        if not table_events.CODE.fullmatch(code):
            raise Mistyped(table_events.NO_CODE, f"error.{row.key}")
        table_events.write_error(root, node, code, row.name)
    interrupts = typed.get(f"interrupts.{row.key}")
    if row.host and row.event == "timer" and interrupts == ("no" if row.is_interrupting else "yes"):
        table_events.write_interrupts(node, interrupts == "yes")


def _name(typed: Typed, row: Row) -> str:
    name = " ".join(typed.get(f"name.{row.key}", row.name).split())
    if len(name) > LONGEST_NAME:
        raise Mistyped(f"El nombre «{name[:40]}…» supera los {LONGEST_NAME} caracteres. Acórtelo.", f"name.{row.key}")
    return name


def _term(typed: Typed, what: str, row: Row, source: str) -> str:
    days = typed.get(f"{what}.{row.key}")
    if days is None:
        return source
    if not days.strip() and what != "term":
        return ""
    return term(
        typed, f"{what}.{row.key}", f"unit.{row.key}", f"{TERMS[what]} de «{row.name}»", may_be_empty=what != "term"
    )


def term(typed: Typed, days: str, unit: str, called: str, *, may_be_empty: bool = False) -> str:
    """The term whose days and unit were typed under these keys. Raises Mistyped for what is no number of days."""
    many, kind = typed.get(days, "").strip(), typed.get(unit, WORKING)
    if not _DAYS.fullmatch(many):
        or_nothing = ", o déjelo vacío" if may_be_empty else ""
        raise Mistyped(f"{called} no es un número de días. Escríbalo como 10{or_nothing}.", days)
    return f"{kind if kind in UNITS else WORKING}({int(many)})"


def _write(node: etree._Element, attribute: str, value: str) -> None:
    if value:
        node.set(attribute, value)
    else:
        node.attrib.pop(attribute, None)


def _write_exits(nodes: Mapping[str, etree._Element], row: Row, typed: Typed) -> None:
    default = typed.get(f"default.{row.key}")
    if default is not None:
        known = {exit_.key for exit_ in row.exits}
        _write(nodes[row.key], "default", default if default in known else "")
    for exit_ in row.exits:
        condition = typed.get(f"condition.{exit_.key}", exit_.condition).strip()
        if len(condition) > LONGEST_CONDITION:
            sentence = f"La condición supera los {LONGEST_CONDITION} caracteres. Divídala en dos decisiones."
            raise Mistyped(sentence, f"condition.{exit_.key}")
        if condition != exit_.condition:
            _write_condition(nodes[exit_.key], condition)
        _write(nodes[exit_.key], "name", " ".join(typed.get(f"exit.{exit_.key}", exit_.name).split())[:LONGEST_NAME])


def _write_condition(flow: etree._Element, condition: str) -> None:
    for old in flow.findall(f"{BPMN}conditionExpression"):
        flow.remove(old)
    if condition:
        written = etree.SubElement(flow, f"{BPMN}conditionExpression", {f"{XSI}type": "tFormalExpression"})
        written.text = condition


def _move(root: etree._Element, key: str, office: str) -> None:
    """Into another lane; one that is not drawn is no place to go."""
    lanes = {lane.get("id", ""): lane for lane in root.iter(f"{BPMN}lane")}
    if office not in lanes:
        raise Refusal("Esa oficina no tiene carril en el diagrama. Agregue la oficina y vuelva a intentar.")
    for reference in list(root.iter(f"{BPMN}flowNodeRef")):
        if (reference.text or "").strip() == key:
            reference.getparent().remove(reference)  # type: ignore[union-attr]
    etree.SubElement(lanes[office], f"{BPMN}flowNodeRef").text = key
    layout_edit.into_lane(root, key, office)
