"""The term of a waiting task in words: when it ends or since when it is over, in working days of the place."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from app.domain.deadlines import Place, local_date, working_days_between

# With so many working days left, or fewer, a term is about to end.
SOON = 2


@dataclass(frozen=True)
class Due:
    """`text` is empty where there is no term; `is_urgent` where it is over or about to be, which the text says too."""

    text: str = ""
    is_urgent: bool = False


def due_in_words(due_at: datetime | None, now: datetime, place: Place) -> Due:
    """The days of the end and of today are those of the place."""
    if due_at is None:
        return Due()
    # The term is kept as the instant at which its last day is over.
    last, today = local_date(due_at - timedelta(microseconds=1), place.zone), local_date(now, place.zone)
    if today > last:
        late = working_days_between(last, today, place.region, place.extra_holidays)
        return Due(f"Vencida hace {_days(late)}, el {last:%d/%m/%Y}" if late else f"Vencida el {last:%d/%m/%Y}", True)
    if today == last:
        return Due("Vence hoy", True)
    left = working_days_between(today, last, place.region, place.extra_holidays)
    words = f"el {last:%d/%m/%Y}, en {_days(left)}" if left else f"el {last:%d/%m/%Y}"
    return Due(f"Por vencer: {words}", True) if left <= SOON else Due(f"Vence {words}")


def _days(number: int) -> str:
    return "1 día hábil" if number == 1 else f"{number} días hábiles"
