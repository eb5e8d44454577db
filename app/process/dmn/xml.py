"""The vocabulary of a decision table's file: DMN 1.3 as dmn-js writes it, and of that what may stand where."""

from collections.abc import Mapping

from lxml import etree

from app.process.dmn.fault import refused

MODEL = "https://www.omg.org/spec/DMN/20191111/MODEL/"
DMN = f"{{{MODEL}}}"
BIODI = "{http://bpmn.io/schema/dmn/biodi/2.0}"
DRAWING = "{https://www.omg.org/spec/DMN/20191111/DMNDI/}DMNDI"
OTHER_VERSIONS = {
    "http://www.omg.org/spec/DMN/20151101/dmn.xsd": "1.1",
    "http://www.omg.org/spec/DMN/20180521/MODEL/": "1.2",
    "https://www.omg.org/spec/DMN/20211108/MODEL/": "1.4",
    "https://www.omg.org/spec/DMN/20230324/MODEL/": "1.5",
}
MOST_ELEMENTS = 8_000
FEEL = frozenset({"feel", "https://www.omg.org/spec/DMN/20191111/FEEL/"})

CHILDREN: Mapping[str, frozenset[str]] = {
    "definitions": frozenset({"decision"}),
    "decision": frozenset({"decisionTable", "variable"}),
    "variable": frozenset(),
    "decisionTable": frozenset({"input", "output", "rule", "annotation"}),
    "input": frozenset({"inputExpression", "inputValues"}),
    "inputExpression": frozenset({"text"}),
    "inputValues": frozenset({"text"}),
    "output": frozenset({"outputValues"}),
    "outputValues": frozenset({"text"}),
    "annotation": frozenset(),
    "rule": frozenset({"description", "inputEntry", "outputEntry", "annotationEntry"}),
    "inputEntry": frozenset({"text"}),
    "outputEntry": frozenset({"text"}),
    "annotationEntry": frozenset({"text"}),
    "description": frozenset(),
    "text": frozenset(),
}
ATTRIBUTES: Mapping[str, frozenset[str]] = {
    "definitions": frozenset({"name", "namespace", "exporter", "exporterVersion", "expressionLanguage"}),
    "decision": frozenset({"name"}),
    "variable": frozenset({"name", "typeRef"}),
    "decisionTable": frozenset(
        {"hitPolicy", "aggregation", "preferredOrientation", "outputLabel", f"{BIODI}annotationsWidth"}
    ),
    "input": frozenset({"label", f"{BIODI}width"}),
    "inputExpression": frozenset({"typeRef", "expressionLanguage"}),
    "inputValues": frozenset({"expressionLanguage"}),
    "output": frozenset({"label", "name", "typeRef", f"{BIODI}width"}),
    "outputValues": frozenset({"expressionLanguage"}),
    "annotation": frozenset({"name"}),
    "inputEntry": frozenset({"expressionLanguage"}),
    "outputEntry": frozenset({"expressionLanguage"}),
}


def local(element: etree._Element) -> str:
    return etree.QName(element).localname


def require_subset(root: etree._Element) -> None:
    """Raises InvalidTable for the first element or attribute that is not of it, by its name."""
    _require_version(root)
    to_see = [root]
    while to_see:
        element = to_see.pop()
        _require_attributes(element)
        for child in element:
            # What only says where things are drawn is not looked at.
            if element is root and child.tag == DRAWING:
                continue
            _require_child(element, child)
            to_see.append(child)


def _require_version(root: etree._Element) -> None:
    if root.tag == f"{DMN}definitions":
        return
    version = OTHER_VERSIONS.get(etree.QName(root).namespace or "")
    if version is not None:
        raise refused(f"El archivo es DMN {version} y aquí se lee 1.3. Ábralo en el editor y guárdelo de nuevo.")
    raise refused("El archivo no es una tabla de decisión DMN 1.3. Haga una en el editor.")


def _require_child(parent: etree._Element, child: etree._Element) -> None:
    if child.tag not in {f"{DMN}{name}" for name in CHILDREN[local(parent)]}:
        raise refused(
            f"«{local(child)}» no se admite en «{local(parent)}». Quítelo: un archivo trae una decisión con una tabla.",
            str(child.get("id") or parent.get("id", "")),
        )


def _require_attributes(element: etree._Element) -> None:
    known = ATTRIBUTES.get(local(element), frozenset())
    unknown = sorted(str(name) for name in element.attrib if name != "id" and name not in known)
    if unknown:
        name = etree.QName(unknown[0]).localname
        raise refused(f"El atributo «{name}» no se admite en «{local(element)}». Quítelo.", element.get("id", ""))
    language = element.get("expressionLanguage")
    if language is not None and language not in FEEL:
        raise refused(f"El lenguaje «{language[:60]}» no se admite. Elija FEEL.", element.get("id", ""))


def text_of(element: etree._Element | None) -> str:
    """What its `text` says; of none, nothing."""
    found = None if element is None else element.find(f"{DMN}text")
    return "" if found is None else (found.text or "").strip()
