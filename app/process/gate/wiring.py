"""Rules on how steps and arrows hang together, as far as the drawing alone tells: one start, nothing loose, nothing shared."""

from collections.abc import Iterator

from lxml import etree

from app.process.diagrams import BPMN, FLOW_NODES
from app.process.gate.finding import Finding
from app.process.gate.scopes import Scopes, Way, ways_of
from app.process.graph import BOUNDARY, END, EXCLUSIVE, GATEWAYS, START, Graph


def findings(root: etree._Element, scopes: Scopes) -> Iterator[Finding]:
    yield from _references(root, scopes)
    for scope, graph in scopes.graphs.items():
        yield from _starts(graph, scope, is_within=scope in scopes.around)
        yield from _flows(graph, scopes)
        yield from _conditions(graph)
        yield from _splits(graph)
        yield from _reached(graph)
        yield from _leading_nowhere(graph, scopes.way_into(scope))
        yield from _shared(graph)


def _starts(graph: Graph, scope: str, *, is_within: bool) -> Iterator[Finding]:
    whole = "El subproceso" if is_within else "El proceso"
    starts = graph.of_kind(START)
    if not starts:
        yield Finding("start", scope, f"{whole} no tiene inicio. Agregue un evento de inicio.")
    for extra in starts[1:]:
        yield Finding("start", extra.key, f"{whole} tiene otro inicio. Deje uno solo.")


def _flows(graph: Graph, scopes: Scopes) -> Iterator[Finding]:
    seen: set[tuple[str, str]] = set()
    for flow in graph.flows.values():
        between = flow.source, flow.target
        if not graph.nodes.keys() >= set(between):
            yield Finding("flow", flow.key, _astray(between, scopes))
        elif between in seen:
            yield Finding("twin", flow.key, "Ya hay una flecha entre los mismos pasos. Deje una y una sus condiciones.")
        elif graph.nodes[flow.target].kind == START:
            yield Finding("flow", flow.key, "A un inicio no entran flechas. Llévela al paso que sigue.")
        elif graph.nodes[flow.target].kind == BOUNDARY:
            yield Finding("flow", flow.key, "Al evento de un borde no entran flechas. Llévela al paso que sigue.")
        elif graph.nodes[flow.source].kind == END:
            yield Finding("flow", flow.key, "De un fin no salen flechas. Sáquela del paso anterior.")
        seen.add(between)


def _astray(between: tuple[str, str], scopes: Scopes) -> str:
    if scopes.around.keys() >= set(between):
        return "La flecha cruza el borde de un subproceso. Sáquela del subproceso entero, o llévela hasta él."
    return "La flecha no une dos pasos del proceso. Conéctela o bórrela."


def _references(root: etree._Element, scopes: Scopes) -> Iterator[Finding]:
    """What an element says twice it says the same: other tools read the other place."""
    process = next(process for process in root.iter(f"{BPMN}process") if process.get("isExecutable") == "true")
    for node in process.iter(*FLOW_NODES):
        key = node.get("id", "")
        if key not in scopes.around:
            continue
        graph = scopes.graphs[scopes.around[key]]
        for tag, flows in (("incoming", graph.incoming), ("outgoing", graph.outgoing)):
            named = {(child.text or "").strip() for child in node.iterchildren(f"{BPMN}{tag}")}
            if named and named != {flow.key for flow in flows[key]}:
                yield Finding("reference", key, f"Las flechas que el paso nombra en «{tag}» son otras. Corríjalas.")
    yield from _lanes(process, scopes)


def _lanes(process: etree._Element, scopes: Scopes) -> Iterator[Finding]:
    placed: set[str] = set()
    for reference in process.iter(f"{BPMN}flowNodeRef"):
        key = (reference.text or "").strip()
        if key in placed:
            yield Finding("reference", key, "El paso está en dos carriles. Deje uno.")
        elif key not in scopes.around:
            yield Finding("reference", key, "Un carril nombra un paso que no existe. Bórrelo del carril.")
        elif scopes.around[key] != scopes.process:
            yield Finding("reference", key, "Un carril nombra un paso de un subproceso. Deje solo el subproceso.")
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
    for node in [node for node in lost if not graph.preceding[node.key]] or lost[:1]:
        # What is wrong with where an event hangs, the rule on events says.
        if node.kind != BOUNDARY:
            yield Finding("unreachable", node.key, "Ningún camino llega desde el inicio. Conecte el paso o bórrelo.")


def _leading_nowhere(graph: Graph, before: tuple[str, ...]) -> Iterator[Finding]:
    loose = {node.key for node in graph.nodes.values() if node.kind != END and not graph.outgoing[node.key]}
    for key in sorted(loose, key=list(graph.nodes).index):
        sentence = "Del paso no sale ninguna flecha. Llévelo al paso que sigue o a un fin."
        yield Finding("dead_end", key, sentence, _way(before, graph, key))
    for way in ways_of(graph):
        for key in _endless(way, loose):
            sentence = "De aquí no se llega a ningún fin. Dibuje un camino que salga."
            yield Finding("no_end", key, sentence, _way(before, graph, key))


def _endless(way: Way, loose: set[str]) -> Iterator[str]:
    graph = way.graph
    ends = [node.key for node in graph.of_kind(END)]
    ending = graph.distances([*ends, *(loose & graph.nodes.keys())], is_backward=True)
    for key in graph.depth:
        before = [flow.source for flow in graph.preceding[key] if flow.source in graph.depth]
        # The step by which one goes in, not all that are inside.
        if key not in ending and (not before or any(source in ending for source in before)):
            yield key


def _shared(graph: Graph) -> Iterator[Finding]:
    """A way that opens beside another has its own ends: joined, what follows would be done twice, or wait for ever."""
    ways = ways_of(graph)
    for number, way in enumerate(ways):
        for steps in (other.graph.depth.keys() for other in ways[:number]):
            for key in (key for key in way.graph.depth if key in steps):
                into = {flow.source for flow in graph.incoming[key]}
                if into - (way.graph.depth.keys() & steps):
                    sentence = f"Aquí llega también lo que abre {graph.nodes[way.root].said} sin interrumpir."
                    path = graph.way_from_start(way.root) + way.graph.way([way.root], key)[1:]
                    yield Finding("side_end", key, f"{sentence} Llévelo a pasos y a un fin que sean solo suyos.", path)


def _way(before: tuple[str, ...], graph: Graph, key: str) -> tuple[str, ...]:
    return before + graph.way_from_start(key)
