"""Entries of registers as lists and pages show them; who may open a register is decided before."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from storage import tables as tb
from storage.tables.registers import coming_after, ended_on, holds_on

STATES = ("valid", "ended", "coming")


@dataclass(frozen=True, slots=True)
class RecordRow:
    """One version of an entry; ``maker``: the name of who recorded it."""

    entry: str
    version: int
    register: str
    dossier: str
    name: str
    about: str
    values: Mapping[str, Any]
    valid_from: date
    valid_until: date | None
    made_at: datetime
    reason: str
    maker: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What a list shows: entries that are valid, ended or coming on a day, by words and by field.

    ``choices``: {pointer: value} of the register's filters; ``dossier``: "" for the office's.
    """

    register: str
    on: date
    state: str = "valid"
    words: str = ""
    choices: Mapping[str, str] = field(default_factory=dict)
    dossier: str = ""


def record_rows(
    db: sa.Connection, asked: Asked, page: int = 1, size: int = 50
) -> tuple[list[RecordRow], bool]:
    """One page of entries by name, and whether more follow."""
    query = _named(asked).limit(size + 1).offset((page - 1) * size)
    rows = [RecordRow(**row._mapping) for row in db.execute(query)]
    return rows[:size], len(rows) > size


def every_record(db: sa.Connection, asked: Asked) -> Iterator[RecordRow]:
    """All of them, read in portions."""
    for row in db.execute(_named(asked).execution_options(yield_per=500)):
        yield RecordRow(**row._mapping)


def record_counts(db: sa.Connection, on: date) -> dict[str, int]:
    """Per register of the office how many entries hold on a day."""
    record = tb.records.c
    query = sa.select(record.register, sa.func.count()).where(record.dossier == "", holds_on(on))
    return {row[0]: row[1] for row in db.execute(query.group_by(record.register))}


def record_versions(db: sa.Connection, register: str, entry: str) -> list[RecordRow]:
    """Every version of an entry, the newest first; [] where this register has none."""
    record = tb.records.c
    query = _rows().where(record.entry == entry, record.register == register)
    found = db.execute(query.order_by(record.version.desc()))
    return [RecordRow(**row._mapping) for row in found]


def dossier_records(db: sa.Connection, dossier: str, on: date) -> list[RecordRow]:
    """What is recorded in a dossier and holds or has ended by a day, the newest first."""
    record = tb.records.c
    mine = (record.dossier == dossier) & (holds_on(on) | ended_on(on))
    found = db.execute(
        _rows().where(mine).order_by(record.valid_from.desc(), record.made_at.desc())
    )
    return [RecordRow(**row._mapping) for row in found]


def names_of(db: sa.Connection, ids: Collection[str] | None = None) -> dict[str, str]:
    """What people and organisations are called, by id; of all of them without ``ids``."""
    found: dict[str, str] = {}
    for table in (tb.people, tb.organisations):
        query = sa.select(table.c.id, table.c.name)
        if ids is not None:
            query = query.where(table.c.id.in_(sorted(ids)))
        found |= {row.id: row.name for row in db.execute(query)}
    return found


def _named(asked: Asked) -> sa.Select[Any]:
    record = tb.records.c
    when = {"valid": holds_on, "ended": ended_on, "coming": coming_after}
    query = _rows().where(
        record.register == asked.register,
        record.dossier == asked.dossier,
        when.get(asked.state, holds_on)(asked.on),
    )
    if asked.words:
        query = query.where(record.words.contains(asked.words, autoescape=True))
    for pointer, value in asked.choices.items():
        query = query.where(record.tags.contains(f"\n{pointer}={value}\n", autoescape=True))
    return query.order_by(record.name, record.entry, record.version)


def _rows() -> sa.Select[Any]:
    record, person = tb.records.c, tb.people.c
    return sa.select(
        *(record.entry, record.version, record.register, record.dossier, record.name),
        *(record.about, record["values"], record.valid_from, record.valid_until),
        *(record.made_at, record.reason),
        sa.func.coalesce(person.name, record.made_by).label("maker"),
    ).outerjoin(tb.people, person.id == record.made_by)
