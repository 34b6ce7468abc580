"""What proving asks of a store. Protocols only, part of those in ``ports``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from .model import Data


class Proofs(Protocol):
    """What is read only to prove it."""

    def subjects(self, kind: str, after: str, limit: int) -> Sequence[str]:
        """The next names of a kind (``engine.proofs.prover.KINDS``), in order, after one of them."""

    def count_subjects(self, kind: str) -> int: ...
    def publication(self, digest: str) -> Data:
        """What is registered of a release: procedure, version, author, approver, published_at."""

    def content(self, digest: str) -> bytes: ...
