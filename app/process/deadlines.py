"""Deadlines of diagrams: an expression such as plazo_habil(10) becomes one instant, computed by the domain's calendar."""

from datetime import datetime, timedelta

from app.domain.deadlines import add_working_days, end_of_local_day, local_date
from app.process import expressions


def due_at(deadline: str, *, opened_at: datetime, region: str, zone: str) -> datetime | None:
    """The instant at which the term's last local day is over; None where the diagram sets no deadline."""
    if not deadline:
        return None
    opened_on = local_date(opened_at, zone)
    functions = {
        "plazo_habil": lambda days: add_working_days(opened_on, days, region),
        "plazo_corrido": lambda days: opened_on + timedelta(days=days),
    }
    return end_of_local_day(expressions.evaluate(deadline, {}, functions), zone)  # type: ignore[arg-type]
