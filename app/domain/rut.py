"""The RUT of a person or an institution: how it is read, checked, written and hidden."""

import re
from dataclasses import dataclass
from typing import Self

from stdnum.cl import rut as stdnum_rut
from stdnum.util import clean

_SHAPE = re.compile(r"([0-9]{1,12})-?([0-9K])")
_LARGEST_BODY = 999_999_999
# Below this nobody alive has a RUT, and the three digits shown would tell most of it.
_SMALLEST_MASKED_BODY = 1_000_000


class InvalidRut(ValueError):
    """A text or number that is no RUT; its sentence never repeats what was typed, so it may be logged."""


@dataclass(frozen=True, order=True)
class Rut:
    """A RUT that exists is valid: its check digit matches its body. Raises InvalidRut otherwise."""

    body: int
    check_digit: str

    def __post_init__(self) -> None:
        if not 0 < self.body <= _LARGEST_BODY:
            raise InvalidRut("El RUT no tiene un número posible. Revíselo y escríbalo como 12.345.678-5.")
        if self.check_digit != _check_digit(self.body):
            raise InvalidRut("El dígito verificador no corresponde a ese RUT. Revise el número completo.")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Reads `12.345.678-5` as people type it: with or without dots, spaces and hyphen, `k` or `K`."""
        shape = _SHAPE.fullmatch(clean(text, " .").upper())
        if shape is None:
            raise InvalidRut("Eso no es un RUT. Escríbalo con su dígito verificador, como 12.345.678-5.")
        return cls(int(shape[1]), shape[2])

    @classmethod
    def from_body(cls, body: int) -> Self:
        """The RUT of a body, its check digit calculated."""
        return cls(body, _check_digit(body))

    @property
    def wire(self) -> str:
        return f"{self.body}-{self.check_digit}"

    @property
    def screen(self) -> str:
        return f"{self.body:,}".replace(",", ".") + f"-{self.check_digit}"

    @property
    def masked(self) -> str:
        """For logs and public pages: enough for a person to know the own one, too little to find anybody by."""
        tail = f"{self.body % 1000:03d}" if self.body >= _SMALLEST_MASKED_BODY else "***"
        return f"**.***.{tail}-*"

    def __str__(self) -> str:
        return self.screen


def _check_digit(body: int) -> str:
    # The library's validate() refuses bodies shorter than seven digits and longer than eight, which exist here.
    return str(stdnum_rut.calc_check_digit(str(body)))
