"""RUTs in SQL: the check digit of a body, how one is printed, and what looks like one in a text."""

# Right to left by 2, 3, 4, 5, 6, 7 cyclically. Source: domain handbook §3.
_WEIGHTS = (2, 3, 4, 5, 6, 7, 2, 3, 4)

# With its dots or its hyphen: digits alone may be the code of a course.
LIKE_A_RUT = r"(^|[^\w.-])(\d{1,3}([.]\d{3}){2}-?|\d{6,9}-)[\dkK]($|[^\w-])"


def check_digit_of(body: str) -> str:
    """The expression for the check digit of `body`, an expression for a number of nine digits at most."""
    weighed = " + ".join(f"({body}) / {10**place} % 10 * {weight}" for place, weight in enumerate(_WEIGHTS))
    # One sign for each of 11 - sum mod 11, which is 1 to 11.
    return f"substr('123456789K0', (11 - ({weighed}) % 11)::int, 1)"


def rut_of(row: str) -> str:
    """The expression for the printed RUT of `row`, a person or an organisation."""
    return f"(replace(to_char({row}.rut_body, 'FM999,999,999'), ',', '.') || '-' || {row}.check_digit)"
