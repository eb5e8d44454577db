"""The policies attendance is computed with: every question that could be answered otherwise, answered by name."""

from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from fractions import Fraction


class LateEntry(Enum):
    """What an entry after the grace is worth."""

    FROM_THE_MARK = "from_the_mark"
    REDUCED_BY_THE_GRACE = "reduced_by_the_grace"
    NO_CREDIT = "no_credit"


class OutsideClass(Enum):
    """What happens to time marked before the class starts or after it ends."""

    CLIPPED = "clipped"


class UnpairedMark(Enum):
    """What an entry without exit, or an exit without entry, is worth."""

    NO_CREDIT = "no_credit"
    TO_CLASS_END_ONCE_APPROVED = "to_class_end_once_approved"


class GracePer(Enum):
    """How often the grace is given."""

    CLASS = "class"
    DAY = "day"


class SharedClass(Enum):
    """How the facilitators of one class combine."""

    UNION = "union"
    PER_FACILITATOR = "per_facilitator"


class OverlappingClasses(Enum):
    """How time that two classes of a participant share is counted."""

    UNITED = "united"


class PendingMarks(Enum):
    """What a fingerprint the Registro Civil has not answered for is worth."""

    PROVISIONAL = "provisional"
    COUNTED = "counted"


class Denominator(Enum):
    """What the credited time is divided by."""

    ACCREDITED_HOURS = "accredited_hours"
    TIME_HELD = "time_held"


class Rounding(Enum):
    """How an exact percentage becomes the figure shown."""

    TRUNCATED = "truncated"
    HALF_UP = "half_up"


class BelowThreshold(Enum):
    """What a percentage under the threshold does to the issue."""

    WARNS = "warns"
    BLOCKS = "blocks"


class UnsupportedPolicy(ValueError):
    """A policy asks for a rule that this version does not compute."""


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
    unpaired_mark: UnpairedMark = UnpairedMark.NO_CREDIT
    grace_per: GracePer = GracePer.CLASS
    shared_class: SharedClass = SharedClass.UNION
    overlapping_classes: OverlappingClasses = OverlappingClasses.UNITED
    pending_marks: PendingMarks = PendingMarks.PROVISIONAL
    denominator: Denominator = Denominator.ACCREDITED_HOURS
    cap: Fraction = Fraction(1)
    rounding: Rounding = Rounding.TRUNCATED
    threshold: Fraction = Fraction(75, 100)
    below_threshold: BelowThreshold = BelowThreshold.WARNS

    def __post_init__(self) -> None:
        for name, computed in _COMPUTED.items():
            if (answer := getattr(self, name)) not in computed:
                raise UnsupportedPolicy(f"Policy {self.policy_id}: {name} = {answer!r} cannot be computed")
        if self.grace < timedelta() or not 0 <= self.threshold <= 1:
            raise UnsupportedPolicy(f"Policy {self.policy_id}: grace or threshold out of range")


# The answers the arithmetic knows how to give. A new variant is added here together with its arithmetic.
_COMPUTED: dict[str, tuple[Enum | Fraction, ...]] = {
    "late_entry": (LateEntry.FROM_THE_MARK,),
    "early_mark": (OutsideClass.CLIPPED,),
    "mark_after_end": (OutsideClass.CLIPPED,),
    "unpaired_mark": (UnpairedMark.NO_CREDIT,),
    "grace_per": (GracePer.CLASS,),
    "shared_class": (SharedClass.UNION,),
    "overlapping_classes": (OverlappingClasses.UNITED,),
    "pending_marks": (PendingMarks.PROVISIONAL,),
    "denominator": (Denominator.ACCREDITED_HOURS,),
    "cap": (Fraction(1),),
    "rounding": (Rounding.TRUNCATED,),
    "below_threshold": (BelowThreshold.WARNS, BelowThreshold.BLOCKS),
}

GCA_1 = AttendancePolicy("GCA-1")

POLICIES = {policy.policy_id: policy for policy in (GCA_1,)}
