"""How a folio is written and read."""

import pytest

from app.domain.folio import Folio


def test_a_folio_is_its_number_and_year() -> None:
    assert str(Folio(12, 2026)) == "12-2026"


def test_a_folio_reads_back() -> None:
    assert Folio.parse(" 12-2026 ") == Folio(12, 2026)


@pytest.mark.parametrize("text", ["", "12", "0-2026", "012-2026", "12-26", "12-20266", "-1-2026", "12/2026", "a-2026"])
def test_anything_else_is_no_folio(text: str) -> None:
    with pytest.raises(ValueError, match="folio"):
        Folio.parse(text)


@pytest.mark.parametrize(("number", "year"), [(0, 2026), (-1, 2026), (1, 26)])
def test_an_impossible_folio_cannot_exist(number: int, year: int) -> None:
    with pytest.raises(ValueError, match="folio"):
        Folio(number, year)
