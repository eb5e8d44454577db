"""The tree read through its nodes is the one RFC 6962 defines over all its leaves, at every size and in every proof."""

from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain import merkle
from app.domain.merkle import Node, leaf_hash, node_hash

quick = settings(max_examples=200, deadline=None, database=None, derandomize=True)
# No two alike, or a leaf would rightly be proven to stand where the other one does.
ENTRIES = [number.to_bytes(2, "big") for number in range(70)]
TREES = st.integers(1, len(ENTRIES)).map(lambda size: ENTRIES[:size])


@st.composite
def leaf_of_tree(draw: st.DrawFn) -> tuple[int, list[bytes]]:
    """A tree and the number of a leaf in it."""
    entries = draw(TREES)
    return draw(st.integers(0, len(entries) - 1)), entries


def tree_hash(entries: Sequence[bytes]) -> bytes:
    """MTH(D[n]) as §2.1 writes it."""
    if len(entries) == 1:
        return leaf_hash(entries[0])
    k = largest_power_below(len(entries))
    return node_hash(tree_hash(entries[:k]), tree_hash(entries[k:]))


def path(m: int, entries: Sequence[bytes]) -> list[bytes]:
    """PATH(m, D[n]) as §2.1.1 writes it."""
    if len(entries) == 1:
        return []
    k = largest_power_below(len(entries))
    if m < k:
        return [*path(m, entries[:k]), tree_hash(entries[k:])]
    return [*path(m - k, entries[k:]), tree_hash(entries[:k])]


def subproof(m: int, entries: Sequence[bytes], known: bool) -> list[bytes]:
    """SUBPROOF(m, D[n], b) as §2.1.2 writes it."""
    n = len(entries)
    if m == n:
        return [] if known else [tree_hash(entries)]
    k = largest_power_below(n)
    if m <= k:
        return [*subproof(m, entries[:k], known), tree_hash(entries[k:])]
    return [*subproof(m - k, entries[k:], False), tree_hash(entries[:k])]


def largest_power_below(n: int) -> int:
    k = 1
    while k * 2 < n:
        k *= 2
    return k


def nodes(entries: Sequence[bytes]) -> dict[Node, bytes]:
    return merkle.appended(0, [leaf_hash(entry) for entry in entries], {})


@quick
@given(TREES, st.lists(st.integers(1, 9), max_size=30))
def test_leaves_appended_bit_by_bit_make_the_same_tree(entries: list[bytes], bites: list[int]) -> None:
    kept: dict[Node, bytes] = {}
    size = 0
    for bite in [*bites, len(entries)]:
        behind = [leaf_hash(entry) for entry in entries[size : size + bite]]
        # Nothing else is read than the nodes that stand for all that is there.
        frontier = {node: kept[node] for node in merkle.nodes_of(merkle.whole(size))}
        kept |= merkle.appended(size, behind, frontier)
        size += len(behind)

    assert kept == nodes(entries)
    assert merkle.root(size, kept) == tree_hash(entries)


@quick
@given(leaf_of_tree())
def test_an_inclusion_proof_is_as_defined_and_proves(at: tuple[int, list[bytes]]) -> None:
    index, entries = at

    proof = merkle.hashes(merkle.inclusion_spans(index, len(entries)), nodes(entries))

    assert proof == path(index, entries)
    assert merkle.proves_inclusion(leaf_hash(entries[index]), index, len(entries), proof, tree_hash(entries))


@quick
@given(leaf_of_tree())
def test_a_consistency_proof_is_as_defined_and_proves(at: tuple[int, list[bytes]]) -> None:
    first, entries = at[0] + 1, at[1]

    proof = merkle.hashes(merkle.consistency_spans(first, len(entries)), nodes(entries))

    assert proof == subproof(first, entries, True)
    assert merkle.proves_consistency(first, len(entries), proof, tree_hash(entries[:first]), tree_hash(entries))


@quick
@given(leaf_of_tree(), st.data())
def test_an_inclusion_proof_that_was_touched_proves_nothing(at: tuple[int, list[bytes]], data: st.DataObject) -> None:
    index, entries = at
    proof = data.draw(st.sampled_from(touched(path(index, entries))))

    assert not merkle.proves_inclusion(leaf_hash(entries[index]), index, len(entries), proof, tree_hash(entries))


@quick
@given(leaf_of_tree(), st.data())
def test_a_consistency_proof_that_was_touched_proves_nothing(at: tuple[int, list[bytes]], data: st.DataObject) -> None:
    first, entries = at[0] + 1, at[1]
    proof = data.draw(st.sampled_from(touched(subproof(first, entries, True))))

    assert not merkle.proves_consistency(first, len(entries), proof, tree_hash(entries[:first]), tree_hash(entries))


@quick
@given(leaf_of_tree(), st.integers(0, 200))
def test_a_leaf_is_proven_in_its_own_place_only(at: tuple[int, list[bytes]], other: int) -> None:
    index, entries = at
    leaf, proof, tree_root = leaf_hash(entries[index]), path(index, entries), tree_hash(entries)

    assert merkle.proves_inclusion(leaf, other, len(entries), proof, tree_root) is (other == index)
    # The signed head says the size; a much larger one does not fit the proof either.
    assert not merkle.proves_inclusion(leaf, index, 2 * len(entries), proof, tree_root)


@quick
@given(leaf_of_tree())
def test_a_proof_that_does_not_fit_the_size_proves_nothing(at: tuple[int, list[bytes]]) -> None:
    """Not even to the root that it leads to."""
    index, entries, size = *at, len(at[1])
    more, first_root, tree_root = bytes(32), tree_hash(entries[: index + 1]), tree_hash(entries)
    beyond, proof = node_hash(more, tree_root), subproof(index + 1, entries, True)

    assert not merkle.proves_inclusion(leaf_hash(entries[index]), index, size, [*path(index, entries), more], beyond)
    assert not merkle.proves_consistency(index + 1, size, [*proof, more], node_hash(more, first_root), beyond)
    assert not merkle.proves_consistency(index + 1, 2 * size, proof, first_root, tree_root)


@quick
@given(leaf_of_tree(), st.integers(0, len(ENTRIES) - 1))
def test_a_tree_rewritten_within_continues_nothing(at: tuple[int, list[bytes]], where: int) -> None:
    first, entries = at[0] + 1, at[1]
    rewritten = [*entries]
    rewritten[where % first] = b"another"
    proof = subproof(first, rewritten, True)

    assert not merkle.proves_consistency(first, len(entries), proof, tree_hash(entries[:first]), tree_hash(rewritten))


@quick
@given(st.integers(1, 2**40), st.data())
def test_a_proof_needs_a_few_nodes_a_level_however_large_the_tree(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    levels = size.bit_length()

    assert len(merkle.nodes_of(merkle.inclusion_spans(index, size))) <= 2 * levels
    assert len(merkle.nodes_of(merkle.consistency_spans(index + 1, size))) <= 2 * levels
    assert len(merkle.nodes_of(merkle.whole(size))) <= levels


def touched(proof: list[bytes]) -> list[list[bytes]]:
    """A bit flipped in each step, a step too many, a step too few."""
    flipped = [[*proof[:at], bytes([step[0] ^ 1]) + step[1:], *proof[at + 1 :]] for at, step in enumerate(proof)]
    return [*flipped, [*proof, bytes(32)], *([proof[1:], proof[:-1]] if proof else [])]
