"""From time credited to the figure of a certificate: its exact share of the hours, and what is shown of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from math import floor

from app.domain.attendance_credit import Block
from app.domain.attendance_policy import AttendancePolicy, Denominator, Rounding
from app.domain.intervals import Interval, total

HALF = Fraction(1, 2)
MICROSECOND = timedelta(microseconds=1)
MICROSECONDS_AN_HOUR = 3_600_000_000


@dataclass(frozen=True)
class Figure:
    """Time credited and its exact share of the hours; `rounding` touches only what is shown of the share."""

    credited: timedelta
    ratio: Fraction
    rounding: Rounding = Rounding.TRUNCATED

    @property
    def seconds(self) -> int:
        return self.credited // timedelta(seconds=1)

    @property
    def percentage(self) -> Decimal:
        return Decimal(self._whole(self.ratio * 10_000)).scaleb(-2)

    @property
    def shown(self) -> int:
        return self._whole(self.ratio * 100)

    def reaches(self, threshold: Fraction) -> bool:
        """Compares the exact share: 74.999 % does not reach 75 %."""
        return self.ratio >= threshold

    def _whole(self, exact: Fraction) -> int:
        return floor(exact + HALF) if self.rounding is Rounding.HALF_UP else floor(exact)


def figure_of(credited: Iterable[Interval], hours: Fraction, policy: AttendancePolicy) -> Figure:
    """What the credited time of all classes makes of `hours`, overlaps counted once; nothing of no hours is nothing."""
    time = total(credited)
    share = Fraction(time // MICROSECOND) / (hours * MICROSECONDS_AN_HOUR) if hours else Fraction(0)
    return Figure(credited=time, ratio=min(share, policy.cap), rounding=policy.rounding)


def hours_divided_by(hours: Fraction, blocks: Iterable[Block], policy: AttendancePolicy) -> Fraction:
    """The hours the percentages refer to: the course's, or those held in its blocks, overlaps counted once."""
    if policy.denominator is Denominator.ACCREDITED_HOURS:
        return hours
    held = total(part for block in blocks for part in block.held)
    return Fraction(held // MICROSECOND, MICROSECONDS_AN_HOUR)
