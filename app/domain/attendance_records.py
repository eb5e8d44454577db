"""What attendance is computed from, as plain values: the classes held, the marks taken, the hours of the course."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

from app.domain.faces import Face
from app.domain.intervals import Interval, as_utc, unite
from app.domain.terms import Activity


class MarkKind(Face):
    IN = "in", "Entrada"
    OUT = "out", "Salida"


class Validation(Face):
    """The Registro Civil's answer about the fingerprint of a mark."""

    VALID = "valid", "Validada"
    PENDING = "pending", "Pendiente de validación"
    REJECTED = "rejected", "Rechazada"


class AttendanceFlag(Face):
    """What a reviewer should look at. In alphabetical order, which is the order they are reported in."""

    CLASS_NOT_CLOSED = "class_not_closed", "clase sin cerrar"
    MISSING_ENTRY = "missing_entry", "sin marca de entrada"
    MISSING_EXIT = "missing_exit", "sin marca de salida"
    REPEATED_ENTRY = "repeated_entry", "entrada repetida"


@dataclass(frozen=True)
class FacilitatorInterval:
    """The time one facilitator held a class; `ended_at` is None while it is open. Kept in UTC."""

    started_at: datetime
    ended_at: datetime | None

    def __post_init__(self) -> None:
        object.__setattr__(self, "started_at", as_utc(self.started_at))
        if self.ended_at is not None:
            object.__setattr__(self, "ended_at", as_utc(self.ended_at))
            if self.ended_at < self.started_at:
                raise ValueError(f"A class cannot end before it starts: {self.started_at} > {self.ended_at}")


@dataclass(frozen=True)
class ClassHeld:
    """One class (block) as its facilitators held it; it is open while any of them has not ended it."""

    class_id: str
    facilitators: tuple[FacilitatorInterval, ...]

    def __post_init__(self) -> None:
        if not self.facilitators:
            raise ValueError(f"Class {self.class_id} was started by nobody")

    # Cached: one class is asked for all of its participants.
    @cached_property
    def started_at(self) -> datetime:
        """The anchor of the grace: the earliest facilitator's start."""
        return min(facilitator.started_at for facilitator in self.facilitators)

    @property
    def ended_at(self) -> datetime | None:
        """The last facilitator's end, or None while the class is open."""
        held = self.held
        return held[-1].end if held else None

    @cached_property
    def held(self) -> tuple[Interval, ...]:
        """The union of the facilitators' intervals; empty while the class is open."""
        closed = [Interval(f.started_at, f.ended_at) for f in self.facilitators if f.ended_at is not None]
        return unite(closed) if len(closed) == len(self.facilitators) else ()


@dataclass(frozen=True)
class Mark:
    """One entry or exit of the participant in one class, by fingerprint unless it is `retroactive`. Kept in UTC."""

    class_id: str
    marked_at: datetime
    kind: MarkKind
    validation: Validation
    retroactive: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "marked_at", as_utc(self.marked_at))


@dataclass(frozen=True)
class RetroactiveMark:
    """What an approved request for retroactive attendance becomes: it stands for the marks missing in one class.

    It has no instant of its own, for the class may still be corrected; `decision` names what is behind it, as printed.
    """

    class_id: str
    decision: str = ""


def hours_for(
    activity: Activity, credited_hours: int | Decimal | Fraction, partial_hours: int | Decimal | Fraction | None
) -> Fraction:
    """Hours the percentages of a course refer to: credited, partial, or for a complementary their difference.

    Raises ValueError, with the sentence for the person, if the hours needed are missing or leave nothing.
    """
    hours = Fraction(credited_hours)
    if activity is not Activity.NORMAL:
        if partial_hours is None:
            raise ValueError("Faltan las horas parciales del curso. Ingréselas y vuelva a intentar.")
        partial = Fraction(partial_hours)
        if not 0 < partial < hours:
            raise ValueError("Las horas parciales deben ser más que cero y menos que las acreditadas. Corríjalas.")
        hours = partial if activity is Activity.PARTIAL else hours - partial
    if hours <= 0:
        raise ValueError("Las horas del curso deben ser más que cero. Corríjalas.")
    return hours
