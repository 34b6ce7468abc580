"""A letter as it was typeset, and a document of a dossier that it became."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from .acting import Data
from .step import Problem


@dataclass(frozen=True, slots=True)
class Anchor:
    """Where something is put on a finished page: ``name`` ("seal", "mediator", ...), ``page`` from 1,
    the point in PDF points from the page's lower left corner.
    """

    name: str
    page: int
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Typeset:
    """A letter: its bytes (b"" when problems keep it from being issued), anchors, problems by field."""

    pdf: bytes
    anchors: tuple[Anchor, ...] = ()
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Paper:
    """One version of a document. ``file``: SHA-256 of its PDF, "" when problems kept it from being set.

    ``letter``: id of the template within the release; ``data``: what it was set from, FEEL values by
    JSON pointer; ``anchors``: [{"name", "page", "x", "y"}] in PDF points from the lower left corner;
    ``problems``: [{"pointer", "code", "params"}].
    """

    document: str
    version: int
    letter: str
    release: str
    made_by: str
    made_at: datetime
    file: str = ""
    size: int = 0
    anchors: list[Data] = field(default_factory=list)
    data: Mapping[str, Any] = field(default_factory=dict)
    problems: list[Data] = field(default_factory=list)
    reason: str = ""
