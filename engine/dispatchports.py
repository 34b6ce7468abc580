"""What the engine asks for about notices on their way: a part of ``engine.ports``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from .model.dispatch import Dispatch


class Dispatches(Protocol):
    """Notices to parties: waiting ones are the worker's work."""

    def dispatch(self, dispatch_id: str) -> Dispatch | None: ...
    def dispatches(self, dossier: str) -> Sequence[Dispatch]:
        """Of a dossier, the newest first."""

    def queue_dispatch(self, dispatch: Dispatch) -> None:
        """Add it: the worker sends it, now."""

    def settle_dispatch(self, dispatch: Dispatch) -> None:
        """Nothing more is due."""
