"""What the token game found, in words: where a case would get stuck, go twice or never end, and the way into it."""

from collections.abc import Iterator, Sequence

from app.process.gate import soundness
from app.process.gate.finding import Finding
from app.process.gate.soundness import Kind, Trouble
from app.process.graph import PARALLEL, Graph


def findings(graph: Graph, process_id: str, bound: int = soundness.BOUND) -> Iterator[Finding]:
    explored = soundness.explore(graph, bound)
    for trouble in explored.troubles:
        code, sentence = _told(graph, trouble)
        yield Finding(code, trouble.element, sentence, trouble.path)
    if not explored.is_decided:
        sentence = f"No se sabe si el proceso siempre termina: pasa de {bound} situaciones. Divídalo en dos procesos."
        yield Finding("not_decided", process_id, sentence)


def _told(graph: Graph, trouble: Trouble) -> tuple[str, str]:
    match trouble.kind:
        case Kind.DEADLOCK:
            missing = [graph.nodes[graph.flows[key].source].said for key in trouble.others]
            sentence = f"El caso puede quedar esperando aquí lo que viene de {' y de '.join(missing)} y no llega."
            return "deadlock", f"{sentence} Use una compuerta exclusiva, o abra estos caminos con una paralela."
        case Kind.UNSYNCHRONISED:
            sentence = "Aquí llegan dos caminos abiertos a la vez y lo que sigue se haría dos veces."
            return "unsynchronised", f"{sentence} Únalos con una compuerta paralela, o ábralos con una exclusiva."
        case Kind.DOUBLED:
            sentence = "El caso puede volver a llegar aquí antes de haber salido."
            return "doubled", f"{sentence} {_to_join(graph, trouble.path)}"
        case Kind.EARLY_END:
            ends = " y ".join(graph.nodes[key].said for key in (trouble.element, *trouble.others))
            sentence = f"Un mismo caso llega a varios fines: {ends}."
            return "early_end", f"{sentence} Una los caminos con una compuerta paralela antes del fin."
        case Kind.NEVER:
            return "unreachable", "Ningún caso llega a este paso. Revise las compuertas anteriores o bórrelo."


def _to_join(graph: Graph, path: Sequence[str]) -> str:
    """Where the case split is where it is mended, and that is seldom where it comes twice."""
    splits = [key for key in path if key in graph.nodes and _splits(graph, key)]
    if not splits:
        return "Una los caminos paralelos antes de volver atrás."
    said = graph.nodes[splits[-1]].said
    return f"Una los caminos que abre {said} antes de volver atrás, o hágala una compuerta exclusiva."


def _splits(graph: Graph, key: str) -> bool:
    return graph.nodes[key].kind == PARALLEL and len(graph.outgoing[key]) > 1
