"""Keeps how cases went up to their journals, in the background: nobody waits for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.figures.walking import walk
from engine.model import Walk
from engine.ports import Store
from engine.proofs.auditing import Look

from .desk import Desk


class WalkVerbs(Desk):
    def walk_cases(self, look: Look, limit: int) -> int:
        """Tell so many cases anew whose journals have grown; how many there were.

        Each is told in a reading of its own (``look``), then written in a short transaction.
        """
        told = 0
        for walked in self._walks(look, limit):
            with self._open() as store:
                store.keep_walk(walked)
            told += 1
        return told

    def _walks(self, look: Look, limit: int) -> Iterator[Walk]:
        with look() as store:
            ids = store.unwalked(limit)
        for case_id in ids:
            with look() as store:
                yield self.walk_of(store, case_id)

    def walk_of(self, store: Store, case_id: str) -> Walk:
        """A case as its journal tells it now."""
        return walk(
            store.case(case_id),
            store.entries(f"case:{case_id}"),
            (lambda digest: self.release_of(store, digest), lambda d: self.facts_of(store, d)),
            lambda sender: _office_of(store, sender),
        )

    def walk_anew(self) -> None:
        """Let every case be told again."""
        with self._open() as store:
            store.forget_walks()


def _office_of(store: Store, case_id: str) -> str:
    """In whose name a case began, as its first entry says; "" where there is no such case."""
    for _, payload in store.entries(f"case:{case_id}"):
        values = payload.data.get("values") if payload else None
        itself = (values or {}).get("/case")
        return str(itself.get("org") or "") if isinstance(itself, Mapping) else ""
    return ""
