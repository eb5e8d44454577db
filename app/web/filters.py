"""How values look on a page: dates and hours of the place, RUTs, percentages."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from flask import Flask

from app.domain.rut import Rut

SANTIAGO = "America/Santiago"


def local_date(instant: datetime | date, zone: str = SANTIAGO) -> str:
    """`30/11/2026`; an instant is told in the calendar of `zone`."""
    day = instant.astimezone(ZoneInfo(zone)) if isinstance(instant, datetime) else instant
    return f"{day:%d/%m/%Y}"


def local_time(instant: datetime, zone: str = SANTIAGO) -> str:
    """`09:14` on the wall clock of `zone`."""
    return f"{instant.astimezone(ZoneInfo(zone)):%H:%M}"


def local_moment(instant: datetime, zone: str = SANTIAGO) -> str:
    """`30/11/2026 a las 09:14`."""
    return f"{local_date(instant, zone)} a las {local_time(instant, zone)}"


def last_day(term_ends_at: datetime, zone: str = SANTIAGO) -> str:
    """`07/12/2026`: the last day of a term that is kept as the instant at which that day is over."""
    return local_date(term_ends_at - timedelta(microseconds=1), zone)


def screen_rut(rut: Rut) -> str:
    return rut.screen


def install(app: Flask) -> None:
    for convert in (local_date, local_time, local_moment, last_day, screen_rut):
        app.add_template_filter(convert)
