"""Seals, and the ledger of their use."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, fields
from typing import Any

import sqlalchemy as sa

from engine.errors import Conflict
from engine.model.sealed import Seal, SealUse
from storage.tables import seal_uses, seals

from .transaction import Transaction, Values

SEAL = tuple(field.name for field in fields(Seal))
USE = tuple(field.name for field in fields(SealUse))
uses = seal_uses.c
GOOD = uses.result == "OK"


class SealRows(Transaction):
    def seal(self, seal_id: str) -> Seal:
        """Raises NotFound (no_seal)."""
        query = _seals().where(seals.c.id == seal_id)
        return Seal(**self.found(query, "no_seal", name=seal_id)._mapping)

    def seals_of(self, owner: str) -> Sequence[Seal]:
        """Those of the organisation itself, the oldest first."""
        return self._each((seals.c.owner == owner) & (seals.c.person == ""))

    def signatures_of(self, person: str) -> Sequence[Seal]:
        """The oldest first."""
        return self._each((seals.c.person == person) & (seals.c.person != ""))

    def _each(self, where: sa.ColumnElement[bool]) -> Sequence[Seal]:
        rows = self.run(_seals().where(where).order_by(seals.c.id))
        return [Seal(**row._mapping) for row in rows]

    def save_seal(self, seal: Seal) -> None:
        self.upsert(seals, [asdict(seal)])

    def seal_use(self, use_id: str) -> SealUse | None:
        return self._use(uses.id == use_id)

    def begin_use(self, use: SealUse) -> None:
        """Raises Conflict (lost_race)."""
        self.run(sa.insert(seal_uses), {**asdict(use), "holds": use.source})

    def save_use(self, use: SealUse) -> None:
        self.upsert(seal_uses, [_row(use)])

    def end_use(self, use: SealUse) -> None:
        """Raises Conflict (lost_race) when it has ended well meanwhile."""
        waits = (uses.id == use.id) & ~GOOD
        if not self.run(sa.update(seal_uses).where(waits).values(_row(use))).rowcount:
            raise Conflict("lost_race")

    def use_of_file(self, source: str) -> SealUse | None:
        return self._use(uses.holds == source)

    def use_by_code(self, code: str) -> SealUse | None:
        return self._use(uses.code == code)

    def use_by_digest(self, digest: str) -> SealUse | None:
        return self._use((uses.digest == digest) & GOOD)

    def uses_of_certificate(self, serial: str) -> Sequence[SealUse]:
        """Those that succeeded, the first one first."""
        query = _uses().where(uses.serial == serial, GOOD).order_by(uses.begun_at, uses.id)
        return [SealUse(**row._mapping) for row in self.run(query)]

    def use_of_document(self, org: str, document: str) -> SealUse | None:
        sealed = (uses.document == document) & (uses.place == "") & GOOD
        return self._use((uses.org == org) & sealed)

    def _use(self, where: sa.ColumnElement[bool]) -> SealUse | None:
        row = self.run(_uses().where(where).order_by(uses.begun_at.desc()).limit(1)).first()
        return SealUse(**row._mapping) if row else None


def _seals() -> sa.Select[Any]:
    return sa.select(*(seals.c[name] for name in SEAL))


def _uses() -> sa.Select[Any]:
    return sa.select(*(seal_uses.c[name] for name in USE))


def _row(use: SealUse) -> Values:
    holds = use.source if use.result in ("", "OK") else None
    return {**asdict(use), "holds": holds}
