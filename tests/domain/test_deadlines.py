"""The terms: local days across changes of hour, calendar days, working days with national and regional holidays."""

from datetime import UTC, date, datetime

import pytest

from app.domain import deadlines


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
