"""The tree against RFC 9162's own words, written down naively."""

from __future__ import annotations

import hashlib

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.proofs.tree import STORED, Growing, Tree, consistent
from engine.proofs.verifier import included, leaf_hash, node_hash

MOST = 700
LEAVES = [leaf_hash(str(n).encode()) for n in range(MOST)]
SIZES = st.integers(1, MOST)


def naive(leaves):
    """MTH of RFC 9162, 2.1.1."""
    if len(leaves) <= 1:
        return leaves[0] if leaves else hashlib.sha256(b"").digest()
    k = 1
    while 2 * k < len(leaves):
        k *= 2
    return node_hash(naive(leaves[:k]), naive(leaves[k:]))


def stored():
    """What a store keeps: leaves by height 0, and the nodes of the stored heights."""
    kept = {0: LEAVES, **{height: [] for height in STORED}}
    growing = Growing()
    for leaf in LEAVES:
        for height, index, node in growing.add(leaf):
            assert index == len(kept[height])
            kept[height].append(node)
    return kept


KEPT = stored()
TREE = Tree(lambda height, start, stop: KEPT[height][start:stop])


def head(size):
    return naive(LEAVES[:size])


@settings(max_examples=60)
@given(SIZES)
def test_the_head_is_the_one_of_the_standard(size):
    growing = Growing()
    for leaf in LEAVES[:size]:
        list(growing.add(leaf))
    assert TREE.root(size) == head(size) == growing.root()


@settings(max_examples=100)
@given(st.data())
def test_a_leaf_is_proved_in_its_place_and_in_no_other(data):
    size = data.draw(SIZES)
    position, other = (data.draw(st.integers(0, size - 1)) for _ in range(2))
    path, root = TREE.inclusion(position, size), TREE.root(size)
    assert included(LEAVES[position], position, size, path, root)
    assert included(LEAVES[other], position, size, path, root) == (other == position)
    assert included(LEAVES[position], other, size, path, root) == (other == position)
    assert not included(LEAVES[position], position, size, [*path, root], root)


@settings(max_examples=100)
@given(SIZES, SIZES)
def test_a_grown_log_is_proved_to_have_grown_and_nothing_else(one, other):
    old, size = sorted((one, other))
    proof, heads = TREE.consistency(old, size), (TREE.root(old), TREE.root(size))
    assert consistent(old, size, heads, proof)
    if old < size:
        assert not consistent(old, size, (LEAVES[0] if old > 1 else heads[1], heads[1]), proof)
        assert not consistent(old, size, heads, [*proof, heads[0]])


@settings(max_examples=40)
@given(SIZES, SIZES)
def test_growing_completes_the_stored_nodes(one, other):
    old, size = sorted((one, other))
    assert TREE.grown(8, old, size) == KEPT[8][old >> 8 : size >> 8]


def test_an_empty_log_has_a_head():
    assert TREE.root(0) == Growing().root() == hashlib.sha256(b"").digest()
