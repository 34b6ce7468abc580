"""Controlled copies: every sheet of paper that leaves a printer under a number."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Copy:
    """One printed copy. ``number`` runs from 1 for each file of a dossier; ``code``: what stands on the
    paper; ``seal``: what the seal was worth when it was printed (NOT_SEALED: there was none).
    """

    id: str
    dossier: str
    digest: str
    name: str
    number: int
    code: str
    seal: str
    printer: str
    workstation: str
    printed_by: str
    printed_at: datetime
    voided_by: str = ""
    voided_at: datetime | None = None
    void_reason: str = ""
