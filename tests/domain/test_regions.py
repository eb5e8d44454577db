"""The sixteen regions and their zones."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import holidays
import pytest

from app.domain.regions import Region, zone_of


def test_there_are_sixteen_regions_with_codes_of_two_digits() -> None:
    assert sorted(region.value for region in Region) == [f"{code:02d}" for code in range(1, 17)]


def test_a_region_is_found_by_its_code() -> None:
    assert Region("13").label == "Metropolitana de Santiago"


def test_a_code_that_is_no_region_is_refused() -> None:
    with pytest.raises(ValueError, match="99"):
        zone_of("99")


@pytest.mark.parametrize(
    ("region", "commune", "zone"),
    [
        ("13", "Santiago", "America/Santiago"),
        ("11", "Coyhaique", "America/Coyhaique"),
        ("12", "Punta Arenas", "America/Punta_Arenas"),
        ("05", "Valparaíso", "America/Santiago"),
        ("05", "Isla de Pascua", "Pacific/Easter"),
        ("05", " ISLA DE  PASCUA ", "Pacific/Easter"),
        ("15", "", "America/Santiago"),
    ],
)
def test_a_place_has_its_zone(region: str, commune: str, zone: str) -> None:
    assert zone_of(region, commune) == zone


def test_aysen_and_magallanes_keep_summer_time_in_winter() -> None:
    winter = datetime(2026, 7, 1, 12, tzinfo=UTC)

    hours = {region: winter.astimezone(ZoneInfo(region.zone)).hour for region in Region}

    assert {region for region, hour in hours.items() if hour == 9} == {Region.AYSEN, Region.MAGALLANES}


def test_each_region_has_holidays_of_its_own() -> None:
    assert {region.holiday_code for region in Region} == set(holidays.country_holidays("CL").subdivisions)
