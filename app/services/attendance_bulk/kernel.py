"""Arrays of marks and classes in, seconds and flags out: policy GCA-1 for any number of participants."""

from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache

import numpy as np

from app.domain.attendance import GCA_1, AttendanceFlag, AttendancePolicy
from app.services.attendance_bulk import loop
from app.services.attendance_bulk.marks import ClassTimes, Ints, Marks

FLAGS = {
    loop.CLASS_NOT_CLOSED: AttendanceFlag.CLASS_NOT_CLOSED,
    loop.MISSING_ENTRY: AttendanceFlag.MISSING_ENTRY,
    loop.MISSING_EXIT: AttendanceFlag.MISSING_EXIT,
    loop.REPEATED_ENTRY: AttendanceFlag.REPEATED_ENTRY,
}


@dataclass(frozen=True)
class Credited:
    """What each participant is credited: whole seconds, firm and provisional, and the flags of the firm figure as bits."""

    firm: Ints
    provisional: Ints
    flags: Ints


@cache
def knows(policy: AttendancePolicy) -> bool:
    """Whether `policy` answers as GCA-1 wherever the seconds credited depend on it.

    The length of the grace may differ, and what an approved request is worth: that is settled before the loop.
    """
    same = replace(
        GCA_1,
        policy_id=policy.policy_id,
        grace=policy.grace,
        unpaired_mark=policy.unpaired_mark,
        rounding=policy.rounding,
        threshold=policy.threshold,
        programme_thresholds=policy.programme_thresholds,
        below_threshold=policy.below_threshold,
    )
    return policy == same


def credit(marks: Marks, classes: ClassTimes, policy: AttendancePolicy) -> Credited:
    """Credit every participant. An open class is flagged by the caller, since it flags those without marks too.

    Raises ValueError for a policy whose answers the loop does not know.
    """
    if not knows(policy):
        raise ValueError(f"Policy {policy.policy_id} is not computed in bulk: compute it course by course")
    participants = marks.first.size - 1
    credited = Credited(*(np.zeros(participants, dtype=np.int64) for _ in range(3)))
    # One more piece than there is: an open last class looks there, and is then computed apart.
    held = (classes.first, np.append(classes.held_start, 0), np.append(classes.held_end, 0))
    given = (marks.first, marks.class_, marks.moment, classes.start, *held, policy.grace // timedelta(microseconds=1))
    loop.credit_all(*given, credited.firm, credited.provisional, credited.flags)
    return credited


def moments(instant: Ints, code: Ints) -> Ints:
    """The moments of marks from their instants and their codes: IS_ENTRY or 0, plus the validation."""
    return (instant << loop.INSTANT) | code
