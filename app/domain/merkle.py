"""The Merkle tree of RFC 6962: its root, and proofs that something is in it and that it only ever grew.

A tree is read through its nodes: complete subtrees, each named by its level (0 is the leaves) and its number from the left.
They never change once they are there, so whoever keeps them appends and proves by reading a handful of them.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence

Node = tuple[int, int]
"""Level and number: the complete subtree over the leaves `number * 2**level` up to `(number + 1) * 2**level`."""
Span = tuple[int, int]
"""The leaves from the first number up to, and without, the second."""

EMPTY_ROOT = hashlib.sha256().digest()


def leaf_hash(data: bytes) -> bytes:
    """RFC 6962 §2.1: leaves and nodes are hashed apart, so that no node passes for a leaf."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def whole(size: int) -> list[Span]:
    """What a root covers; nothing in an empty tree."""
    return [(0, size)] if size else []


def inclusion_spans(index: int, size: int) -> list[Span]:
    """What the steps of the proof that leaf `index` is in a tree of `size` cover, from the leaf up. RFC 6962 §2.1.1."""
    if not 0 <= index < size:
        raise ValueError(f"There is no leaf {index} in a tree of {size}.")
    return _path(index, (0, size))


def consistency_spans(first: int, second: int) -> list[Span]:
    """What the steps of the proof that the tree of `second` continues that of `first` cover. RFC 6962 §2.1.2."""
    if not 0 < first <= second:
        raise ValueError(f"A tree of {second} does not continue one of {first}.")
    return _grown(first, (0, second), is_known=True)


def nodes_of(spans: Iterable[Span]) -> set[Node]:
    """The nodes that `hashes` needs for these spans: a few per level, however large the tree."""
    return {node for span in spans for node in _parts(span)}


def hashes(spans: Iterable[Span], nodes: Mapping[Node, bytes]) -> list[bytes]:
    """The hash over each span, from the nodes of `nodes_of`. Raises KeyError if one is missing."""
    return [_hash_of(span, nodes) for span in spans]


def root(size: int, nodes: Mapping[Node, bytes]) -> bytes:
    return _hash_of((0, size), nodes) if size else EMPTY_ROOT


def appended(size: int, leaves: Sequence[bytes], nodes: Mapping[Node, bytes]) -> dict[Node, bytes]:
    """The nodes that these leaf hashes complete behind the first `size`, leaves included; `nodes` those of `whole(size)`."""
    made: dict[Node, bytes] = {}
    for index, leaf in enumerate(leaves, start=size):
        level, number = 0, index
        made[level, number] = current = leaf
        while number % 2:
            left = (level, number - 1)
            current = node_hash(made[left] if left in made else nodes[left], current)
            level, number = level + 1, number // 2
            made[level, number] = current
    return made


def proves_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], tree_root: bytes) -> bool:
    """Whether the proof leads from the leaf's hash to the root. RFC 9162 §2.1.3.2; knows nothing of what made the proof."""
    if not 0 <= index < size:
        return False
    number, last, current = index, size - 1, leaf
    for step in proof:
        if last == 0:
            return False
        if number % 2 or number == last:
            current = node_hash(step, current)
            while not number % 2 and number:
                number, last = number // 2, last // 2
        else:
            current = node_hash(current, step)
        number, last = number // 2, last // 2
    return last == 0 and current == tree_root


def proves_consistency(first: int, second: int, proof: Sequence[bytes], first_root: bytes, second_root: bytes) -> bool:
    """Whether the proof shows that the second tree is the first with leaves added behind. RFC 9162 §2.1.4.2."""
    if not 0 < first <= second:
        return False
    if first == second:
        return not proof and first_root == second_root
    # A first tree that is one complete subtree is its own first step, and is not sent.
    steps = [first_root, *proof] if first & (first - 1) == 0 else list(proof)
    number, last = first - 1, second - 1
    while number % 2:
        number, last = number // 2, last // 2
    return bool(steps) and _meets(steps, number, last, first_root, second_root)


def _meets(steps: list[bytes], number: int, last: int, first_root: bytes, second_root: bytes) -> bool:
    older = newer = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if number % 2 or number == last:
            older, newer = node_hash(step, older), node_hash(step, newer)
            while not number % 2 and number:
                number, last = number // 2, last // 2
        else:
            newer = node_hash(newer, step)
        number, last = number // 2, last // 2
    return last == 0 and (older, newer) == (first_root, second_root)


def _split(span: Span) -> tuple[Span, Span]:
    """A span of two leaves or more, parted after the largest power of two that leaves something on the right."""
    start, end = span
    middle = start + (1 << (end - start - 1).bit_length() - 1)
    return (start, middle), (middle, end)


def _path(index: int, span: Span) -> list[Span]:
    if span[1] - span[0] == 1:
        return []
    left, right = _split(span)
    return [*_path(index, left), right] if index < left[1] else [*_path(index, right), left]


def _grown(first: int, span: Span, *, is_known: bool) -> list[Span]:
    """`is_known`: the span is all of the first tree, so whoever checks has its hash already."""
    if first == span[1]:
        return [] if is_known else [span]
    left, right = _split(span)
    if first <= left[1]:
        return [*_grown(first, left, is_known=is_known), right]
    return [*_grown(first, right, is_known=False), left]


def _parts(span: Span) -> list[Node]:
    node = _as_node(span)
    return [node] if node else [part for half in _split(span) for part in _parts(half)]


def _hash_of(span: Span, nodes: Mapping[Node, bytes]) -> bytes:
    node = _as_node(span)
    return nodes[node] if node else node_hash(*(_hash_of(half, nodes) for half in _split(span)))


def _as_node(span: Span) -> Node | None:
    """The node over exactly this span; None if it is not one complete subtree. Spans begin where a subtree of theirs would."""
    start, end = span
    length = end - start
    return None if length & (length - 1) else (length.bit_length() - 1, start // length)
