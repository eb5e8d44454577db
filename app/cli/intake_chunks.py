"""The chunks of a file on their way: the next one is read while the last ones are stored, two at a time where they may."""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import count, islice
from typing import NamedTuple

from app.services import intake
from app.services.intake import ChunkReport, Reading, Refused, Row, SourceFile

# Rows that wait for the rest of their file. More of them do not: a file in memory is what chunks are against.
HELD = 25_000


class Chunk(NamedTuple):
    """Rows of one file, read and not yet stored; `bytes` is how much of it they are.

    `after_all` are rows that were held until everything before them is stored.
    """

    number: int
    reading: Reading
    unreadable: list[Refused]
    bytes: int
    after_all: bool = False


def chunks(file: SourceFile, size: int) -> Iterator[Chunk]:
    """The file in chunks of `size` rows."""
    position = 0

    def advance(read: int) -> None:
        nonlocal position
        position += read

    rows, told, numbers = file.rows(advance), 0, count()
    held: dict[object, Row] = {}
    while taken := list(islice(rows, size)):
        good = [row for row in taken if isinstance(row, Row)]
        unreadable = [row for row in taken if isinstance(row, Refused)]
        reading = intake.read(file.kind, good, hold=True)
        if len(held) >= HELD or not held.keys().isdisjoint(reading.keys | reading.held.keys()):
            yield _held(file, held, next(numbers))
            held = {}
        held |= reading.held
        yield Chunk(next(numbers), reading, unreadable, position - told)
        told = position
    if held:
        yield _held(file, held, next(numbers))


def _held(file: SourceFile, held: dict[object, Row], number: int) -> Chunk:
    return Chunk(number, intake.read(file.kind, held.values()), [], 0, after_all=True)


def one_ahead(chunks: Iterator[Chunk]) -> Iterator[Chunk]:
    """The chunks, the next one being read in a thread while the caller works with this one."""
    with ThreadPoolExecutor(max_workers=1) as reader:
        coming = reader.submit(next, chunks, None)
        while (chunk := coming.result()) is not None:
            coming = reader.submit(next, chunks, None)
            yield chunk


def in_turn(
    stores: ThreadPoolExecutor,
    chunks: Iterator[Chunk],
    slots: Sequence[int | None],
    store: Callable[[Chunk, int | None], ChunkReport],
) -> Iterator[tuple[Chunk, ChunkReport]]:
    """Each chunk once it is stored, in order, as many at a time as there are slots.

    The first one goes alone: with no slot it waits until nothing is left of a load that was killed. One that has a key in
    common with the one before it waits for it, since the later record must find the earlier one stored.
    """
    waiting: deque[tuple[Chunk, Future[ChunkReport]]] = deque()
    for chunk in chunks:
        while waiting and (_must_wait(chunk, waiting[-1][0]) or len(waiting) == len(slots)):
            stored, report = waiting.popleft()
            yield stored, report.result()
        slot = slots[chunk.number % len(slots)] if chunk.number else None
        waiting.append((chunk, stores.submit(store, chunk, slot)))
    for stored, report in waiting:
        yield stored, report.result()


def _must_wait(chunk: Chunk, before: Chunk) -> bool:
    return before.number == 0 or chunk.after_all or not chunk.reading.keys.isdisjoint(before.reading.keys)
