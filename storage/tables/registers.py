"""Registers: one row per version of an entry, effective-dated, append-only."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from .fields import at, key, metadata, values, word

records = sa.Table(  # of the versions of an entry the one that began last holds
    "records",
    metadata,
    key("entry"),
    sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
    *(word(name) for name in ("register", "dossier", "name", "about")),
    values("values"),
    word("tags"),  # "\n/kind=ROOM\n/org=yunxi\n"
    word("words"),
    sa.Column("valid_from", sa.Date, nullable=False),
    sa.Column("valid_until", sa.Date),
    word("made_by"),
    at("made_at"),
    word("reason"),
    sa.Index("ix_records_register", "register", "dossier", "name"),
    sa.Index("ix_records_about", "about", "register"),
)


def holds_on(day: date) -> sa.ColumnElement[bool]:
    """The version of each entry that holds on a day: the one that began last, unless it has ended."""
    return in_force(day) & _not_over(day)


def in_force(day: date) -> sa.ColumnElement[bool]:
    """The version of each entry that began last before or on a day, ended or not."""
    one, other = records.c, records.alias("other").c
    later = (other.valid_from > one.valid_from) | (
        (other.valid_from == one.valid_from) & (other.version > one.version)
    )
    replaced = sa.exists().where(other.entry == one.entry, other.valid_from <= day, later)
    return (one.valid_from <= day) & ~replaced.correlate(records)


def _not_over(day: date) -> sa.ColumnElement[bool]:
    return records.c.valid_until.is_(None) | (records.c.valid_until >= day)


def ended_on(day: date) -> sa.ColumnElement[bool]:
    """The last version of each entry that has ended by a day."""
    return in_force(day) & ~_not_over(day)


def coming_after(day: date) -> sa.ColumnElement[bool]:
    """Versions that begin after a day."""
    return records.c.valid_from > day
