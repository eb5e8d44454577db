"""Small diagrams for the tests of the engine: the flow without the drawing."""

from collections.abc import Mapping
from itertools import pairwise

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
             xmlns:constancia="urn:constancia:bpmn" id="drawn_definitions" targetNamespace="urn:constancia:bpmn">
<process id="drawn" isExecutable="true">
"""
TAIL = "</process></definitions>"


def drawn(*elements: str) -> str:
    return HEAD + "\n".join(elements) + TAIL


def event(kind: str, key: str) -> str:
    return f'<{kind}Event id="{key}" name="{key}" />'


def asks(key: str) -> str:
    return f'<userTask id="{key}" name="{key}" constancia:form="annulment_decision" />'


def does(key: str, operation: str) -> str:
    return f'<serviceTask id="{key}" name="{key}" constancia:operation="{operation}" />'


def choice(key: str, *, default: str = "") -> str:
    otherwise = f' default="{default}"' if default else ""
    return f'<exclusiveGateway id="{key}"{otherwise} />'


def flow(key: str, source: str, target: str, condition: str = "") -> str:
    inner = f'<conditionExpression xsi:type="tFormalExpression">{condition}</conditionExpression>' if condition else ""
    return f'<sequenceFlow id="{key}" sourceRef="{source}" targetRef="{target}">{inner}</sequenceFlow>'


def timer(term: str = "plazo_habil(5)") -> str:
    duration = f'<timeDuration xsi:type="tFormalExpression">{term}</timeDuration>'
    return f"<timerEventDefinition>{duration}</timerEventDefinition>"


def message(reference: str) -> str:
    return f'<messageEventDefinition messageRef="{reference}" />'


def error(reference: str) -> str:
    return f'<errorEventDefinition errorRef="{reference}" />'


TERMINATE = "<terminateEventDefinition />"


def catches(key: str, definition: str, kind: str = "intermediateCatch") -> str:
    return f'<{kind}Event id="{key}" name="{key}">{definition}</{kind}Event>'


def beside(key: str, host: str, definition: str, *, interrupting: bool = True) -> str:
    return (
        f'<boundaryEvent id="{key}" name="{key}" attachedToRef="{host}" cancelActivity="{str(interrupting).lower()}">'
        f"{definition}</boundaryEvent>"
    )


def within(key: str, *elements: str) -> str:
    return f'<subProcess id="{key}" name="{key}">{"".join(elements)}</subProcess>'


def calls(key: str, process_id: str) -> str:
    return f'<callActivity id="{key}" name="{key}" calledElement="{process_id}" />'


def chain(*keys: str) -> str:
    """Arrows from each to the next."""
    return "".join(flow(f"{one}__{other}", one, other) for one, other in pairwise(keys))


def process(process_id: str, *elements: str, messages: Mapping[str, str] | None = None) -> str:
    """As `drawn`, with a name of its own, and the messages that it waits for and two errors declared beside it."""
    declared = "".join(f'<message id="{key}" name="{name}" />' for key, name in (messages or {}).items())
    errors = '<error id="lost_error" name="Perdido" errorCode="lost" /><error id="other_error" name="Otro" errorCode="other" />'
    head = HEAD.replace("drawn", process_id).replace("<process", f"{declared}{errors}<process")
    return head + "\n".join(elements) + TAIL
