"""The code of a certificate: read however people type it, and a mistake is told before anybody looks it up."""

import pytest

from app.domain.document import grouped_code
from app.domain.verification_code import LENGTH, SYMBOLS, MistypedCode, check_symbol, new_code, read_code

CODE = "7F3K9QWM2XRT4BCD8HJN5PVY6Z8"


def test_a_new_code_is_one_and_never_the_same() -> None:
    codes = {new_code() for _ in range(200)}

    assert len(codes) == 200
    assert all(read_code(code) == code and len(code) == LENGTH == 27 for code in codes)


@pytest.mark.parametrize(
    "typed",
    [
        *(CODE, CODE.lower(), grouped_code(CODE), f"  {grouped_code(CODE)}\n", grouped_code(CODE).replace("-", " ")),
        *(grouped_code(CODE).replace("-", "\N{EN DASH}"), grouped_code(CODE).replace("-", ". ")),
    ],
)
def test_a_code_is_read_however_its_groups_are_typed(typed: str) -> None:
    assert read_code(typed) == CODE


def test_letters_that_no_code_has_are_read_as_what_they_look_like() -> None:
    code = "01" * 13 + check_symbol("01" * 13)

    assert read_code(code.replace("0", "O").replace("1", "l")) == read_code(code.replace("1", "I")) == code


def test_any_single_wrong_symbol_is_noticed() -> None:
    wrong = [CODE[:place] + symbol + CODE[place + 1 :] for place in range(LENGTH) for symbol in SYMBOLS]

    assert [code for code in wrong if code != CODE and _is_read(code)] == []


def test_two_neighbours_that_changed_places_are_noticed() -> None:
    swapped = [CODE[:at] + CODE[at + 1] + CODE[at] + CODE[at + 2 :] for at in range(LENGTH - 1)]

    assert [code for code in swapped if code != CODE and _is_read(code)] == []


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("", "Escriba el código que está en el certificado"),
        (" - . ", "Escriba el código que está en el certificado"),
        (CODE[:-2], "usted escribió 25: faltan 2."),
        (CODE + "0", "usted escribió 28: sobran 1."),
        (CODE[:-1] + "9", "Alguna letra o número no calza."),
        (CODE[:-1] + "U", "Hay un signo («U») que ningún código tiene."),
        (CODE[:-1] + "\x00", "Hay un signo que ningún código tiene."),
        ("A" * 100_000, "sobran 173."),
    ],
    ids=["nothing", "only what parts groups", "short", "long", "wrong", "strange", "invisible", "very long"],
)
def test_a_mistake_is_told_with_what_to_look_at(typed: str, told: str) -> None:
    with pytest.raises(MistypedCode) as mistyped:
        read_code(typed)

    assert told in str(mistyped.value)


def _is_read(code: str) -> bool:
    try:
        read_code(code)
    except MistypedCode:
        return False
    return True
