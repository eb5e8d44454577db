"""Rules on how steps and arrows hang together, as far as the drawing alone tells: one start, nothing loose, no endless round."""

from collections.abc import Iterator

from lxml import etree

from app.process.diagrams import BPMN, FLOW_NODES
from app.process.gate.finding import Finding
from app.process.graph import END, EXCLUSIVE, GATEWAYS, START, USER, Graph


def findings(root: etree._Element, graph: Graph, process_id: str) -> Iterator[Finding]:
    yield from _starts(graph, process_id)
    yield from _flows(graph)
    yield from _references(root, graph)
    yield from _conditions(graph)
    yield from _splits(graph)
    yield from _reached(graph)
    yield from _ending(graph)
    yield from _rounds(graph)


def _starts(graph: Graph, process_id: str) -> Iterator[Finding]:
    starts = graph.of_kind(START)
    if not starts:
        yield Finding("start", process_id, "El proceso no tiene inicio. Agregue un evento de inicio.")
    for extra in starts[1:]:
        yield Finding("start", extra.key, "El proceso tiene otro inicio. Deje uno solo.")


def _flows(graph: Graph) -> Iterator[Finding]:
    seen: set[tuple[str, str]] = set()
    for flow in graph.flows.values():
        between = flow.source, flow.target
        if not graph.nodes.keys() >= set(between):
            yield Finding("flow", flow.key, "La flecha no une dos pasos del proceso. Conéctela o bórrela.")
        elif between in seen:
            yield Finding("twin", flow.key, "Ya hay una flecha entre los mismos pasos. Deje una y una sus condiciones.")
        elif graph.nodes[flow.target].kind == START:
            yield Finding("flow", flow.key, "A un inicio no entran flechas. Llévela al paso que sigue.")
        elif graph.nodes[flow.source].kind == END:
            yield Finding("flow", flow.key, "De un fin no salen flechas. Sáquela del paso anterior.")
        seen.add(between)


def _references(root: etree._Element, graph: Graph) -> Iterator[Finding]:
    """What an element says twice it says the same: other tools read the other place."""
    process = next(process for process in root.iter(f"{BPMN}process") if process.get("isExecutable") == "true")
    for node in process.iterchildren(*FLOW_NODES):
        key = node.get("id", "")
        for tag, flows in (("incoming", graph.incoming), ("outgoing", graph.outgoing)):
            named = {(child.text or "").strip() for child in node.iterchildren(f"{BPMN}{tag}")}
            if named and named != {flow.key for flow in flows[key]}:
                yield Finding("reference", key, f"Las flechas que el paso nombra en «{tag}» son otras. Corríjalas.")
    placed: set[str] = set()
    for reference in process.iter(f"{BPMN}flowNodeRef"):
        key = (reference.text or "").strip()
        if key in placed:
            yield Finding("reference", key, "El paso está en dos carriles. Deje uno.")
        elif key not in graph.nodes:
            yield Finding("reference", key, "Un carril nombra un paso que no existe. Bórrelo del carril.")
        placed.add(key)


def _conditions(graph: Graph) -> Iterator[Finding]:
    """Only an exclusive gateway reads them; elsewhere the engine passes over in silence."""
    for node in graph.nodes.values():
        if node.kind == EXCLUSIVE:
            continue
        if node.default:
            yield Finding("default", node.key, "Solo una compuerta exclusiva tiene camino por defecto. Quítelo.")
        for flow in graph.outgoing[node.key]:
            if flow.condition is not None:
                sentence = "La condición no se miraría: la flecha no sale de una compuerta exclusiva. Quítela."
                yield Finding("condition_place", flow.key, sentence)


def _splits(graph: Graph) -> Iterator[Finding]:
    for node in graph.nodes.values():
        if node.kind not in GATEWAYS and len(graph.outgoing[node.key]) > 1:
            yield Finding("split", node.key, "Del paso salen varias flechas. Ponga una compuerta después de él.")


def _reached(graph: Graph) -> Iterator[Finding]:
    lost = [node for key, node in graph.nodes.items() if key not in graph.depth and graph.of_kind(START)]
    # The first of a lost piece: what hangs on it is found again once it is connected.
    for node in [node for node in lost if not graph.incoming[node.key]] or lost[:1]:
        yield Finding("unreachable", node.key, "Ningún camino llega desde el inicio. Conecte el paso o bórrelo.")


def _ending(graph: Graph) -> Iterator[Finding]:
    loose = [node.key for node in graph.nodes.values() if node.kind != END and not graph.outgoing[node.key]]
    for key in loose:
        sentence = "Del paso no sale ninguna flecha. Llévelo al paso que sigue o a un fin."
        yield Finding("dead_end", key, sentence, graph.way_from_start(key))
    ends = [node.key for node in graph.of_kind(END)]
    ending = graph.distances([*ends, *loose], is_backward=True)
    for key in graph.depth:
        before = [flow.source for flow in graph.incoming[key] if flow.source in graph.depth]
        # The step by which one goes in, not all that are inside.
        if key not in ending and (not before or any(source in ending for source in before)):
            sentence = "De aquí no se llega a ningún fin. Dibuje un camino que salga."
            yield Finding("no_end", key, sentence, graph.way_from_start(key))


def _rounds(graph: Graph) -> Iterator[Finding]:
    """A case that goes round without waiting for anybody never comes back from the engine."""
    people = {node.key for node in graph.of_kind(USER)}
    told: set[str] = set()
    for key in graph.depth:
        round_ = () if key in people else graph.way([key], key, without=people)
        if round_ and told.isdisjoint(round_):
            sentence = "El caso puede dar vueltas aquí sin que nadie intervenga. Ponga una tarea de una persona."
            yield Finding("endless_loop", key, sentence, graph.way_from_start(key) + round_[1:])
        told |= set(round_)
