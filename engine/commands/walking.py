"""Keeps how cases went up to their journals, in the background: nobody waits for it."""

from __future__ import annotations

from collections.abc import Mapping

from engine.figures.walking import walk
from engine.model import Walk
from engine.ports import Store
from engine.proofs.auditing import Look
from engine.replay import ReadFacts, ReadRelease

from .desk import Desk

PART = 1_000
"""Cases marked in one transaction."""


class WalkVerbs(Desk):
    def walk_cases(self, look: Look, limit: int) -> int:
        """Tell so many cases anew whose journals have grown; how many there were.

        Each is told in a reading of its own (``look``) that is over before it is written down.
        """
        with look() as store:
            ids = store.unwalked(limit)
        for case_id in ids:
            self.keep_walk(self._walked(look, case_id))
        return len(ids)

    def _walked(self, look: Look, case_id: str) -> Walk:
        with look() as store:
            read = (lambda d: self.release_of(store, d), lambda d: self.facts_of(store, d))
            return walk_of(store, case_id, read)

    def keep_walk(self, walked: Walk) -> None:
        """Write down how a case went, in a short transaction."""
        with self._open() as store:
            store.keep_walk(walked)

    def walk_anew(self) -> None:
        """Let every case be told again; marked in parts, so that nobody waits long to write."""
        with self._open() as store:
            last = store.forget_walks("", PART)
        while last:
            with self._open() as store:
                last = store.forget_walks(last, PART)


def walk_of(store: Store, case_id: str, read: tuple[ReadRelease, ReadFacts]) -> Walk:
    """A case as its journal tells it now."""
    case, chain = store.case(case_id), store.entries(f"case:{case_id}")
    return walk(case, chain, read, lambda sender: _office_of(store, sender))


def _office_of(store: Store, case_id: str) -> str:
    """In whose name a case began, as its first entry says; "" where there is no such case."""
    for _, payload in store.entries(f"case:{case_id}"):
        values = payload.data.get("values") if payload else None
        itself = (values or {}).get("/case")
        return str(itself.get("org") or "") if isinstance(itself, Mapping) else ""
    return ""
