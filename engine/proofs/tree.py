"""The RFC 9162 Merkle tree over the leaves of the log: heads, inclusion and consistency proofs. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence

from .verifier import node_hash

STORED = (8, 16, 24)
"""Heights whose nodes are kept beside the leaves: 1 for 256 leaves, so that a proof reads little."""
TILE = 256

ReadHashes = Callable[[int, int, int], Sequence[bytes]]
"""(height, start, stop): stored nodes of a height in order (0: leaves), fewer where the log ends."""


class Tree:
    """A log seen through its stored nodes; what it has read it keeps, for one look at the store."""

    def __init__(self, read: ReadHashes) -> None:
        self._read = read
        self._tiles: dict[tuple[int, int], Sequence[bytes]] = {}

    def root(self, size: int) -> bytes:
        """The head of the first ``size`` leaves (RFC 9162, 2.1.1)."""
        return self._over(0, size) if size else hashlib.sha256(b"").digest()

    def inclusion(self, position: int, size: int) -> list[bytes]:
        """The audit path of a leaf in the first ``size`` (RFC 9162, 2.1.3)."""
        low, high, path = 0, size, list[bytes]()
        while high - low > 1:
            middle = low + _split(high - low)
            if position < middle:
                path.append(self._over(middle, high))
                high = middle
            else:
                path.append(self._over(low, middle))
                low = middle
        return path[::-1]

    def consistency(self, old: int, size: int) -> list[bytes]:
        """That the first ``old`` leaves are the beginning of the first ``size`` (RFC 9162, 2.1.4)."""
        if old in (0, size):
            return []
        low, high, whole, path = 0, size, True, list[bytes]()
        while old != high:
            middle = low + _split(high - low)
            if old <= middle:
                path.append(self._over(middle, high))
                high = middle
            else:
                path.append(self._over(low, middle))
                low, whole = middle, False
        return ([] if whole else [self._over(low, high)]) + path[::-1]

    def grown(self, height: int, old: int, size: int) -> list[bytes]:
        """The nodes of a stored height that growing from ``old`` to ``size`` leaves completes."""
        return [self._folded(height, n) for n in range(old >> height, size >> height)]

    def _over(self, low: int, high: int) -> bytes:
        """The head of the leaves from ``low`` to before ``high``, which RFC 9162 has made aligned."""
        length = high - low
        height = (length - 1).bit_length()
        if length == 1 << height:
            return self._node(height, low >> height)
        middle = low + _split(length)
        return node_hash(self._over(low, middle), self._over(middle, high))

    def _node(self, height: int, index: int) -> bytes:
        if height and height not in STORED:
            return self._folded(height, index)
        tile, offset = divmod(index, TILE)
        if (height, tile) not in self._tiles:
            self._tiles[height, tile] = self._read(height, tile * TILE, tile * TILE + TILE)
        return self._tiles[height, tile][offset]

    def _folded(self, height: int, index: int) -> bytes:
        below = height - 1
        return node_hash(self._node(below, 2 * index), self._node(below, 2 * index + 1))


class Growing:
    """The head of a log that is read leaf by leaf, in memory that grows with its logarithm."""

    def __init__(self) -> None:
        self.size = 0
        self._peaks: list[tuple[int, bytes]] = []

    def add(self, leaf: bytes) -> Iterator[tuple[int, int, bytes]]:
        """Take in a leaf; each stored node that it completes as (height, index, hash)."""
        height, node = 0, leaf
        self.size += 1
        while self._peaks and self._peaks[-1][0] == height:
            node = node_hash(self._peaks.pop()[1], node)
            height += 1
            if height in STORED:
                yield height, (self.size >> height) - 1, node
        self._peaks.append((height, node))

    def root(self) -> bytes:
        """The head of what was taken in."""
        if not self._peaks:
            return hashlib.sha256(b"").digest()
        head = self._peaks[-1][1]
        for _, peak in reversed(self._peaks[:-1]):
            head = node_hash(peak, head)
        return head


def _split(length: int) -> int:
    """The largest power of two below ``length``."""
    return 1 << ((length - 1).bit_length() - 1)


def consistent(old: int, size: int, heads: tuple[bytes, bytes], proof: Sequence[bytes]) -> bool:
    """Whether a proof shows that the head of ``old`` leaves grew into that of ``size`` (2.1.4.2)."""
    if old in (0, size):
        return not proof and (old == 0 or heads[0] == heads[1])
    path = list(proof) if old & (old - 1) else [heads[0], *proof]
    if not 0 < old < size or not path:
        return False
    left, right = old - 1, size - 1
    while left & 1:
        left, right = left >> 1, right >> 1
    before = after = path[0]
    for node in path[1:]:
        if right == 0:
            return False
        if left & 1 or left == right:
            before, after = node_hash(node, before), node_hash(node, after)
            while left and not left & 1:
                left, right = left >> 1, right >> 1
        else:
            after = node_hash(after, node)
        left, right = left >> 1, right >> 1
    return right == 0 and (before, after) == heads
