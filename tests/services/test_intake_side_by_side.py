"""Which chunks of a file may be stored at the same time."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from app.cli.intake_chunks import Chunk, in_turn
from app.services.intake import MARKS, SLOTS, ChunkReport, Reading

Store = Callable[[Chunk, int | None], ChunkReport]


def stored(keys: list[set[object]], store: Store, slots: tuple[int | None, ...] = SLOTS) -> list[int]:
    """The numbers of the chunks with these keys, in the order in which they were told as stored."""
    chunks = (Chunk(number, Reading(MARKS, keys=own), [], 0) for number, own in enumerate(keys))
    with ThreadPoolExecutor(len(slots)) as stores:
        return [chunk.number for chunk, _ in in_turn(stores, chunks, slots, store)]


class Watched:
    """A store that takes a moment and writes down what began and ended."""

    def __init__(self) -> None:
        self.events: list[str] = []

    def __call__(self, chunk: Chunk, slot: int | None) -> ChunkReport:
        self.events.append(f"{chunk.number} begins in {slot}")
        time.sleep(0.05)
        self.events.append(f"{chunk.number} ends")
        return ChunkReport("marks")


def test_two_chunks_without_a_common_key_are_stored_at_the_same_time() -> None:
    both = Barrier(2, timeout=30)

    def meet(chunk: Chunk, slot: int | None) -> ChunkReport:
        if chunk.number:
            both.wait()
        return ChunkReport("marks")

    assert stored([{"a"}, {"b"}, {"c"}], meet) == [0, 1, 2]


def test_a_chunk_waits_for_the_one_before_it_with_a_key_in_common() -> None:
    watched = Watched()
    stored([{"a"}, {"b"}, {"b", "c"}], watched)

    assert watched.events.index("1 ends") < watched.events.index("2 begins in 0")


def test_the_first_chunk_goes_alone_and_waits_for_every_slot() -> None:
    watched = Watched()
    stored([{"a"}, {"b"}], watched)

    assert watched.events[:3] == ["0 begins in None", "0 ends", "1 begins in 1"]


def test_with_one_place_chunks_go_one_by_one() -> None:
    watched = Watched()
    stored([{"a"}, {"b"}, {"c"}], watched, slots=(None,))

    assert [event.split()[0] for event in watched.events] == list("001122")


def test_rows_that_were_held_wait_for_all_before_them() -> None:
    watched = Watched()
    chunks = (Chunk(number, Reading(MARKS), [], 0, after_all=number == 3) for number in range(4))
    with ThreadPoolExecutor(len(SLOTS)) as stores:
        list(in_turn(stores, chunks, SLOTS, watched))

    assert watched.events.index("2 ends") < watched.events.index("3 begins in 1")
    assert watched.events.index("1 ends") < watched.events.index("3 begins in 1")
