"""What is wrong with a form, in the words of the page it is typed on, and the question it leads to."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from app.domain.forms import InvalidForm

# The keys of a form's JSON, as the page calls them.
FACES: Mapping[str, str] = {
    "title": "Título",
    "label": "Pregunta",
    "name": "Nombre para las condiciones",
    "type": "Tipo",
    "hint": "Ayuda",
    "missing": "Qué se dice si falta",
    "minimum": "Mínimo",
    "maximum": "Máximo",
    "choices": "Opciones",
    "when": "Se pregunta solo si",
    "decides": "Decide el camino",
    "button": "Texto del botón",
    "yes": "Primer botón",
    "no": "Segundo botón",
    "outcome": "Qué hizo quien lo presiona",
    "means": "Qué pasa si se elige",
    "done": "Qué se lee después",
}
_KEY = re.compile(rf"«({'|'.join(FACES)})»")


def sentence(fault: InvalidForm, name: str) -> str:
    """Without the name of the form, which heads the page."""
    where, what = _parts(fault, name)
    if where.startswith("decisión"):
        where = _faced(where)
    # A condition's fault names questions, which may be called like a key.
    told = what if what.startswith("su condición") else _faced(what)
    said = f"{where}: {told}" if where else told
    return said[:1].upper() + said[1:]


def place(fault: InvalidForm, name: str, fields: Sequence[Mapping[str, Any]]) -> str:
    """The address on the page of what is wrong."""
    where, what = _parts(fault, name)
    found = _KEY.search(what)
    key = found[1] if found else "name"
    for number, field in enumerate(fields):
        if re.match(rf"campo («{re.escape(str(field.get('name')))}»|{number + 1})(,|$)", where):
            return f"#f{number}-{key}"
    way = re.match(r"decisión, «(yes|no)»", where)
    if way:
        return f"#{way[1]}-{key}"
    return "#decision_name" if where == "decisión" else "#button" if key == "button" else "#title"


def _parts(fault: InvalidForm, name: str) -> tuple[str, str]:
    """Where in the form, empty for the whole of it, and what."""
    where, _, what = fault.sentence.removeprefix(f"Formulario «{name}»").partition(": ")
    return where.removeprefix(", "), what


def _faced(text: str) -> str:
    return _KEY.sub(lambda found: f"«{FACES[found[1]]}»", text)
