"""Whatever becomes of a diagram's file, the gate has findings or none: never a stack trace."""

from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from app.process import gate, layout
from app.process.definitions import FOLDER
from app.process.safe_xml import InvalidDiagram, tree_of
from tests.process import sketches

WIDER = ("told_when_late", "lost_within", "a_second_review", "side_by_side_within", "a_fact_first")
SOURCES = [
    *(path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.bpmn"))),
    *(sketches.good()[name].bpmn() for name in WIDER),
]


@st.composite
def mangled(draw: st.DrawFn) -> bytes:
    """A diagram of the house, or a sketch, in which elements and attributes were removed, moved and taken for each other."""
    root = tree_of(draw(st.sampled_from(SOURCES)))
    for _ in range(draw(st.integers(1, 6))):
        nodes = list(root.iter(etree.Element))
        node = nodes[draw(st.integers(0, len(nodes) - 1))]
        other = nodes[draw(st.integers(0, len(nodes) - 1))]
        match draw(st.sampled_from(["remove", "move", "forget", "confuse", "rename", "say"])):
            case "remove" if node is not root:
                node.getparent().remove(node)  # type: ignore[union-attr]
            case "move" if node is not root and node not in other.iterancestors() and node is not other:
                other.append(node)
            case "forget" if node.keys():
                del node.attrib[draw(st.sampled_from(sorted(map(str, node.keys()))))]
            case "confuse" if other.keys():
                name = draw(st.sampled_from(sorted(map(str, other.keys()))))
                node.set(name, str(other.get(name)))
            case "rename":
                node.tag = other.tag
            case "say":
                node.text = draw(st.sampled_from(["", " ", "granted", "decide_annulment", "1 < 2", "plazo_habil(3)"]))
    return etree.tostring(root)


@given(content=mangled())
@settings(max_examples=250, deadline=None, derandomize=True)
def test_a_mangled_file_has_findings_or_none(content: bytes) -> None:
    assert all(finding.sentence for finding in gate.findings_in_file(content))


@given(content=mangled())
@settings(max_examples=100, deadline=None, derandomize=True)
def test_a_mangled_file_is_drawn_or_refused(content: bytes) -> None:
    root = tree_of(content)
    for drawing in [node for node in root if "BPMNDiagram" in str(node.tag)]:
        root.remove(drawing)
    try:
        drawn = layout.with_drawing(etree.tostring(root))
    except InvalidDiagram:
        return
    assert layout.is_drawn(tree_of(drawn))
