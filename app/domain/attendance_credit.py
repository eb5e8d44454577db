"""What the marks of one participant are worth, class by class, under a policy."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from zoneinfo import ZoneInfo

from app.domain.attendance_pairing import Pair, Remark, pair
from app.domain.attendance_policy import AttendancePolicy, GracePer, LateEntry, SharedClass
from app.domain.attendance_records import AttendanceFlag, ClassHeld, Mark
from app.domain.intervals import Interval, cut, total, unite

NO_GRACE = timedelta()


class Arrival(Enum):
    """How an entry stands to the start of the block it is measured against."""

    EARLY = "early"
    ON_THE_DOT = "on_the_dot"
    WITHIN_THE_GRACE = "within_the_grace"
    LATE = "late"
    RETURN = "return"


@dataclass(frozen=True)
class Block:
    """Time held that has one start: a whole class, or one facilitator's part of it, as the policy says."""

    started_at: datetime
    held: tuple[Interval, ...]

    @property
    def ended_at(self) -> datetime:
        return self.held[-1].end


@dataclass(frozen=True)
class BlockStay:
    """What one entry and exit are worth in one block."""

    block: Block
    arrival: Arrival
    credited: tuple[Interval, ...]


@dataclass(frozen=True)
class Stay:
    """One entry with its exit as marked, and the time of it that counts."""

    pair: Pair
    in_blocks: tuple[BlockStay, ...]
    credited: tuple[Interval, ...]

    @property
    def marked(self) -> Interval:
        return self.pair.marked

    @property
    def grace_applied(self) -> bool:
        return any(stay.arrival is Arrival.WITHIN_THE_GRACE for stay in self.in_blocks)


@dataclass(frozen=True)
class ClassCredit:
    """What one set of marks is worth in one class; `grace` is what the class had left to give."""

    marks: tuple[Mark, ...]
    stays: tuple[Stay, ...]
    credited: tuple[Interval, ...]
    remarks: tuple[Remark, ...]
    flags: tuple[AttendanceFlag, ...]
    grace: timedelta

    @property
    def seconds(self) -> int:
        return total(self.credited) // timedelta(seconds=1)

    @property
    def grace_applied(self) -> bool:
        return any(stay.grace_applied for stay in self.stays)


def blocks_of(class_held: ClassHeld, policy: AttendancePolicy) -> tuple[Block, ...]:
    """The class as the policy groups it, in order of start; what is still open is no block yet."""
    if policy.shared_class is SharedClass.UNION:
        return (Block(class_held.started_at, class_held.held),) if class_held.held else ()
    closed = sorted(Interval(f.started_at, f.ended_at) for f in class_held.facilitators if f.ended_at is not None)
    return tuple(Block(interval.start, (interval,)) for interval in closed)


def credit_classes(
    classes: Sequence[ClassHeld],
    blocks: Sequence[tuple[Block, ...]],
    marks: Sequence[tuple[Mark, ...]],
    policy: AttendancePolicy,
    *,
    zone: str | None,
) -> tuple[ClassCredit, ...]:
    """The credit of each class, whose blocks and whose marks, in order of time, stand at the same place in their lists.

    `zone` says what a day is, to a policy that asks.
    """
    paired = [pair(of_class) for of_class in marks]
    graces = _graces(classes, [pairs for pairs, _ in paired], policy, zone)
    return tuple(
        _credit(own_blocks, of_class, pairs, remarks, policy.late_entry, grace, is_closed=bool(class_held.held))
        for class_held, own_blocks, of_class, (pairs, remarks), grace in zip(
            classes, blocks, marks, paired, graces, strict=True
        )
    )


def _graces(
    classes: Sequence[ClassHeld], pairs: Sequence[tuple[Pair, ...]], policy: AttendancePolicy, zone: str | None
) -> list[timedelta]:
    """The grace each class has to give: where it is given once a day, only the day's first entry finds it."""
    if policy.grace_per is GracePer.CLASS:
        return [policy.grace] * len(classes)
    if zone is None:
        raise ValueError(f"Policy {policy.policy_id} gives the grace once a day: the zone of the place is needed")
    days = [_local_day(class_held, zone) for class_held in classes]
    taken_by: dict[date, int] = {}
    for _, index in sorted((of_class[0].marked.start, index) for index, of_class in enumerate(pairs) if of_class):
        taken_by.setdefault(days[index], index)
    return [policy.grace if taken_by.get(day, index) == index else NO_GRACE for index, day in enumerate(days)]


def _local_day(class_held: ClassHeld, zone: str) -> date:
    return class_held.started_at.astimezone(ZoneInfo(zone)).date()


def _credit(
    blocks: tuple[Block, ...],
    marks: tuple[Mark, ...],
    pairs: tuple[Pair, ...],
    remarks: tuple[Remark, ...],
    late_entry: LateEntry,
    grace: timedelta,
    *,
    is_closed: bool,
) -> ClassCredit:
    by_block = [_in_block(pairs, block, late_entry, grace) for block in blocks]
    stays = tuple(_whole(own, tuple(block[n] for block in by_block)) for n, own in enumerate(pairs))
    credited = stays[0].credited if len(stays) == 1 else unite(part for stay in stays for part in stay.credited)
    unclosed = [] if is_closed else [AttendanceFlag.CLASS_NOT_CLOSED]
    flags = flags_in_order([*unclosed, *(remark.flag for remark in remarks)])
    return ClassCredit(marks=marks, stays=stays, credited=credited, remarks=remarks, flags=flags, grace=grace)


def _whole(own: Pair, in_blocks: tuple[BlockStay, ...]) -> Stay:
    if len(in_blocks) == 1:
        return Stay(own, in_blocks, in_blocks[0].credited)
    return Stay(own, in_blocks, unite(part for stay in in_blocks for part in stay.credited))


def _in_block(pairs: Sequence[Pair], block: Block, late_entry: LateEntry, grace: timedelta) -> list[BlockStay]:
    """What each pair is worth in `block`; the grace and its end are for the first of them, its last second included."""
    stays = [_stay(own, block, late_entry, grace, is_first=n == 0) for n, own in enumerate(pairs)]
    if late_entry is LateEntry.NO_CREDIT and stays and stays[0].arrival is Arrival.LATE:
        return [BlockStay(block, stay.arrival, ()) for stay in stays]
    return stays


def _stay(own: Pair, block: Block, late_entry: LateEntry, grace: timedelta, *, is_first: bool) -> BlockStay:
    marked, start = own.marked, block.started_at
    arrival = _arrival(marked.start, start, grace, is_first=is_first)
    counted_from = marked.start
    if arrival is Arrival.WITHIN_THE_GRACE:
        counted_from = start
    elif late_entry is LateEntry.REDUCED_BY_THE_GRACE and arrival is Arrival.LATE and marked.start < block.ended_at:
        # Who comes when it is over was not late but absent.
        counted_from = marked.start - grace
    return BlockStay(block, arrival, cut(Interval(counted_from, marked.end), to=block.held))


def _arrival(entered_at: datetime, start: datetime, grace: timedelta, *, is_first: bool) -> Arrival:
    if entered_at < start:
        return Arrival.EARLY
    if entered_at == start:
        return Arrival.ON_THE_DOT
    if not is_first:
        return Arrival.RETURN
    return Arrival.WITHIN_THE_GRACE if entered_at <= start + grace else Arrival.LATE


def flags_in_order(flags: Iterable[AttendanceFlag]) -> tuple[AttendanceFlag, ...]:
    return tuple(sorted(set(flags)))
