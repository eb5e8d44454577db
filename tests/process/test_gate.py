"""What may be deployed: our own diagrams pass, everything else is refused by the name of the element."""

import pytest

from app.process import catalogue, diagrams, gate, operations
from app.process.definitions import FOLDER
from app.process.diagrams import Diagram
from app.process.package import Package
from app.process.safe_xml import MAX_BYTES, InvalidDiagram

FILES = sorted(FOLDER.glob("*.bpmn"))
ANNULMENT = (FOLDER / "annulment.bpmn").read_text(encoding="utf-8")
OUTSIDE = (
    "scriptTask",
    "sendTask",
    "receiveTask",
    "manualTask",
    "task",
    "inclusiveGateway",
    "eventBasedGateway",
    "complexGateway",
    "intermediateThrowEvent",
    "transaction",
    "adHocSubProcess",
    "dataObject",
    "callConversation",
)


def read(text: str) -> Diagram:
    return diagrams.read(text.encode())


def codes(text: str) -> set[tuple[str, str]]:
    return {(finding.code, finding.element) for finding in gate.findings(Package(read(text)))}


def changed(old: str, new: str) -> str:
    assert ANNULMENT.count(old) >= 1, f"{old!r} is not in the diagram any more"
    return ANNULMENT.replace(old, new)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_the_diagrams_of_the_house_pass(path: object) -> None:
    assert gate.findings(Package(diagrams.read(path.read_bytes()))) == []  # type: ignore[attr-defined]


def test_the_diagrams_of_the_house_are_three() -> None:
    assert [path.stem for path in FILES] == ["annulment", "issuance", "retroactive_attendance"]


@pytest.mark.parametrize("element", OUTSIDE)
def test_an_element_outside_the_subset_is_refused_by_name(element: str) -> None:
    text = changed("</laneSet>", f'</laneSet><{element} id="strange_one" name="Extraño" />')

    (finding,) = [found for found in gate.findings(Package(read(text))) if found.code == "outside_subset"]

    assert finding.element == "strange_one"
    assert f"«{element}»" in finding.sentence


def test_an_unknown_extension_element_is_refused() -> None:
    text = changed(
        "<incoming>decided</incoming>",
        '<extensionElements><x:ioMapping xmlns:x="urn:other" id="smuggled" /></extensionElements><incoming>decided</incoming>',
    )

    found = [finding for finding in gate.findings(Package(read(text))) if finding.code == "outside_subset"]

    assert {finding.element for finding in found} == {"record_decision"}
    assert any("«ioMapping»" in finding.sentence for finding in found)


@pytest.mark.parametrize(
    ("old", "new", "finding"),
    [
        ('constancia:form="annulment_decision"', 'constancia:form="free_text"', ("form", "decide_annulment")),
        (
            'constancia:operation="annulments/decide"',
            'constancia:operation="os/remove"',
            ("operation", "record_decision"),
        ),
        ("<flowNodeRef>decide_annulment</flowNodeRef>", "", ("office", "decide_annulment")),
        ("plazo_habil(10)", "plazo_habil(0)", ("deadline", "decide_annulment")),
        ("plazo_habil(10)", "P10D", ("deadline", "decide_annulment")),
        ("plazo_habil(10)", "plazo_habil('10')", ("deadline", "decide_annulment")),
        ("granted == True", "granted = True", ("condition", "granted_yes")),
        ("granted == True", "().__class__", ("condition", "granted_yes")),
        ("granted == True", "approved == True", ("condition", "granted_yes")),
        ('name="Resolver la solicitud de anulación"', 'name=""', ("name", "decide_annulment")),
        ("decide_annulment", "resolverAnulación", ("id", "resolverAnulación")),
        ('bpmnElement="decide_annulment"', 'bpmnElement="elsewhere"', ("layout", "decide_annulment")),
        ('x="715" y="485"', 'x="nan" y="485"', ("layout", "is_granted")),
        ('<di:waypoint x="278"', '<di:waypoint x="1e9"', ("layout", "start_request")),
        ("granted == True", "granted == 'True'", ("condition", "granted_yes")),
        ("granted == True", "granted &gt; 1", ("condition", "granted_yes")),
        ("granted == True", "'granted'", ("condition", "granted_yes")),
        ("granted == True", "granted and 1", ("condition", "granted_yes")),
        ("granted == True", "granted in True", ("condition", "granted_yes")),
        ("granted == True", "reason == 'x'", ("condition", "granted_yes")),
        ("granted == True", "plazo_habil(10) == granted", ("condition", "granted_yes")),
        ("plazo_habil(10)", "plazo_habil()", ("deadline", "decide_annulment")),
        ("plazo_habil(10)", "plazo_habil(10, 5)", ("deadline", "decide_annulment")),
        ("plazo_habil(10)", "plazo_habil(366)", ("deadline", "decide_annulment")),
        ("plazo_habil(10)", "plazo_habil(True)", ("deadline", "decide_annulment")),
        ("plazo_habil(10)", "plazo_largo(10)", ("deadline", "decide_annulment")),
        ("plazo_habil(10)", "10", ("deadline", "decide_annulment")),
        ("plazo_habil(10)", "plazo_habil(10) == plazo_corrido(10)", ("deadline", "decide_annulment")),
        (
            'constancia:escalation="plazo_habil(20)"',
            'constancia:escalation="P20D"',
            ("escalation", "decide_annulment"),
        ),
        ("plazo_habil(20)", "plazo_habil(10)", ("escalation", "decide_annulment")),
        ("plazo_habil(20)", "plazo_corrido(20)", ("escalation", "decide_annulment")),
        ('constancia:deadline="plazo_habil(10)"', "", ("escalation", "decide_annulment")),
        ('constancia:form="annulment_decision"', 'constancia:formulario="x"', ("attribute", "decide_annulment")),
        ("decide_annulment", "d" * 61, ("id", "d" * 61)),
    ],
)
def test_a_fault_is_found_where_it_is(old: str, new: str, finding: tuple[str, str]) -> None:
    assert finding in codes(changed(old, new))


def test_a_process_is_named_like_its_steps() -> None:
    text = ANNULMENT.replace('process id="annulment"', 'process id="Anulación"')

    assert ("id", "Anulación") in codes(text.replace('processRef="annulment"', 'processRef="Anulación"'))


@pytest.mark.parametrize("element", ["signal", "escalation", "dataStore", "correlationProperty", "import"])
def test_an_element_beside_the_process_is_refused_by_name(element: str) -> None:
    text = changed("<collaboration ", f'<{element} id="strange_one" name="Extraño" /><collaboration ')

    assert ("outside_subset", "strange_one") in codes(text)


def test_a_doctype_is_refused() -> None:
    bomb = '<!DOCTYPE definitions [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
    with pytest.raises(InvalidDiagram, match="DOCTYPE"):
        read(changed("<definitions ", f"{bomb}<definitions "))


def test_a_file_that_is_not_xml_or_too_large_is_refused_with_what_to_do() -> None:
    with pytest.raises(InvalidDiagram, match="no es XML válido"):
        diagrams.read(b"{}")
    with pytest.raises(InvalidDiagram, match="1 MB"):
        diagrams.read(b" " * (MAX_BYTES + 1))


def test_a_diagram_has_one_executable_process() -> None:
    with pytest.raises(InvalidDiagram, match="solo uno"):
        read(changed('isExecutable="true"', 'isExecutable="false"'))


def test_the_same_drawing_written_otherwise_has_the_same_hash() -> None:
    assert read(ANNULMENT).sha256 == read(ANNULMENT.replace("\n", "\r\n").replace("    <", "\t<")).sha256


def test_every_operation_of_the_diagrams_is_in_the_catalogue_and_none_is_left_over() -> None:
    named = {name for path in FILES for name in diagrams.read(path.read_bytes()).operations.values()}

    assert named == set(operations.OPERATIONS)


def test_every_form_of_the_diagrams_is_in_the_catalogue_and_none_is_left_over() -> None:
    named = {task.form for path in FILES for task in diagrams.read(path.read_bytes()).user_tasks.values()}

    assert named == set(catalogue.FORMS)
