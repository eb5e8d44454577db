"""Arrays of marks and classes in, seconds and flags out: policy GCA-1 for any number of participants."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from itertools import pairwise

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
# To start a thread takes as long as some ten thousand marks.
WORTH_SHARING = 100_000


@dataclass(frozen=True)
class Credited:
    """What each participant is credited: whole seconds, firm and provisional, and the flags of the firm figure as bits."""

    firm: Ints
    provisional: Ints
    flags: Ints


def knows(policy: AttendancePolicy) -> bool:
    """Whether `policy` answers as GCA-1 wherever the seconds credited depend on it; the length of the grace may differ."""
    same = replace(
        GCA_1,
        policy_id=policy.policy_id,
        grace=policy.grace,
        rounding=policy.rounding,
        threshold=policy.threshold,
        programme_thresholds=policy.programme_thresholds,
        below_threshold=policy.below_threshold,
    )
    return policy == same


def credit(marks: Marks, classes: ClassTimes, policy: AttendancePolicy, *, threads: int | None = None) -> Credited:
    """Credit every participant, on all processors if it is much work and unless `threads` says how many.

    An open class is flagged by the caller, since it is a flag for those without marks too. Raises ValueError for a
    policy whose answers the loop does not know.
    """
    if not knows(policy):
        raise ValueError(f"Policy {policy.policy_id} is not computed in bulk: compute it course by course")
    participants = marks.first.size - 1
    credited = Credited(*(np.zeros(participants, dtype=np.int64) for _ in range(3)))
    # One more piece than there is: an open last class looks there, and is then computed apart.
    held = (classes.first, np.append(classes.held_start, 0), np.append(classes.held_end, 0))
    grace = policy.grace // timedelta(microseconds=1)
    work: Callable[..., None] = loop.credit_range
    given = [marks.first, marks.class_, marks.moment, classes.start, *held, grace]

    threads = threads or (os.cpu_count() or 1 if marks.moment.size > WORTH_SHARING else 1)
    shares = pairwise(participants * part // threads for part in range(threads + 1))
    with ThreadPoolExecutor(threads) as pool:
        results = (credited.firm, credited.provisional, credited.flags)
        done = [pool.submit(partial(work, *share, *given, *results)) for share in shares]
    for share in done:
        share.result()
    return credited


def moments(instant: Ints, code: Ints) -> Ints:
    """The moments of marks from their instants and their codes: IS_ENTRY or 0, plus the validation."""
    return (instant << loop.INSTANT) | code
