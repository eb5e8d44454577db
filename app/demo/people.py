"""Synthetic people: names put together by seed, RUTs from a closed range with their check digit calculated."""

from dataclasses import dataclass
from random import Random

from app.demo.accounts import HOLDERS
from app.domain.rut import Rut

FIRST_BODY, LAST_BODY = 1_000_000, 9_999_999
_BODIES = LAST_BODY - FIRST_BODY + 1
# Prime to the size of the range, so that every index has a RUT of its own.
_STEP = 7919
_TAKEN = {int(holder.account.rut.split("-")[0]) for holder in HOLDERS}

_GIVEN = (
    "María José", "José Luis", "Ana", "Andrés", "Beatriz", "Benjamín", "Camila", "César", "Constanza", "Damián",
    "Daniela", "Elías", "Elisa", "Fabián", "Francisca", "Germán", "Graciela", "Héctor", "Ignacia", "Iván", "Javiera",
    "Joaquín", "Karina", "León", "Loreto", "Macarena", "Martín", "Matías", "Millaray", "Mónica", "Nahuel", "Noelia",
    "Óscar", "Paz", "Pía", "Ramón", "Rayén", "Rocío", "Rubén", "Sebastián", "Sofía", "Tomás", "Valentín", "Zoë",
)  # fmt: skip
_SURNAMES = (
    "Acuña", "Álvarez", "Araneda", "Bañados", "Bustos", "Cañulef", "Cárdenas", "Catrileo", "Cortés", "Díaz", "Durán",
    "Escárate", "Farías", "Fuentealba", "Gaete", "Gutiérrez", "Huenchumil", "Ibáñez", "Jaña", "Lagos", "Leiva",
    "Llanquileo", "Mardones", "Méndez", "Millán", "Muñoz", "Navarrete", "Núñez", "Ñanculef", "O'Ryan", "Ojeda",
    "Órdenes", "Painemal", "Peña", "Pérez", "Quezada", "Quiñones", "Ríos", "Rodríguez", "Sáez", "Sepúlveda", "Tapia",
    "Ulloa", "Valdés", "Vásquez", "Villagrán", "Yáñez", "Zúñiga",
)  # fmt: skip


@dataclass(frozen=True)
class SyntheticPerson:
    rut: str
    given_names: str
    first_surname: str
    second_surname: str
    email: str = ""


def person(seed: int, index: int) -> SyntheticPerson:
    """The person of that number: always the same one for a seed, and nobody else's RUT."""
    random = Random(f"{seed}:person:{index}")
    return SyntheticPerson(
        rut=_rut(seed, index),
        given_names=random.choice(_GIVEN),
        first_surname=random.choice(_SURNAMES),
        # Some people have one surname only.
        second_surname=random.choice(_SURNAMES) if random.random() < 0.95 else "",
        email=f"persona{index}@ejemplo.example" if random.random() < 0.6 else "",
    )


def _rut(seed: int, index: int) -> str:
    # Pairs of numbers share no RUT: even ones are given out, odd ones stand in for those that an account has.
    body = FIRST_BODY + (seed + 2 * index * _STEP) % _BODIES
    if body in _TAKEN:
        body = FIRST_BODY + (body - FIRST_BODY + _STEP) % _BODIES
    return Rut.from_body(body).wire
