"""A decision table of a draft tried on values: which of its rows apply, and what comes out."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from flask import render_template, request

from app.domain.permissions import Action
from app.process import dmn
from app.process.dmn import DecisionError, DecisionTable, InvalidTable
from app.process.expression_types import BOOL, INT, Type, Variables
from app.process.expressions import Value
from app.process.studio import decisions_edit, drafts
from app.unit_of_work import reading
from app.web.access import access
from app.web.context import FieldError
from app.web.studio import decision_told, decisions
from app.web.studio.blueprint import studio
from app.web.studio.part_of_draft import about
from app.web.task_forms import clean

Page = tuple[str, int]
YES_NO = [("true", "Sí"), ("false", "No")]
WHOLE = re.compile(r"-?[0-9]{1,9}")


@studio.get(f"{decisions.ADDRESS}/<name>/probar")
@access(Action.DESIGN_PROCESSES)
def try_decision(process_id: str, draft_id: int, name: str) -> Page:
    """The table as it was saved; the values are in the address, so that a try can be passed on."""
    with reading() as session:
        draft = drafts.get(session, draft_id, process_id)
        sheet, declared = decisions_edit.sheet_of(draft, name), decisions_edit.declared(draft)
        values = about(draft)
    try:
        table = dmn.table_of(sheet)
    except InvalidTable as invalid:
        shown = decision_told.table(sheet)
        return render_template("studio/decision_try.html", table=shown, fault=invalid.sentence, **values), 200
    asked, given = _asked(table, declared), "probar" in request.args
    if not given:
        for field in asked:
            field["error"] = ""
    wrong = [FieldError(field["error"], f"#{field['id']}") for field in asked if field["error"]]
    result, applied = _tried(table, asked) if given and not wrong else (None, ())
    page = render_template(
        "studio/decision_try.html",
        table=decision_told.table(sheet, applied),
        fault="",
        fields=asked,
        result=result,
        errors=tuple(wrong),
        **values,
    )
    return page, 422 if wrong else 200


def _asked(table: DecisionTable, declared: Variables) -> list[dict[str, Any]]:
    """A field for each input, with what was given and what is wrong with it."""
    found = []
    for input_ in table.inputs:
        typed = clean(request.args.get(f"valor-{input_.name}", "")).strip()
        known = declared.get(input_.name, input_.type)
        type_ = known if known.face == input_.type.face and known.choices else input_.type
        label = input_.label or input_.name
        value, error = _value(typed, type_, label)
        found.append(
            {
                "id": f"valor-{input_.name}",
                "name": input_.name,
                "label": label,
                "typed": typed,
                "value": value,
                "error": error,
                "choices": _choices(type_),
                "is_number": type_.face == INT.face,
                "hint": f"De {type_.bounds[0]} a {type_.bounds[1]}." if type_.bounds else "",
            }
        )
    return found


def _choices(type_: Type) -> list[tuple[str, str]]:
    return YES_NO if type_.face == BOOL.face else [(text, text) for text in sorted(type_.choices)]


def _value(typed: str, type_: Type, label: str) -> tuple[Value, str]:
    """What was meant, or what is wrong."""
    if not typed:
        return "", f"Falta «{label}». Escríbalo o elíjalo."
    if type_.face == BOOL.face:
        return typed == "true", "" if typed in dict(YES_NO) else f"«{label}» es sí o no. Elija uno."
    if type_.face == INT.face:
        return _number(typed, type_, label)
    if type_.choices and typed not in type_.choices:
        return typed, f"«{label}» no puede ser «{typed[:60]}». Elija uno de la lista."
    return typed, ""


def _number(typed: str, type_: Type, label: str) -> tuple[Value, str]:
    plain = typed.replace(".", "")
    if not WHOLE.fullmatch(plain):
        return typed, f"«{label}» es un número entero. Escríbalo sin decimales."
    number = int(plain)
    if type_.bounds and not type_.bounds[0] <= number <= type_.bounds[1]:
        return number, f"«{label}» va de {type_.bounds[0]} a {type_.bounds[1]}."
    return number, ""


def _tried(table: DecisionTable, asked: Sequence[Mapping[str, Any]]) -> tuple[dict[str, Any], Sequence[int]]:
    try:
        decided = dmn.evaluate(table, {field["name"]: field["value"] for field in asked})
    except DecisionError as error:
        return {"sentence": str(error), "outputs": [], "rows": ""}, ()
    outputs = [(one.label or one.name, _said(decided.outputs[one.name])) for one in table.outputs]
    return {"sentence": "", "outputs": outputs, "rows": _rows(decided.rules)}, decided.rules


def _rows(numbers: Sequence[int]) -> str:
    if not numbers:
        return "No se cumple ninguna fila."
    if len(numbers) == 1:
        return f"Se cumple la fila {numbers[0]}."
    return f"Se cumplen las filas {', '.join(map(str, numbers[:-1]))} y {numbers[-1]}."


def _said(value: Value) -> str:
    if isinstance(value, bool):
        return "sí" if value else "no"
    if isinstance(value, tuple | list):
        return ", ".join(map(_said, value)) or "una lista vacía"
    return str(value)
