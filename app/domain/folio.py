"""The folio of an issued certificate: a correlative without gaps within the year of issue."""

import re
from dataclasses import dataclass
from typing import Self

_SHAPE = re.compile(r"([1-9][0-9]{0,8})-([0-9]{4})")


@dataclass(frozen=True)
class Folio:
    """Written `12-2026`. Raises ValueError for a number under 1 or a year that is not of four digits."""

    number: int
    year: int

    def __post_init__(self) -> None:
        if self.number < 1 or not 1000 <= self.year <= 9999:
            raise ValueError(f"No existe el folio {self.number}-{self.year}. Escríbalo como 12-2026.")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Reads `12-2026`. Raises ValueError, with the sentence for the person, for anything else."""
        shape = _SHAPE.fullmatch(text.strip())
        if shape is None:
            raise ValueError("Eso no es un folio. Escríbalo como 12-2026.")
        return cls(int(shape[1]), int(shape[2]))

    def __str__(self) -> str:
        return f"{self.number}-{self.year}"
