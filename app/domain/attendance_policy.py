"""The policy attendance is computed with: one named field for every row of the handbook's table."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import timedelta
from fractions import Fraction
from typing import Any, Self, get_origin, get_type_hints

from app.domain.attendance_answers import (
    QUESTIONS,
    BelowThreshold,
    Denominator,
    GracePer,
    LateEntry,
    OutsideClass,
    OverlappingClasses,
    PendingMarks,
    Rounding,
    SharedClass,
    UnpairedMark,
    Verdict,
)
from app.domain.attendance_policy_data import BadPolicyData, parsed, plain
from app.domain.terms import Line

__all__ = [
    "GCA_1",
    "QUESTIONS",
    "AttendancePolicy",
    "BadPolicyData",
    "BelowThreshold",
    "Denominator",
    "GracePer",
    "LateEntry",
    "OutsideClass",
    "OverlappingClasses",
    "PendingMarks",
    "Rounding",
    "SharedClass",
    "UnpairedMark",
    "UnsupportedPolicy",
    "Verdict",
]

LONGEST_ID = 20
LONGEST_GRACE = timedelta(days=1)


class UnsupportedPolicy(ValueError):
    """A policy asks for a rule that this version does not compute. Its text is for the person who wrote it."""


@dataclass(frozen=True)
class AttendancePolicy:
    """One row of the handbook's table a field, GCA-1's answer as its default.

    A policy that exists can be computed: one that asks for anything else raises UnsupportedPolicy, so that no answer
    is ever silently taken for another. Source: domain handbook §4.
    """

    policy_id: str
    grace: timedelta = timedelta(minutes=20)
    late_entry: LateEntry = LateEntry.FROM_THE_MARK
    early_mark: OutsideClass = OutsideClass.CLIPPED
    mark_after_end: OutsideClass = OutsideClass.CLIPPED
    unpaired_mark: UnpairedMark = UnpairedMark.TO_CLASS_END_ONCE_APPROVED
    grace_per: GracePer = GracePer.CLASS
    shared_class: SharedClass = SharedClass.UNION
    overlapping_classes: OverlappingClasses = OverlappingClasses.UNITED
    pending_marks: PendingMarks = PendingMarks.PROVISIONAL
    denominator: Denominator = Denominator.ACCREDITED_HOURS
    cap: Fraction = Fraction(1)
    rounding: Rounding = Rounding.TRUNCATED
    threshold: Fraction = Fraction(75, 100)
    programme_thresholds: tuple[tuple[Line, Fraction], ...] = ()
    below_threshold: BelowThreshold = BelowThreshold.WARNS

    def __post_init__(self) -> None:
        for name, answers in _TYPES.items():
            if not isinstance(getattr(self, name), answers):
                raise UnsupportedPolicy(f"La política no admite {name} = {getattr(self, name)!r}. Corríjalo.")
        if not 1 <= len(self.policy_id) <= LONGEST_ID:
            raise UnsupportedPolicy(f"El nombre de la política debe tener de 1 a {LONGEST_ID} letras. Corríjalo.")
        if not timedelta() <= self.grace <= LONGEST_GRACE or self.grace.microseconds:
            raise UnsupportedPolicy("La gracia debe ser de segundos enteros, entre cero y un día. Corríjala.")
        if self.cap != 1:
            raise UnsupportedPolicy("El tope es 100 %. Corríjalo.")
        self._check_thresholds()
        # One order, so that what was written down and read back is the same policy.
        object.__setattr__(self, "programme_thresholds", tuple(sorted(self.programme_thresholds)))

    def _check_thresholds(self) -> None:
        lines = [line for line, _ in self.programme_thresholds]
        if len(set(lines)) != len(lines):
            raise UnsupportedPolicy("Un programa tiene dos mínimos. Deje uno.")
        if not all(0 <= share <= 1 for share in (self.threshold, *dict(self.programme_thresholds).values())):
            raise UnsupportedPolicy("El mínimo debe estar entre 0 % y 100 %. Corríjalo.")

    def threshold_for(self, line: Line) -> Fraction:
        """The share a participant of that programme must reach: the programme's own where it has one."""
        return dict(self.programme_thresholds).get(line, self.threshold)

    def demanded_of(self, line: Line) -> Fraction | None:
        """The share that a programme demands: Franquicia Tributaria always, another where the policy names its own."""
        own = line is Line.TAX_FRANCHISE or line in dict(self.programme_thresholds)
        return self.threshold_for(line) if own else None

    def verdict(self, ratio: Fraction, line: Line) -> Verdict:
        """Compares the exact share: 74.999 % does not reach 75 %, whatever is shown."""
        if ratio >= self.threshold_for(line):
            return Verdict.REACHED
        return Verdict.BLOCKED if self.below_threshold is BelowThreshold.BLOCKS else Verdict.WARNED

    def to_data(self) -> dict[str, Any]:
        """The policy as plain JSON values, a key a field; `from_data` gives it back."""
        return {field.name: plain(getattr(self, field.name)) for field in fields(self)}

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        """Raises BadPolicyData for a field too many, missing or of another shape, UnsupportedPolicy for its value."""
        return cls(**parsed(data, _HINTS))


_HINTS = get_type_hints(AttendancePolicy)
_TYPES = {name: get_origin(hint) or hint for name, hint in _HINTS.items()}

GCA_1 = AttendancePolicy("GCA-1")
