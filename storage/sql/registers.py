"""Registers: versions of entries are added and read, never changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, fields
from datetime import date

import sqlalchemy as sa

from engine.model import Record
from storage.tables import records
from storage.tables.registers import holds_on

from .transaction import Transaction

RECORD = tuple(field.name for field in fields(Record))


class RegisterRows(Transaction):
    def add_records(self, added: Sequence[Record]) -> None:
        """New versions; Conflict (already_there) when a version of that number is there."""
        if added:
            self.run(sa.insert(records), [asdict(one) for one in added])

    def versions(self, entry: str) -> Sequence[Record]:
        """Every version of an entry, the first one first."""
        query = _rows().where(records.c.entry == entry).order_by(records.c.version)
        return [Record(**row._mapping) for row in self.run(query)]

    def records_on(self, register: str, day: date, dossier: str = "") -> Sequence[Record]:
        """Of a register of the office, or of a dossier, the versions that hold on a day, by name."""
        mine = (records.c.register == register) & (records.c.dossier == dossier)
        query = _rows().where(mine, holds_on(day)).order_by(records.c.name, records.c.entry)
        return [Record(**row._mapping) for row in self.run(query)]


def _rows() -> sa.Select[tuple[object, ...]]:
    return sa.select(*(records.c[name] for name in RECORD))
