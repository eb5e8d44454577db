"""The condition of a field for people, in words, and for the page's script, as a tree it can follow without evaluating text."""

import ast
import json
from typing import Any

from app.domain import form_answers
from app.domain.forms import Field, Form
from app.process import expressions

SIGNS: dict[type[ast.cmpop], tuple[str, str]] = {
    ast.Eq: ("==", "es"),
    ast.NotEq: ("!=", "no es"),
    ast.Lt: ("<", "es menor que"),
    ast.LtE: ("<=", "es como máximo"),
    ast.Gt: (">", "es mayor que"),
    ast.GtE: (">=", "es como mínimo"),
    ast.In: ("in", "es"),
    ast.NotIn: ("not in", "no es"),
}


def in_words(field: Field, form: Form) -> str:
    """`Conteste solo si «¿Fuera de plazo?» es «Sí».`; empty where there is no condition."""
    if not field.when:
        return ""
    return f"Conteste solo si {_words(expressions.parse(field.when), form)}."


def for_script(field: Field, form: Form) -> str:
    """The condition as JSON: lists that begin with what they are; empty where there is none."""
    return json.dumps(_tree(expressions.parse(field.when), form), ensure_ascii=False) if field.when else ""


def _words(node: ast.expr, form: Form) -> str:
    match node:
        case ast.BoolOp(op=ast.And(), values=values):
            return " y ".join(_words(value, form) for value in values)
        case ast.BoolOp(values=values):
            return " o ".join(_words(value, form) for value in values)
        case ast.UnaryOp(operand=ast.Name(id=name)):
            return f"«{form.field(name).label}» es «No»"
        case ast.UnaryOp(operand=operand):
            return f"no se cumple que {_words(operand, form)}"
        case ast.Compare(left=left, ops=ops, comparators=rights):
            sides = [left, *rights]
            return " y ".join(
                _compared(one, other, sign, form) for one, sign, other in zip(sides, ops, sides[1:], strict=False)
            )
        case ast.Name(id=name):
            return f"«{form.field(name).label}» es «Sí»"
    return "nunca" if isinstance(node, ast.Constant) and not node.value else "siempre"


def _compared(one: ast.expr, other: ast.expr, sign: ast.cmpop, form: Form) -> str:
    about = next((side.id for side in (one, other) if isinstance(side, ast.Name)), "")
    field = form.field(about) if about else None
    return f"{_side(one, field, form)} {SIGNS[type(sign)][1]} {_side(other, field, form)}"


def _side(node: ast.expr, field: Field | None, form: Form) -> str:
    match node:
        case ast.Name(id=name):
            return f"«{form.field(name).label}»"
        case ast.Tuple(elts=elements) | ast.List(elts=elements):
            return " o ".join(_side(element, field, form) for element in elements)
        case ast.Constant(value=value):
            return f"«{form_answers.told(field, value) if field else str(value)}»"
    return _words(node, form)


def _tree(node: ast.expr, form: Form) -> list[Any]:
    match node:
        case ast.Constant(value=value):
            return ["value", value]
        case ast.Name(id=name):
            return ["answer", name, form.field(name).type.value]
        case ast.Tuple(elts=elements) | ast.List(elts=elements):
            return ["list", *(_tree(element, form) for element in elements)]
        case ast.BoolOp(op=op, values=values):
            return ["and" if isinstance(op, ast.And) else "or", *(_tree(value, form) for value in values)]
        case ast.UnaryOp(operand=operand):
            return ["not", _tree(operand, form)]
        case ast.Compare(left=left, ops=ops, comparators=rights):
            sides = [_tree(side, form) for side in (left, *rights)]
            pairs = zip(sides, ops, sides[1:], strict=False)
            return ["and", *([SIGNS[type(op)][0], one, other] for one, op, other in pairs)]
    raise expressions.ExpressionError("La condición no se puede mostrar. Revise su escritura.")
