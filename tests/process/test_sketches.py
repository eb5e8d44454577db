"""A corpus of processes of many shapes: good ones pass the gate, each faulty one is refused for what is wrong and only that."""

import pytest

from app.process import gate
from app.process.gate import Finding
from app.process.graph import graphs_of
from app.process.safe_xml import InvalidDiagram, tree_of
from tests.process import sketches
from tests.process.sketches import Faulty

GOOD = sketches.good()
FAULTY = sketches.faulty()
MOST_WORDS = 20


def found_in(faulty: Faulty) -> list[Finding]:
    try:
        return gate.findings(sketches.package_of(faulty.sketch.read()))
    except InvalidDiagram as invalid:
        return [Finding("invalid_diagram", invalid.element, invalid.sentence)]


@pytest.mark.parametrize("name", GOOD)
def test_a_good_one_passes(name: str) -> None:
    assert gate.findings(sketches.package_of(GOOD[name].read())) == []


@pytest.mark.parametrize("faulty", FAULTY, ids=lambda faulty: faulty.name)
def test_a_faulty_one_is_refused_for_what_is_wrong_with_it(faulty: Faulty) -> None:
    assert {f"{finding.code} {finding.element}".strip() for finding in found_in(faulty)} == set(faulty.finds)


@pytest.mark.parametrize("faulty", FAULTY, ids=lambda faulty: faulty.name)
def test_the_way_into_a_trouble_is_one_of_the_diagram(faulty: Faulty) -> None:
    """It begins at the start, ends at the element, and goes along no arrow before the step that it leaves."""
    for finding in found_in(faulty):
        if finding.path:
            assert finding.path[-1] == finding.element or finding.code in ("endless_loop", "doubled")
            assert finding.element in finding.path
            assert is_a_way(faulty, finding.path)


def test_the_way_into_a_trouble_leaves_out_what_others_do_meanwhile() -> None:
    split = GOOD["forks_in_fork"].changed(steps={"meet": "xor"})

    (finding,) = gate.findings(sketches.package_of(split.read()))

    assert (finding.code, finding.element) == ("unsynchronised", "meet")
    assert {"begin", "fork", "inner", "one", "two", "meet"} == {key for key in finding.path if key in split.steps}


def is_a_way(faulty: Faulty, path: tuple[str, ...]) -> bool:
    """Each arrow leaves a step gone to before; each step is come to by an arrow, from the step it hangs on, or begins one."""
    graphs = graphs_of(tree_of(faulty.sketch.bpmn()))
    flows = {key: flow for graph in graphs.values() for key, flow in graph.flows.items()}
    around = {key: scope for scope, graph in graphs.items() for key in graph.nodes}
    been = {path[0]}
    for key in path[1:]:
        if key in flows:
            before = {flows[key].source}
        else:
            graph = graphs[around[key]]
            node = graph.nodes[key]
            before = {node.host, *(flow.key for flow in graph.incoming[key])}
            before |= {around[key]} if node.kind == "startEvent" else set()
        if not before & been:
            return False
        been.add(key)
    return next(iter(graphs.values())).nodes[path[0]].kind == "startEvent"


def test_one_gateway_that_opens_ways_which_meet_in_many_places_has_one_finding() -> None:
    wrong = GOOD["again"].changed(
        steps={
            "is_granted": "and",
            "sort": "user triage provider",
            "which": "xor",
            "one": "end",
            "two": "end",
            "done": "",
        },
        without=["is_granted__done"],
        arrows=["is_granted sort which", "which one : is_foreign", "which two : otherwise"],
    )

    found = [one.element for one in gate.findings(sketches.package_of(wrong.read())) if one.code == "doubled"]

    assert found == ["is_granted"]


@pytest.mark.parametrize("faulty", FAULTY, ids=lambda faulty: faulty.name)
def test_a_finding_says_what_to_do_in_short_sentences(faulty: Faulty) -> None:
    for finding in found_in(faulty):
        sentences = [sentence for sentence in finding.sentence.split(". ") if sentence]
        assert len(sentences) >= 2 or finding.code == "condition"
        assert max(len(sentence.split()) for sentence in sentences) <= MOST_WORDS


def test_there_are_twenty_good_ones_and_eighty_faulty_ones() -> None:
    assert len(GOOD) >= 20
    assert len(FAULTY) >= 80


def test_every_code_is_found_somewhere() -> None:
    """All but what only the engine or a very large process can bring about."""
    found = {words.split()[0] for faulty in FAULTY for words in faulty.finds}

    assert gate.CODES - found == {"engine", "not_decided"}


@pytest.mark.parametrize("name", GOOD)
def test_a_gateway_turned_into_the_other_never_passes(name: str) -> None:
    """Whichever gateway of whichever process: an analyst who takes the wrong one is told."""
    for place, step in GOOD[name].steps.items():
        if step in ("xor", "and"):
            changed = GOOD[name].changed(steps={place: "and" if step == "xor" else "xor"})

            assert gate.findings(sketches.package_of(changed.read())), place


@pytest.mark.parametrize("name", GOOD)
def test_a_dropped_arrow_never_passes(name: str) -> None:
    graphs = graphs_of(tree_of(GOOD[name].bpmn())).values()
    for key in (key for graph in graphs for key in graph.flows):
        assert gate.findings(sketches.package_of(GOOD[name].changed(without=[key]).read())), key


def test_a_file_that_is_none_is_refused_at_once() -> None:
    with pytest.raises(InvalidDiagram):
        sketches.Sketch({"begin": "start"}, [], texts={'isExecutable="true"': ""}).read()
