"""What the domain handbook says (§5, §6), written down a second time and another way: which event leads from which state where.

Nothing here is read from the product but the names of the states, so that the two can disagree.
"""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from app.domain.states import CertificateState as State

ZONE = ZoneInfo("America/Santiago")


class Event(StrEnum):
    """What can happen to a certificate."""

    ISSUE = "issue"
    REQUEST = "request"
    GRANT = "grant"
    DENY = "deny"
    VOID = "void"


TABLE: Mapping[tuple[State, Event], State] = {
    (State.PENDING_ISSUANCE, Event.ISSUE): State.ISSUED,
    (State.ISSUED, Event.REQUEST): State.PENDING_VALIDATION,
    (State.ISSUED, Event.VOID): State.VOIDED,
    (State.PENDING_VALIDATION, Event.GRANT): State.APPROVED_FOR_REISSUE,
    (State.PENDING_VALIDATION, Event.DENY): State.REJECTED,
    (State.APPROVED_FOR_REISSUE, Event.ISSUE): State.ISSUED,
    (State.REJECTED, Event.REQUEST): State.PENDING_VALIDATION,
    (State.REJECTED, Event.VOID): State.VOIDED,
    (State.VOIDED, Event.ISSUE): State.ISSUED,
}

# The reconsideration has five working days. The calendar of the months in which the model lives, by hand; they are past, for
# the product rightly takes what happens after the clock of the database for an error.
TERM = 5
HOLIDAYS = {date(2024, 12, 25), date(2025, 1, 1), date(2025, 4, 18), date(2025, 4, 19), date(2025, 5, 1)}
FIRST_INSTANT, LAST_DAY = datetime(2024, 12, 23, 9, tzinfo=ZONE), date(2025, 5, 20)


def day_of(instant: datetime) -> date:
    return instant.astimezone(ZONE).date()


def reconsideration_ends(decided_at: datetime) -> datetime:
    """The first instant at which a denial can no longer be reconsidered."""
    day, left = day_of(decided_at), TERM
    while left:
        day += timedelta(days=1)
        left -= day.isoweekday() < 6 and day not in HOLIDAYS
    assert day < LAST_DAY, "The handbook of the model ends here: write down the next holidays."
    return datetime.combine(day + timedelta(days=1), time(), ZONE)


class Why(StrEnum):
    """Every refusal there is, by the words that tell it from the others."""

    WRONG_STATE_TO_ISSUE = "y no se puede emitir."
    NOT_ENDED = "Podrá emitir el certificado desde el"
    LIQUIDATED = "El curso está liquidado"
    CANCELLED = "El curso está anulado"
    REVIEW_IS_OLD = "Los datos del curso cambiaron mientras usted revisaba."
    WRONG_STATE_TO_REQUEST = "Solo se pide anular un certificado emitido"
    RECONSIDERED_ALREADY = "La reposición ya fue resuelta"
    TERM_IS_OVER = "El plazo de 5 días hábiles para pedir reposición venció."
    CASE_IS_OPEN = "Ya hay un trámite abierto para este curso."
    OWN_REQUEST = "Quien pide una anulación no la resuelve."
    ANSWERED_ALREADY = "No se registró nada más."
    WRONG_STATE_TO_VOID = "Solo se anula de oficio un certificado emitido"
