"""What proving asks of a store. Protocols only, part of those in ``ports``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from .model import Data


@dataclass(frozen=True, slots=True)
class Leaf:
    """An entry as the log takes it in."""

    stream: str
    seq: int
    leaf: str


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an entry of a stream stands in the log; ``position`` -1: it waits to get in."""

    seq: int
    leaf: str
    position: int


@dataclass(frozen=True, slots=True)
class Placed:
    """What stands at a position of the log, and the entry it stands for as the journal has it now.

    ``now`` (its leaf) and ``at`` are None where the entry is gone.
    """

    position: int
    leaf: str
    stream: str
    seq: int
    now: str | None
    at: datetime | None


class LogKeys(Protocol):
    """The keys that sign the log: Ed25519, named by their public half (32 bytes)."""

    def make(self) -> bytes:
        """Make another key and keep it; its public half."""

    def sign(self, public: bytes, message: bytes) -> bytes:
        """64 bytes; raises Failed (log_key_missing)."""

    def check(self, public: bytes, message: bytes, signature: bytes) -> bool: ...


class Witness(Protocol):
    """Keeps checkpoints where the administrator of the database cannot reach: folder, mail, another
    office, a time-stamp authority."""

    name: str

    def keep(self, size: int, note: str) -> bytes:
        """Take a checkpoint; what is answered (a receipt, a time-stamp token) is journalled.

        The same one may come again. Raises Failed: then it comes again later.
        """


class Log(Protocol):
    """The Merkle log over all entries of all streams (RFC 9162); append-only."""

    def unsealed(self, limit: int) -> Sequence[Leaf]:
        """Committed entries that are not in the log yet, in the order in which they will stand there.

        Whoever gets them is the only sealer until the transaction ends.
        """

    def hold_log(self) -> None:
        """Nobody else seals until the transaction ends."""

    def add_leaves(self, first: int, added: Sequence[Leaf]) -> None: ...
    def log_size(self) -> int: ...
    def log_hashes(self, height: int, start: int, stop: int) -> Sequence[bytes]:
        """Stored nodes of a height in order (0: leaves), fewer where the log ends."""

    def add_nodes(self, height: int, first: int, nodes: Sequence[bytes]) -> None: ...
    def add_checkpoint(self, size: int, note: str) -> None: ...
    def checkpoint(self, above: int = 0) -> str:
        """The note of the first head that covers more leaves than that; "" when there is none."""

    def last_checkpoint(self) -> tuple[int, str]:
        """(size, note) of the latest head; (0, "") before the first."""

    def standing(self, stream: str) -> Sequence[Standing]:
        """Where the entries of a stream stand, those that wait included."""

    def leaves_after(self, position: int, limit: int) -> Sequence[Placed]:
        """The next ones, in order."""

    def checkpoints_after(self, size: int, limit: int) -> Sequence[tuple[int, str]]: ...
    def stored_nodes(self) -> Iterator[tuple[int, int, str]]:
        """Every stored node: (height, position, hash)."""

    def stray_pending(self) -> int:
        """How many wait that no entry stands behind, or that are in the log already."""

    def stray_payloads(self) -> int:
        """How many contents no entry commits to."""


class Proofs(Protocol):
    """What is read only to prove it."""

    def subjects(self, kind: str, after: str, limit: int) -> Sequence[str]:
        """The next names of a kind (``engine.proofs.prover.KINDS``), in order, after one of them."""

    def count_subjects(self, kind: str) -> int: ...
    def publication(self, digest: str) -> Data:
        """What is registered of a release: procedure, version, author, approver, published_at."""

    def publications(self, digest: str) -> Sequence[Data]:
        """What the rows say by which a release was published: once, or again under a later number."""

    def content(self, digest: str) -> bytes: ...
