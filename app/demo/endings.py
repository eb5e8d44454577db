"""How far a demo course has come: the state of its certificate, and how long ago it ended."""

from enum import Enum


class Ending(Enum):
    """`ended` is the span, in days before today, from which the date of the end is drawn; negative is still to come."""

    PENDING = "pending", 1, 20
    ISSUED = "issued", 3, 45
    PENDING_VALIDATION = "pending_validation", 5, 45
    APPROVED_FOR_REISSUE = "approved_for_reissue", 8, 50
    REJECTED = "rejected", 8, 52
    VOIDED = "voided", 9, 53
    REISSUED = "reissued", 10, 54
    RUNNING = "running", -12, -2
    OVERDUE = "overdue", 65, 100
    LIQUIDATED = "liquidated", 62, 110
    CANCELLED = "cancelled", 4, 30

    def __init__(self, _name: str, *ended: int) -> None:
        self.ended = ended


# The first round shows each state once; the courses after it come in the proportions of an ordinary month.
FIRST_ROUND: tuple[Ending, ...] = (
    Ending.PENDING,
    Ending.ISSUED,
    Ending.PENDING_VALIDATION,
    Ending.APPROVED_FOR_REISSUE,
    Ending.REJECTED,
    Ending.VOIDED,
    Ending.REISSUED,
    Ending.RUNNING,
    Ending.OVERDUE,
    Ending.LIQUIDATED,
    Ending.CANCELLED,
    Ending.PENDING_VALIDATION,
)
LATER_ROUNDS: tuple[Ending, ...] = (
    Ending.PENDING,
    Ending.ISSUED,
    Ending.PENDING,
    Ending.ISSUED,
    Ending.RUNNING,
    Ending.PENDING_VALIDATION,
    Ending.ISSUED,
    Ending.OVERDUE,
    Ending.PENDING,
    Ending.ISSUED,
    Ending.APPROVED_FOR_REISSUE,
    Ending.LIQUIDATED,
    Ending.REISSUED,
    Ending.REJECTED,
    Ending.ISSUED,
)


def ending_of(index: int) -> Ending:
    if index < len(FIRST_ROUND):
        return FIRST_ROUND[index]
    return LATER_ROUNDS[(index - len(FIRST_ROUND)) % len(LATER_ROUNDS)]
