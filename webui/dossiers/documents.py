"""The documents of a dossier as its page lists them: what each is called, and whether it can be opened."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from engine.letters import letters_of
from storage import queries
from webui.procedures import drawn
from webui.product import reading
from webui.words import lang


@dataclass(frozen=True, slots=True)
class Listed:
    """One document: ``version`` is its last one, 0 where only its data is kept; ``whole``: it has a file;
    ``last``: the place that was signed last, "seal" for a seal, "" for none."""

    id: str
    title: str
    number: str
    made_at: Any
    version: int = 0
    whole: bool = False
    last: str = ""


def documents_shown(dossier_id: str, case_id: str = "") -> list[Listed]:
    """Those of a dossier, or of one of its cases; the oldest first."""
    db = reading()
    rows = [one for one in queries.documents(db, dossier_id) if case_id in ("", one.case_id)]
    last = {one.document: one for one in queries.papers(db, dossier_id)} if rows else {}
    return [_listed(one, last.get(one.id)) for one in rows]


def _listed(row: Any, paper: Any) -> Listed:
    title = str(row.data.get("title") or row.kind)
    if paper is None:
        return Listed(row.id, title, row.number, row.made_at)
    letter = letters_of(drawn(paper.release).release.files).get(paper.letter)
    if letter and lang() == "en":
        title = letter.title["en"]
    signed = queries.signings(reading(), paper.file) if paper.file else []
    last = signed[-1].place or "seal" if signed else ""
    return Listed(row.id, title, row.number, row.made_at, paper.version, bool(paper.file), last)
