"""Decision tables out of files: safe XML, then the sheet as it is written, then the table that it means."""

from collections.abc import Sequence
from functools import lru_cache

from lxml import etree

from app.process.dmn.fault import refused
from app.process.dmn.meaning import table_of
from app.process.dmn.sheet import Column, Row, Sheet
from app.process.dmn.table import DecisionTable
from app.process.dmn.xml import DMN, MOST_ELEMENTS, require_subset, text_of
from app.process.safe_xml import InvalidDiagram, canonical, tree_of


def read(content: bytes) -> tuple[DecisionTable, str]:
    """The table in an untrusted DMN file, and the file's canonical text. Raises InvalidTable with every fault."""
    sheet, xml = sheet_of(content)
    return table_of(sheet), xml


def sheet_of(content: bytes) -> tuple[Sheet, str]:
    """The table as it is written, whatever its cells say, and the canonical text. Raises InvalidTable for another file."""
    try:
        xml = canonical(content, most_elements=MOST_ELEMENTS)
    except InvalidDiagram as invalid:
        raise refused(invalid.sentence, invalid.element) from invalid
    return _sheet(tree_of(xml)), xml


@lru_cache(maxsize=256)
def stored(xml: str) -> DecisionTable:
    """The table of a canonical text that was found sound before."""
    return table_of(_sheet(tree_of(xml)))


def _sheet(root: etree._Element) -> Sheet:
    require_subset(root)
    decisions = root.findall(f"{DMN}decision")
    tables = [table for decision in decisions for table in decision.findall(f"{DMN}decisionTable")]
    if len(decisions) != 1 or len(tables) != 1:
        raise refused("El archivo trae una decisión con una tabla, y solo una. Deje una.")
    decision, table = decisions[0], tables[0]
    return Sheet(
        name=decision.get("id", ""),
        title=(decision.get("name") or "").strip(),
        hit_policy=table.get("hitPolicy", "UNIQUE"),
        aggregation=table.get("aggregation", ""),
        inputs=tuple(_input(column) for column in table.findall(f"{DMN}input")),
        outputs=tuple(_output(column) for column in table.findall(f"{DMN}output")),
        rows=tuple(_row(row) for row in table.findall(f"{DMN}rule")),
    )


def _input(column: etree._Element) -> Column:
    expression = column.find(f"{DMN}inputExpression")
    return Column(
        name=text_of(expression),
        label=column.get("label", "").strip(),
        type="" if expression is None else expression.get("typeRef", ""),
        allowed=text_of(column.find(f"{DMN}inputValues")),
        key=column.get("id", ""),
    )


def _output(column: etree._Element) -> Column:
    return Column(
        name=column.get("name", ""),
        label=column.get("label", "").strip(),
        type=column.get("typeRef", ""),
        allowed=text_of(column.find(f"{DMN}outputValues")),
        key=column.get("id", ""),
    )


def _row(row: etree._Element) -> Row:
    conditions, conclusions = row.findall(f"{DMN}inputEntry"), row.findall(f"{DMN}outputEntry")
    return Row(
        conditions=tuple(map(text_of, conditions)),
        conclusions=tuple(map(text_of, conclusions)),
        note=_note(row),
        key=row.get("id", ""),
        cells=tuple(cell.get("id", "") for cell in [*conditions, *conclusions]),
    )


def _note(row: etree._Element) -> str:
    said: Sequence[str] = [(row.findtext(f"{DMN}description") or "").strip()]
    return said[0] or " ".join(filter(None, map(text_of, row.findall(f"{DMN}annotationEntry"))))
