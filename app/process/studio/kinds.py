"""What each kind of element is called in a sentence, with its article."""

from collections.abc import Mapping

KINDS: Mapping[str, str] = {
    "userTask": "la tarea",
    "serviceTask": "la tarea automática",
    "businessRuleTask": "la decisión por tabla",
    "callActivity": "la llamada a otro proceso",
    "subProcess": "el subproceso",
    "exclusiveGateway": "la decisión",
    "parallelGateway": "el paso en paralelo",
    "startEvent": "el inicio",
    "endEvent": "el término",
    "intermediateCatchEvent": "la espera",
    "boundaryEvent": "el evento en el borde",
    "lane": "el carril",
    "participant": "el marco",
    "process": "el proceso",
    "textAnnotation": "la nota",
    "association": "la línea de la nota",
    "sequenceFlow": "el camino",
}
EVENTS: Mapping[tuple[str, str], str] = {
    ("startEvent", "message"): "el inicio por un hecho",
    ("endEvent", "error"): "el término con error",
    ("endEvent", "terminate"): "el término que cierra todo",
    ("intermediateCatchEvent", "message"): "la espera de un hecho",
    ("boundaryEvent", "timer"): "el aviso por plazo",
    ("boundaryEvent", "error"): "la salida por error",
}


def named(kind: str, event: str = "") -> str:
    """`la espera de un hecho`; `event` is what an event waits for or does: timer, message, error or terminate."""
    return EVENTS.get((kind, event)) or KINDS.get(kind, f"el elemento «{kind}»")


def without_article(kind: str, event: str = "") -> str:
    """`Espera de un hecho`."""
    name = named(kind, event).split(" ", 1)[1]
    return name[0].upper() + name[1:]
