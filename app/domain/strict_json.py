"""JSON that people write, read strictly: what is not known or too large is refused with the place where it stands."""

import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, ClassVar, NoReturn

from app.domain.errors import Refusal

LONGEST_TEXT = 60
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2200, 12, 31)


class Place:
    """One object of the JSON and what to call the place it stands in.

    A subclass says with what is refused, and the longest texts by their keys.
    """

    error: ClassVar[type[Refusal]] = Refusal
    longest: ClassVar[Mapping[str, int]] = {}

    def __init__(self, where: str, data: object) -> None:
        self.where = where
        if not isinstance(data, Mapping):
            self.refuse("aquí va un objeto con sus claves. Escríbalo entre llaves.")
        self.data: Mapping[str, Any] = data

    def refuse(self, sentence: str) -> NoReturn:
        raise self.error(f"{self.where}: {sentence}")

    def only(self, *known: str) -> None:
        unknown = sorted(str(key) for key in self.data if key not in known)
        if unknown:
            self.refuse(f"la clave «{unknown[0]}» no se admite. Las que hay: {', '.join(known)}.")

    def text(self, key: str, *, needed: bool = False) -> str:
        found, longest = self.data.get(key, ""), self.longest.get(key, LONGEST_TEXT)
        if not isinstance(found, str) or len(found) > longest:
            self.refuse(f"«{key}» es un texto de hasta {longest} caracteres. Corríjalo.")
        if any(unicodedata.category(sign) in ("Cc", "Cs") for sign in found):
            self.refuse(f"«{key}» va en una línea y sin signos que no se ven. Quítelos.")
        if needed and not found.strip():
            self.refuse(f"falta «{key}». Escríbalo.")
        return found.strip()

    def flag(self, key: str, *, default: bool) -> bool:
        found = self.data.get(key, default)
        if not isinstance(found, bool):
            self.refuse(f"«{key}» es true o false. Corríjalo.")
        return found

    def number(self, key: str, least: int, most: int) -> int | None:
        found = self.data.get(key)
        if found is not None and (type(found) is not int or not least <= found <= most):
            self.refuse(f"«{key}» es un número entero de {least} a {most}. Corríjalo.")
        return found

    def day(self, key: str) -> date | None:
        found = self.data.get(key)
        if found is None:
            return None
        try:
            day = date.fromisoformat(found)
        except (TypeError, ValueError):
            self.refuse(f"«{key}» es una fecha como 2026-12-31. Corríjala.")
        if not FIRST_DAY <= day <= LAST_DAY:
            self.refuse(f"«{key}» va de {FIRST_DAY} a {LAST_DAY}. Corríjala.")
        return day

    def items(self, key: str, most: int) -> Sequence[object]:
        found = self.data.get(key, [])
        if not isinstance(found, list) or len(found) > most:
            self.refuse(f"«{key}» es una lista de hasta {most}. Corríjala.")
        return found

    def one_of(self, key: str, kinds: Any, default: Any = None) -> Any:
        found = self.data.get(key, default)
        if not isinstance(found, str) or found not in list(kinds):
            self.refuse(f"«{key}» es uno de {', '.join(kinds)}. Corríjalo.")
        return kinds(found)
