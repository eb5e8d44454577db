"""What the token game found, in words: where a case would get stuck, go twice or never end, and the way into it."""

from collections.abc import Iterator

from app.process.gate import soundness
from app.process.gate.finding import Finding
from app.process.gate.soundness import Kind, Trouble
from app.process.graph import Graph


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
            return "doubled", f"{sentence} Una los caminos paralelos antes de volver atrás."
        case Kind.EARLY_END:
            ends = " y ".join(graph.nodes[key].said for key in (trouble.element, *trouble.others))
            sentence = f"Un mismo caso llega a varios fines: {ends}."
            return "early_end", f"{sentence} Una los caminos con una compuerta paralela antes del fin."
        case Kind.NEVER:
            return "unreachable", "Ningún caso llega a este paso. Revise las compuertas anteriores o bórrelo."
