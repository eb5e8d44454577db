"""Small diagrams for the tests of the engine: the flow without the drawing."""

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
