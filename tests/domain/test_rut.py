"""How a RUT is read, checked, written and hidden."""

import pytest

from app.domain.rut import InvalidRut, Rut

HANDBOOK = [
    *["11111111-1", "12345678-5", "5126663-3", "1-9", "9-4", "1000005-K"],
    *["11111109-K", "76000006-K", "1000013-0", "76000000-0", "100000000-7"],
]


@pytest.mark.parametrize("text", HANDBOOK)
def test_a_valid_rut_reads_and_writes_back(text: str) -> None:
    assert Rut.parse(text).wire == text
    assert Rut.parse(Rut.parse(text).screen).wire == text


@pytest.mark.parametrize("text", HANDBOOK)
def test_the_check_digit_follows_from_the_body(text: str) -> None:
    assert Rut.from_body(int(text.split("-")[0])).wire == text


@pytest.mark.parametrize(
    "text", ["1000005-K", "1000005-k", "1.000.005-k", "1000005k", " 1 000 005 K ", "01000005-K", "1.000.005–K"]
)
def test_people_write_it_in_many_ways(text: str) -> None:
    assert Rut.parse(text) == Rut(1_000_005, "K")


@pytest.mark.parametrize(
    "text",
    [
        *["", "-", "K", "12345678-4", "12345678-K", "0-0", "ABC", "12345678-", "1234567-85", "12345678--5"],
        *["CL12345678-5", "1000000000-0", "9" * 40, "12345678-5 12345678-5", "١٢٣٤٥٦٧٨-٥", "12.345.678-5<b>"],
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(InvalidRut):
        Rut.parse(text)


def test_a_refusal_does_not_repeat_what_was_typed() -> None:
    with pytest.raises(InvalidRut) as refused:
        Rut.parse("12345678-4")

    assert "12345678" not in str(refused.value)
    assert "12.345.678-4" not in str(refused.value)


def test_a_rut_whose_check_digit_is_wrong_cannot_exist() -> None:
    with pytest.raises(InvalidRut):
        Rut(12_345_678, "6")


def test_the_screen_groups_by_thousands() -> None:
    assert Rut.parse("12345678-5").screen == "12.345.678-5"


def test_a_masked_rut_shows_three_digits_and_no_check_digit() -> None:
    assert Rut.parse("12345678-5").masked == "**.***.678-*"


def test_a_very_short_rut_is_masked_whole() -> None:
    assert Rut.parse("9-4").masked == "**.***.***-*"
