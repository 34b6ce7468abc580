"""What keeping and destroying asks of a store. Protocols only, part of those in ``ports``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from .model.retained import Certificate, Destruction, Doomed, Filed, Hold, Holdings


class Retention(Protocol):
    """Holds, proposals, certificates, and the one way by which case data is deleted."""

    def save_hold(self, hold: Hold) -> None: ...
    def hold(self, hold_id: str) -> Hold: ...
    def filed(self, dossier_id: str) -> Filed:
        """All on which its keeping depends; raises NotFound (no_dossier)."""

    def holdings(self, dossier_id: str) -> Holdings:
        """What it holds that destroying would take: also files that its journal alone names."""

    def used_elsewhere(self, digest: str, dossier_id: str) -> bool:
        """Whether another dossier that was not destroyed, or an open task, holds this file too."""

    def save_destruction(self, destruction: Destruction) -> None: ...
    def destruction(self, destruction_id: str) -> Destruction: ...
    def add_doomed(self, some: Iterable[Doomed]) -> None: ...
    def doomed(self, destruction_id: str) -> Sequence[Doomed]: ...
    def open_destruction(self, dossier_id: str) -> str:
        """Number of the proposal, not refused and not carried out, that a dossier stands in; ""."""

    def certificate(self, number: str) -> Certificate: ...
    def close_dossier(self, dossier_id: str) -> None:
        """Nobody puts anything into it, or anything anywhere on hold, until the transaction ends."""

    def destroy(
        self, certificate: Certificate, states: Mapping[str, bytes], files: Sequence[str]
    ) -> None:
        """Issue a certificate and destroy under it, in this transaction: the only deletes of case data.

        ``states``: by case, what stays of its state; ``files``: digests that are to be removed.
        Raises Conflict (certificate_refused) when the dossier is on hold or not closed, or no journal
        entry certifies it, whoever asks.
        """

    def files_to_remove(self, limit: int) -> Sequence[tuple[str, Certificate]]: ...
    def file_removed(self, digest: str, at: datetime) -> None: ...
    def certificate_of_file(self, digest: str) -> str:
        """Under which certificate a file was destroyed; ""."""
