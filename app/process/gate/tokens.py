"""What the token game found, in words: where a case would get stuck, go twice or never end, and the way into it."""

from collections.abc import Iterator, Sequence

from app.process.gate import soundness
from app.process.gate.finding import Finding
from app.process.gate.scopes import Scopes, Way, ways_of
from app.process.gate.soundness import Kind, Trouble
from app.process.graph import PARALLEL, Graph


def findings(scopes: Scopes, bound: int = soundness.BOUND) -> Iterator[Finding]:
    """Each scope is played by itself, and in it each way that goes on beside the main one, which shares no step with it."""
    for scope, graph in scopes.graphs.items():
        for way in ways_of(graph):
            before = scopes.way_into(scope)
            if not way.is_main:
                before += graph.way_from_start(way.root)[:-1]
                yield from _again(graph, way, before)
            yield from _of_way(way.graph, scope, before, bound)


def _again(graph: Graph, way: Way, before: tuple[str, ...]) -> Iterator[Finding]:
    """A way that opens again while an earlier one is still open: its joins would take what comes from both."""
    joins = [node for node in way.graph.of_kind(PARALLEL) if len(way.graph.incoming[node.key]) > 1]
    if joins and _opens_again(graph, way.root):
        sentence = f"Puede abrirse otra vez antes de terminar, y {joins[0].said} uniría lo de una vez con lo de otra."
        sentence = f"{sentence} Ponga estos pasos en un subproceso."
        yield Finding("doubled", way.root, sentence, (*before, way.root))


def _opens_again(graph: Graph, opener: str) -> bool:
    host = graph.nodes[opener].host
    around = [way.root for way in ways_of(graph) if way.root and way.root != opener and host in way.graph.nodes]
    return bool(graph.way([host], host)) or any(_opens_again(graph, root) for root in around)


def _of_way(graph: Graph, scope: str, before: tuple[str, ...], bound: int) -> Iterator[Finding]:
    explored = soundness.explore(graph, bound)
    for trouble in _mended_first(explored.troubles):
        yield _told(graph, trouble, before)
    if not explored.is_decided:
        sentence = f"No se sabe si siempre termina: pasa de {bound} situaciones. Divídalo en dos procesos."
        yield Finding("not_decided", scope, sentence)


def _mended_first(troubles: Sequence[Trouble]) -> Iterator[Trouble]:
    """Of steps that are come to again since one gateway opened two ways, the first: the others go with it."""
    seen: set[str] = set()
    for trouble in troubles:
        if trouble.opened_by not in seen:
            yield trouble
        if trouble.opened_by:
            seen.add(trouble.opened_by)


def _told(graph: Graph, trouble: Trouble, before: tuple[str, ...]) -> Finding:
    path = before + trouble.path if trouble.path else ()
    match trouble.kind:
        case Kind.DEADLOCK:
            missing = [graph.nodes[graph.flows[key].source].said for key in trouble.others]
            sentence = f"El caso puede quedar esperando aquí lo que viene de {' y de '.join(missing)} y no llega."
            sentence = f"{sentence} Use una compuerta exclusiva, o abra estos caminos con una paralela."
            return Finding("deadlock", trouble.element, sentence, path)
        case Kind.UNSYNCHRONISED:
            sentence = "Aquí llegan dos caminos abiertos a la vez y lo que sigue se haría dos veces."
            sentence = f"{sentence} Únalos con una compuerta paralela, o ábralos con una exclusiva."
            return Finding("unsynchronised", trouble.element, sentence, path)
        case Kind.DOUBLED:
            sentence = f"Los caminos que abre pueden llegar los dos a {graph.nodes[trouble.element].said}."
            sentence = f"{sentence} Únalos antes, o haga la compuerta exclusiva."
            return Finding("doubled", trouble.opened_by or trouble.element, sentence, path)
        case Kind.EARLY_END:
            ends = " y ".join(graph.nodes[key].said for key in (trouble.element, *trouble.others))
            sentence = f"Un mismo caso llega a varios fines: {ends}."
            sentence = f"{sentence} Una los caminos con una compuerta paralela antes del fin."
            return Finding("early_end", trouble.element, sentence, path)
        case Kind.NEVER:
            sentence = "Ningún caso llega a este paso. Revise las compuertas anteriores o bórrelo."
            return Finding("unreachable", trouble.element, sentence)
