"""What changes in the forms of a process, told in sentences. Knows them as data: fields with names and labels."""

from collections.abc import Iterator, Mapping
from typing import Any

Told = tuple[str, str, str]
WORDS: Mapping[str, str] = {
    "label": "el texto",
    "hint": "la ayuda",
    "type": "el tipo",
    "required": "si es obligatorio",
    "maximum": "el máximo",
    "minimum": "el mínimo",
    "when": "cuándo se pregunta",
    "missing": "lo que se dice si falta",
    "choices": "las opciones",
    "decides": "si decide el camino",
}


def told(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Told]:
    """Mark, form and sentence for each thing that is otherwise."""
    for name in sorted(before.keys() | after.keys()):
        if name not in before:
            yield "added", name, f"Se agrega el formulario «{title(after, name)}»."
        elif name not in after:
            yield "removed", name, f"Se quita el formulario «{title(before, name)}»."
        elif before[name] != after[name]:
            yield from (("changed", name, sentence) for sentence in _changed(before, after, name))


def title(forms: Mapping[str, Any], name: str) -> str:
    form = forms[name]
    return str(form.get("title", name)) if isinstance(form, dict) else name


def _changed(before: Mapping[str, Any], after: Mapping[str, Any], name: str) -> Iterator[str]:
    where = f"El formulario «{title(after, name)}»"
    old, new = _fields(before[name]), _fields(after[name])
    sentences = [*_of_fields(old, new, where)]
    if list(old) != list(new) and old.keys() == new.keys():
        sentences.append(f"{where} pregunta en otro orden.")
    if _rest(before[name]) != _rest(after[name]):
        sentences.append(f"{where} cambia fuera de sus preguntas: título, decisión o textos.")
    yield from sentences or [f"{where} cambia."]


def _of_fields(old: Mapping[str, Any], new: Mapping[str, Any], where: str) -> Iterator[str]:
    for key, field in new.items():
        label = field.get("label", key)
        if key not in old:
            must = "obligatorio" if field.get("required", True) else "opcional"
            yield f"{where} pide ahora «{label}» ({must})."
            continue
        for fact in sorted(old[key].keys() | field.keys()):
            if old[key].get(fact) != field.get(fact):
                yield f"{where}, en «{label}», cambia {WORDS.get(fact, f'«{fact}»')}: {_pair(old[key], field, fact)}."
    for key, field in old.items():
        if key not in new:
            yield f"{where} ya no pide «{field.get('label', key)}»."


def _pair(old: Mapping[str, Any], new: Mapping[str, Any], fact: str) -> str:
    return f"ahora {_said(new.get(fact))}; antes {_said(old.get(fact))}"


def _said(value: object) -> str:
    if isinstance(value, bool):
        return "sí" if value else "no"
    return "nada" if value in (None, "", []) else f"«{value}»"


def _fields(form: Any) -> dict[str, Any]:
    fields = form.get("fields", []) if isinstance(form, dict) else []
    return {str(field.get("name")): field for field in fields if isinstance(field, dict)}


def _rest(form: Any) -> Any:
    return {key: value for key, value in form.items() if key != "fields"} if isinstance(form, dict) else form
