"""Proves the signed log: every leaf, node, head and key; and compares it with a head kept outside."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice

from engine.journal import Break
from engine.ports import Store
from engine.proofports import Placed
from engine.replay import Verdict

from .receipts import key_notes
from .tree import Growing
from .verifier import Check, Fault, Keys, read_checkpoint, read_keys

Look = Callable[[], AbstractContextManager[Store]]
"""Opens a store to look into: one short reading, nothing written."""
LOG = "log"
PAGE = 5_000
"""Leaves read at a time, so that no reading lasts long."""
LINES = 7
"""Of a head as it is stored: one that was sent out may have come to bear more signatures."""
PRINTED = 3
"""Words of a head on paper: origin, size, root."""
MOST = 20
"""Breaks that are named: one altered leaf makes every later head differ."""


CLOCKS_DIFFER = timedelta(minutes=5)
"""So much may the clocks of machines that write and sign differ, and a writing last."""
FULL = 200
"""Entries of one head at most: one over fewer left nobody waiting, so whatever follows came later."""
BEGIN_OF_TIME = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Told:
    """What a head kept outside says; ``code``: why it says nothing of this log."""

    size: int
    root: bytes
    code: str = ""


class Audit:
    """One reading of the whole log, in memory that grows with its logarithm."""

    def __init__(self, look: Look, check: Check) -> None:
        self._look = look
        self._check = check
        self._keys: Keys = []
        self._reason = ""
        self._before = 0
        self._signed_at = self._newest = BEGIN_OF_TIME
        self._is_behind = False

    def verdict(self) -> Verdict:
        """Whether leaves, journal, nodes, heads and keys hold together."""
        breaks = tuple(islice(self._breaks(), MOST))
        with self._look() as store:
            size = store.last_checkpoint()[0]
        return Verdict(LOG, size, 0, breaks, {"reason": self._reason})

    def _breaks(self) -> Iterator[Break]:
        with self._look() as store:
            size, leaves = store.last_checkpoint()[0], store.log_size()
            strays = {
                "pending_stray": store.stray_pending(),
                "payload_stray": store.stray_payloads(),
            }
            notes = key_notes(store)
            nodes = {(height, place): node for height, place, node in store.stored_nodes()}
        if leaves != size:
            yield Break(LOG, leaves, "checkpoint_missing")
        yield from (Break(LOG, count, code) for code, count in strays.items() if count)
        try:
            self._keys = read_keys(notes, self._check) if size else []
        except (Fault, ValueError, IndexError) as broken:
            self._reason = str(broken.args)
            yield Break(LOG, 0, "log_keys_broken")
        yield from self._grown(leaves, nodes)

    def _grown(self, leaves: int, nodes: dict[tuple[int, int], str]) -> Iterator[Break]:
        growing, heads = Growing(), self._heads()
        head = next(heads, None)
        for one in self._leaves(leaves):
            if one.position != growing.size:
                yield Break(LOG, growing.size, "log_leaf_missing")
                return
            if one.leaf != one.now:
                yield Break(LOG, one.position, "log_entry_differs")
            yield from self._dated(one)
            for height, place, node in growing.add(_bytes(one.leaf)):
                if nodes.pop((height, place), "") != node.hex():
                    yield Break(LOG, place, "log_node_differs")
            while head and head[0] <= growing.size:
                yield from self._head(head, growing)
                head = next(heads, None)
        if head and head[0] > leaves:
            yield Break(LOG, head[0], "checkpoint_differs")
        yield from (Break(LOG, place, "log_node_differs") for _, place in nodes)

    def _head(self, head: tuple[int, str], growing: Growing) -> Iterator[Break]:
        try:
            _, size, root = read_checkpoint(head[1], self._keys, self._check)
            if head[1].count("\n") != LINES or not head[1].endswith("\n"):
                raise Fault
        except Fault:
            yield Break(LOG, head[0], "checkpoint_unsigned")
            return
        if (head[0], size, root) != (growing.size, growing.size, growing.root()):
            yield Break(LOG, head[0], "checkpoint_differs")
        _, _, _, at, after, *_ = head[1].split("\n")
        if after != f"after {self._before}":
            yield Break(LOG, head[0], "checkpoint_gone")
        signed_at = datetime.fromisoformat(at)
        if signed_at + CLOCKS_DIFFER < self._signed_at:
            yield Break(LOG, head[0], "checkpoint_dated_back")
        if size - self._before < FULL:
            self._newest = max(self._newest, signed_at)
        self._before, self._signed_at = size, signed_at

    def _dated(self, one: Placed) -> Iterator[Break]:
        """An entry is never older than a head signed before it came; one break for each time it is."""
        is_behind = one.at is not None and one.at + CLOCKS_DIFFER < self._newest
        if is_behind and not self._is_behind:
            yield Break(one.stream, one.seq, "entry_dated_back")
        self._is_behind = is_behind

    def _leaves(self, size: int) -> Iterator[Placed]:
        position = -1
        while position < size - 1:
            with self._look() as store:
                page = store.leaves_after(position, min(PAGE, size - 1 - position))
            if not page:
                return
            yield from page
            position = page[-1].position

    def _heads(self) -> Iterator[tuple[int, str]]:
        size = -1
        while True:
            with self._look() as store:
                page = store.checkpoints_after(size, PAGE)
            if not page:
                return
            yield from page
            size = page[-1][0]

    # Kept outside --------------------------------------------------------------------------

    def compare(self, kept: Mapping[str, str]) -> Iterator[Verdict]:
        """Whether heads kept outside are of this log: of the journal as it stands now; read once for all.

        ``kept``: notes by what they are called in the verdicts. Finds a rewritten history, also when
        every hash and signature was made anew; a fork; a log begun anew; a restored backup. A note may
        be what a sealed paper prints: origin, size and root.
        """
        with self._look() as store:
            notes, leaves = key_notes(store), store.log_size()
        told = {name: self._told(note, notes) for name, note in kept.items()}
        roots = self._roots({one.size for one in told.values() if one.size <= leaves})
        for name, one in told.items():
            code = one.code or ("outside_ahead" if one.size > leaves else "")
            if not code and roots.get(one.size) != one.root:
                code = "outside_differs"
            yield Verdict(name, one.size, 0, (Break(name, one.size, code),) if code else (), {})

    def _told(self, note: str, notes: Sequence[str]) -> Told:
        lines = note.split() if _is_printed(note) else note.split("\n")
        size = int(lines[1]) if len(lines) > 2 and lines[1].isdecimal() else -1
        if size < 0:
            return Told(0, b"", "outside_unreadable")
        try:
            return Told(size, self._root(note, read_keys(notes, self._check)))
        except (Fault, ValueError, IndexError):
            return Told(size, b"", "outside_other_log")

    def _roots(self, sizes: Collection[int]) -> Mapping[int, bytes]:
        """The heads of so many leaves each, as the journal says them now."""
        growing, found = Growing(), {0: Growing().root()}
        for one in self._leaves(max(sizes, default=0)):
            list(growing.add(_bytes(one.now or "")))
            if growing.size in sizes:
                found[growing.size] = growing.root()
        return found

    def _root(self, note: str, keys: Keys) -> bytes:
        """Of a signed head, or of one that was copied from a paper: origin, size and root in a line."""
        if not _is_printed(note):
            return read_checkpoint(note, keys, self._check)[2]
        origin, _, root = note.split()
        if origin != keys[0][1].split("+")[0]:
            raise Fault("检查点不属于这个日志", "this is no checkpoint of this log")
        return b64decode(root)


def _is_printed(note: str) -> bool:
    return len(note.split()) == PRINTED


def _bytes(leaf: str) -> bytes:
    """A leaf as it is hashed; a damaged one as whatever it is, so that the heads differ."""
    try:
        return bytes.fromhex(leaf)
    except ValueError:
        return leaf.encode()
