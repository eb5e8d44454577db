"""How a policy is written down: plain JSON values, read back to the letter or refused."""

from collections.abc import Mapping
from datetime import timedelta
from enum import Enum
from fractions import Fraction
from typing import Any

from app.domain.terms import Line

MOST_SECONDS = 10**9
"""Above any grace, and well inside what a timedelta holds."""


class BadPolicyData(ValueError):
    """Data that is not a policy. Its text is for the person who wrote it."""


def plain(value: object) -> Any:
    """A field as JSON holds it: seconds, a fraction as `3/4`, an answer's value, thresholds by programme."""
    if isinstance(value, timedelta):
        return value // timedelta(seconds=1)
    if isinstance(value, Fraction):
        return str(value)
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, tuple):
        return {line.value: str(share) for line, share in value}
    return value


def parsed(data: Mapping[str, Any], types: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of `types`, each read from `data`. Raises BadPolicyData unless they are all there, and no other."""
    if missing := types.keys() - data.keys():
        raise BadPolicyData(f"Falta en la política: {', '.join(sorted(missing))}. Agréguelo.")
    if unknown := data.keys() - types.keys():
        raise BadPolicyData(f"No es un campo de la política: {', '.join(sorted(unknown))}. Quítelo.")
    return {name: _parse(name, data[name], of_type) for name, of_type in types.items()}


def _parse(name: str, value: Any, of_type: Any) -> Any:
    # JSON has no whole-number type of its own and Python calls True an int: the exact type is asked for.
    if of_type is timedelta and type(value) is int and abs(value) <= MOST_SECONDS:
        return timedelta(seconds=value)
    if of_type is Fraction and type(value) is str:
        return _fraction(name, value)
    if of_type is str and type(value) is str:
        return value
    if isinstance(of_type, type) and issubclass(of_type, Enum) and value in [member.value for member in of_type]:
        return of_type(value)
    if name == "programme_thresholds" and type(value) is dict and all(line in list(Line) for line in value):
        return tuple((Line(line), _fraction(name, share)) for line, share in value.items())
    raise BadPolicyData(f"La política no admite {name} = {value!r}. Corríjalo.")


def _fraction(name: str, value: Any) -> Fraction:
    try:
        fraction = Fraction(value)
    except (ValueError, TypeError, ZeroDivisionError):
        raise BadPolicyData(f"La política necesita una fracción en {name}, no {value!r}. Corríjala.") from None
    # One way to write each value, so that two rows of one policy are equal to the letter.
    if str(fraction) != value:
        raise BadPolicyData(f"La fracción {value!r} de {name} se escribe {fraction}. Corríjala.")
    return fraction
