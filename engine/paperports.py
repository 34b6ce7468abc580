"""What letters ask of the store: documents and their typeset versions. Part of ``engine.ports.Store``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from .model import Data, Paper, Problem, Release, Typeset
from .texts import Lang


class Papers(Protocol):
    """Versions are added, never changed."""

    def document(self, document_id: str) -> Data:
        """{"id", "dossier", "case_id", "kind", "number", "digest", "data"}; NotFound (no_document)."""

    def add_paper(self, paper: Paper) -> None:
        """Conflict (already_there) when the version is there."""

    def papers(self, document_id: str) -> Sequence[Paper]:
        """Every version of a document, the first one first."""


class Typesetter(Protocol):
    """Makes a PDF of a release's letter over data (``engine.services.typesetting``)."""

    def typeset(
        self,
        release: Release,
        letter_id: str,
        data: Mapping[str, Any],
        lang: Lang = "zh",
        draft: bool = False,
    ) -> Typeset: ...

    def problems(
        self, release: Release, letter_id: str, data: Mapping[str, Any]
    ) -> tuple[Problem, ...]: ...
