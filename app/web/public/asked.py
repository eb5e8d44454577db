"""Which heads of the log an address asks about, or why it cannot be told."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from app.models import LogHead
from app.services.transparency import heads

FROM, TO, SIZE = "desde", "hasta", "hojas"
MOST_DIGITS = 18


class CannotTell(Exception):
    """The question has no answer. `field` is the part of the address that has to change."""

    def __init__(self, code: str, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code, self.field, self.sentence = code, field, sentence


def two_heads(session: Session, asked: Mapping[str, str]) -> tuple[LogHead, LogHead]:
    """The heads of the sizes `desde` and `hasta`. Raises CannotTell."""
    first, second = head_of(session, asked, FROM), head_of(session, asked, TO)
    if first.size > second.size:
        raise CannotTell("wrong_order", FROM, "La primera cabeza tiene más hojas que la segunda. Cámbielas de lugar.")
    if first.size == 0:
        raise CannotTell("empty_log", FROM, "Una cabeza de 0 hojas la continúa cualquiera. Elija una de 1 hoja o más.")
    return first, second


def head_of(session: Session, asked: Mapping[str, str], field: str) -> LogHead:
    """The newest head of so many leaves. Raises CannotTell."""
    text = asked.get(field, "").strip()
    if not (text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS):
        raise CannotTell("size_unreadable", field, f"Escriba en «{field}» un número de hojas, por ejemplo 12.")
    head = heads.of_size(session, int(text))
    if head is None:
        raise CannotTell(
            "head_unknown", field, f"No hay una cabeza firmada de {int(text)} hojas. Elija una de la lista."
        )
    return head
