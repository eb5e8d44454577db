"""Enumerations with a value for the machine and a face for people."""

from enum import StrEnum
from typing import Self


class Face(StrEnum):
    """A string enumeration whose members carry a Spanish label: `NAME = "value", "Etiqueta"`."""

    label: str

    def __new__(cls, value: str, label: str = "") -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member
