"""What the engine asks for of people's inboxes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol


class SavedViews(Protocol):
    """Lists that a person keeps under a name of their own."""

    def saved_views(self, person: str) -> Sequence[str]:
        """Their names, by name."""

    def save_view(self, person: str, name: str, wanted: Mapping[str, str], at: datetime) -> None:
        """What the list is narrowed to and how it is sorted; another of that name is replaced."""

    def drop_view(self, person: str, name: str) -> None:
        """Raises NotFound (no_view)."""
