"""The terms: local days across changes of hour, calendar days, working days with national and regional holidays."""

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest

from app.domain import deadlines
from app.domain.deadlines import Place, Term


def _utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "zone", "over_at"),
    [
        pytest.param("2026-06-10", "America/Santiago", "2026-06-11T04:00", id="a winter day ends at 04:00 UTC"),
        pytest.param("2026-01-10", "America/Santiago", "2026-01-11T03:00", id="a summer day ends at 03:00 UTC"),
        pytest.param("2026-09-05", "America/Santiago", "2026-09-06T04:00", id="the midnight that does not exist"),
        pytest.param("2026-04-04", "America/Santiago", "2026-04-05T04:00", id="the day whose last hour happens twice"),
        pytest.param("2026-09-05", "Pacific/Easter", "2026-09-06T05:00", id="Easter changes the hour at 22:00"),
        pytest.param("2026-06-10", "America/Coyhaique", "2026-06-11T03:00", id="Aysén keeps −03 in winter"),
        pytest.param("2026-06-10", "America/Punta_Arenas", "2026-06-11T03:00", id="Magallanes keeps −03 in winter"),
    ],
)
def test_a_local_day_is_over_at(day: str, zone: str, over_at: str) -> None:
    over = deadlines.end_of_local_day(date.fromisoformat(day), zone)

    assert over == _utc(over_at)
    assert over.tzinfo is UTC


def test_the_instant_before_the_end_still_belongs_to_the_day() -> None:
    over = deadlines.end_of_local_day(date(2026, 9, 5), "America/Santiago")

    assert deadlines.local_date(over.replace(hour=3, minute=59, second=59), "America/Santiago") == date(2026, 9, 5)
    assert deadlines.local_date(over, "America/Santiago") == date(2026, 9, 6)


def test_a_course_may_be_certified_from_the_local_day_after_its_end() -> None:
    assert deadlines.earliest_issue_at(date(2026, 6, 10), "America/Santiago") == _utc("2026-06-11T04:00")


def test_the_same_instant_is_already_tomorrow_in_magallanes() -> None:
    instant = _utc("2026-06-11T03:30")

    assert deadlines.local_date(instant, "America/Punta_Arenas") == date(2026, 6, 11)
    assert deadlines.local_date(instant, "America/Santiago") == date(2026, 6, 10)


def test_the_ordinary_window_is_sixty_calendar_days() -> None:
    assert deadlines.ordinary_window_ends_on(date(2026, 1, 1)) == date(2026, 3, 2)


def test_the_otic_has_forty_calendar_days() -> None:
    assert deadlines.otic_documents_due_on(date(2026, 1, 1)) == date(2026, 2, 10)


@pytest.mark.parametrize(
    ("start", "days", "region", "due"),
    [
        pytest.param("2026-06-01", 1, "13", "2026-06-02", id="the first day is the one after"),
        pytest.param("2026-06-05", 1, "13", "2026-06-08", id="a weekend is not counted"),
        pytest.param("2026-09-11", 5, "13", "2026-09-21", id="18 September is not counted"),
        pytest.param("2026-07-10", 5, "13", "2026-07-20", id="16 July is not counted"),
        pytest.param("2024-06-06", 1, "15", "2024-06-10", id="7 June is a holiday in Arica y Parinacota"),
        pytest.param("2024-06-06", 1, "13", "2024-06-07", id="7 June is a working day elsewhere"),
        pytest.param("2026-08-19", 1, "16", "2026-08-21", id="20 August is a holiday in Ñuble"),
        pytest.param("2026-08-19", 1, "08", "2026-08-20", id="20 August is a working day elsewhere"),
        pytest.param("2026-12-30", 2, "13", "2027-01-04", id="a bank holiday counts, a year's end does not"),
    ],
)
def test_a_term_of_working_days_ends_on(start: str, days: int, region: str, due: str) -> None:
    assert deadlines.add_working_days(date.fromisoformat(start), days, region) == date.fromisoformat(due)


def test_an_administrator_can_add_a_holiday() -> None:
    added = {date(2026, 6, 2)}

    assert deadlines.add_working_days(date(2026, 6, 1), 1, "13", added) == date(2026, 6, 3)


def test_a_term_of_no_days_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        deadlines.add_working_days(date(2026, 6, 1), 0, "13")


def test_a_term_in_no_region_is_refused() -> None:
    with pytest.raises(ValueError, match="99"):
        deadlines.add_working_days(date(2026, 6, 1), 1, "99")


def test_the_regional_direction_has_ten_days_and_a_reconsideration_five() -> None:
    assert (deadlines.DECISION_SLA_WORKING_DAYS, deadlines.DECISION_LIMIT_WORKING_DAYS) == (10, 20)
    assert deadlines.RECONSIDERATION_WORKING_DAYS == 5


SANTIAGO = Place("13", "America/Santiago")
HALF, MOST, WHOLE = Fraction(1, 2), Fraction(4, 5), Fraction(1)


@pytest.mark.parametrize(
    ("term", "share", "passed"),
    [
        pytest.param(Term(10), HALF, "2026-06-09T04:00", id="five days of ten are over when the sixth begins"),
        pytest.param(Term(10), MOST, "2026-06-12T04:00", id="eight of ten when the ninth begins"),
        pytest.param(Term(10), WHOLE, "2026-06-16T04:00", id="ten of ten when the next working day begins"),
        pytest.param(Term(5), HALF, "2026-06-04T16:00", id="half of five is noon of the third"),
        pytest.param(Term(1), MOST, "2026-06-02T23:12", id="80 % of one day is in its evening"),
        pytest.param(Term(4), WHOLE, "2026-06-08T04:00", id="a term that ends on a Friday has passed on the Monday"),
        pytest.param(Term(10, working=False), HALF, "2026-06-07T04:00", id="days of all kinds pass on Sundays too"),
        pytest.param(Term(10, working=False), WHOLE, "2026-06-12T04:00", id="and end when the last is over"),
    ],
)
def test_a_share_of_a_term_has_passed_at(term: Term, share: Fraction, passed: str) -> None:
    monday_afternoon = _utc("2026-06-01T19:00")

    assert term.passed_at(monday_afternoon, SANTIAGO, share) == _utc(passed)


def test_half_a_day_is_half_of_that_day_where_it_has_23_hours() -> None:
    friday, day = _utc("2026-09-04T15:00"), Term(3, working=False)

    assert day.passed_at(friday, SANTIAGO, HALF) == _utc("2026-09-06T04:00") + timedelta(hours=11.5)


PLACES = [
    SANTIAGO,
    Place("05", "Pacific/Easter"),
    Place("12", "America/Punta_Arenas"),
    Place("11", "America/Coyhaique"),
    Place("15", "America/Santiago", {date(2026, 6, 10), date(2027, 3, 4)}),
]


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.zone)
@pytest.mark.parametrize("days", [1, 3, 20])
def test_shares_come_in_order_on_working_days_and_the_whole_never_before_the_end(place: Place, days: int) -> None:
    term = Term(days)
    for hours in range(0, 366 * 24, 97):
        begun_at = _utc("2026-01-02T00:00") + timedelta(hours=hours)
        passed = [term.passed_at(begun_at, place, share) for share in (HALF, MOST, WHOLE)]
        told_on = [deadlines.local_date(at, place.zone) for at in passed]

        assert begun_at < passed[0] < passed[1] < term.ends_at(begun_at, place) <= passed[2]
        assert all(deadlines.is_working_day(day, place.region, place.extra_holidays) for day in told_on)


def test_the_term_itself_ends_in_the_night_after_its_last_day() -> None:
    assert Term(4).ends_at(_utc("2026-06-01T19:00"), SANTIAGO) == _utc("2026-06-06T04:00")


@pytest.mark.parametrize(
    ("after", "until", "days"),
    [
        pytest.param("2026-06-05", "2026-06-08", 1, id="Friday to Monday"),
        pytest.param("2026-06-05", "2026-06-07", 0, id="Friday to Sunday"),
        pytest.param("2026-06-05", "2026-06-05", 0, id="the same day"),
        pytest.param("2026-06-05", "2026-06-01", 0, id="nothing comes before"),
        pytest.param("2026-09-16", "2026-09-21", 2, id="the eighteenth does not count"),
    ],
)
def test_working_days_between(after: str, until: str, days: int) -> None:
    assert deadlines.working_days_between(date.fromisoformat(after), date.fromisoformat(until), "13") == days
