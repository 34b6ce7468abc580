"""What the engine asks for about printed copies: a part of ``engine.ports``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from .model.printing import Copy


class Copies(Protocol):
    """The print log; which PDF files of a dossier there are to print."""

    def printable(self, dossier: str) -> Sequence[tuple[str, str]]:
        """(digest, name) of the PDF files of a dossier: attached, typeset, sealed."""

    def add_copy(self, copy: Copy) -> None: ...
    def copy(self, copy_id: str) -> Copy | None: ...
    def copies(self, dossier: str) -> Sequence[Copy]:
        """The newest first."""

    def void_copy(self, copy: Copy) -> None: ...
