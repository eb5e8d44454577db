"""Decision tables into files: DMN 1.3, which dmn-js opens as a table; nothing is drawn, there being one decision."""

from lxml import etree

from app.process.dmn.sheet import Column, Row, Sheet
from app.process.dmn.table import DecisionTable
from app.process.dmn.xml import DMN, MODEL, MOST_ELEMENTS
from app.process.safe_xml import canonical


def written(table: DecisionTable | Sheet) -> str:
    """The canonical text of a table's file; what has no id gets one from its place."""
    sheet = table.sheet if isinstance(table, DecisionTable) else table
    root = etree.Element(f"{DMN}definitions", {"id": f"{sheet.name}_file"}, nsmap={None: MODEL})
    root.set("name", sheet.title)
    root.set("namespace", "urn:constancia:dmn")
    decision = _child(root, "decision", id=sheet.name, name=sheet.title)
    body = _child(decision, "decisionTable", id=f"{sheet.name}_table", hitPolicy=sheet.hit_policy)
    if sheet.aggregation:
        body.set("aggregation", sheet.aggregation)
    for number, column in enumerate(sheet.inputs, start=1):
        _input(body, column, column.key or f"input_{number}")
    for number, column in enumerate(sheet.outputs, start=1):
        _output(body, column, column.key or f"output_{number}")
    for number, row in enumerate(sheet.rows, start=1):
        _row(body, row, row.key or f"rule_{number}")
    return canonical(etree.tostring(root), most_elements=MOST_ELEMENTS)


def _child(parent: etree._Element, tag: str, /, **attributes: str) -> etree._Element:
    return etree.SubElement(parent, f"{DMN}{tag}", attributes)


def _text(parent: etree._Element, tag: str, text: str, /, **attributes: str) -> None:
    _child(_child(parent, tag, **attributes), "text").text = text


def _input(body: etree._Element, column: Column, key: str) -> None:
    input_ = _child(body, "input", id=key, label=column.label)
    _text(input_, "inputExpression", column.name, id=f"{key}_expression", typeRef=column.type)
    if column.allowed:
        _text(input_, "inputValues", column.allowed, id=f"{key}_values")


def _output(body: etree._Element, column: Column, key: str) -> None:
    output = _child(body, "output", id=key, label=column.label, name=column.name, typeRef=column.type)
    if column.allowed:
        _text(output, "outputValues", column.allowed, id=f"{key}_values")


def _row(body: etree._Element, row: Row, key: str) -> None:
    rule = _child(body, "rule", id=key)
    if row.note:
        _child(rule, "description").text = row.note
    cells = [("inputEntry", text) for text in row.conditions] + [("outputEntry", text) for text in row.conclusions]
    for place, (tag, text) in enumerate(cells):
        own = row.cells[place] if place < len(row.cells) and row.cells[place] else f"{key}_cell_{place + 1}"
        _text(rule, tag, text, id=own)
