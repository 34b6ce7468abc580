"""What is written once: the journal with its payload, releases, facts."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from storage.columns import Line, Plain, Utc, Values

from .fields import at, count, key, metadata, refers, values, word

# Append-only, kept so by triggers. What is damaged reads as something else: the chain names it.
journal = sa.Table(
    "journal",
    metadata,
    key("stream"),
    sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
    *(word(name) for name in ("kind", "verb", "actor", "on_behalf", "role")),
    sa.Column("received_at", Utc(lenient=True), nullable=False),
    sa.Column("at", Utc(lenient=True), nullable=False),
    word("element"),
    sa.Column("place", Plain(lenient=True), nullable=False),
    count("step"),
    *(word(name) for name in ("release", "facts", "payload", "state", "previous", "leaf")),
    sa.Index(None, "at"),
    sa.Index("ix_journal_actor", "actor", "at"),
)


def _some(where: sa.ColumnElement[bool], name: str, *columns: sa.Column[Any]) -> None:
    """An index of the entries for which ``where`` holds: hardly a cost to all the others."""
    sa.Index(name, *columns, sqlite_where=where, postgresql_where=where)


def _one_of(*verbs: str) -> sa.ColumnElement[bool]:
    """Written out, not bound: an index of some rows is taken only when the words are the same."""
    return journal.c.verb.in_([sa.literal_column(f"'{verb}'") for verb in verbs])


_NONE: sa.ColumnElement[str] = sa.literal_column("''")
VIEWED = _one_of("read", "reveal", "health_read", "file_open", "print", "take_away")
"""How a dossier is looked at: each leaves an entry on its stream."""
CORRECTED = _one_of("correct", "record_ended", "set_again", "void_copy")
COMMON = frozenset({"claim", "complete"})
"""Verbs of so many entries that the newest are found by time alone."""
UNCOMMON = ~_one_of(*sorted(COMMON))
BEHALF = journal.c.on_behalf != _NONE
SOMEWHERE, IN_ROLE = journal.c.element != _NONE, journal.c.role != _NONE
_some(SOMEWHERE, "ix_journal_element", journal.c.element, journal.c.at)
_some(IN_ROLE, "ix_journal_role", journal.c.role, journal.c.at)
_some(UNCOMMON, "ix_journal_verb", journal.c.verb, journal.c.at)
_some(BEHALF, "ix_journal_behalf", journal.c.at)
_some(BEHALF, "ix_journal_absent", journal.c.on_behalf)
_some(VIEWED, "ix_journal_viewed", journal.c.at)
_some(CORRECTED, "ix_journal_corrected", journal.c.at)
_some(journal.c.verb == sa.literal_column("'repair_proposed'"), "ix_journal_proposed", journal.c.at)

payload = sa.Table(  # may be erased once, naming a certificate of destruction
    "payload",
    metadata,
    key("stream"),
    sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
    word("salt"),
    sa.Column("data", Values(lenient=True), nullable=False),
    *(word(name) for name in ("reason", "address", "certificate")),
    sa.ForeignKeyConstraint(["stream", "seq"], ["journal.stream", "journal.seq"]),
)

# Releases and facts: content-addressed

releases = sa.Table(
    "releases",
    metadata,
    key("digest"),
    word("procedure"),
    sa.Column("version", sa.Integer, nullable=False),
    word("author"),
    word("approver"),
    at("published_at"),
    sa.UniqueConstraint("procedure", "version"),
)

publications = sa.Table(  # the one with the highest version holds; an old release may come again
    "publications",
    metadata,
    key("procedure"),
    sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
    refers("releases.digest", "release"),
    *(word(name) for name in ("author", "approver")),
    at("published_at"),
    word("note"),
)

release_files = sa.Table(
    "release_files",
    metadata,
    sa.Column("release", Line, sa.ForeignKey("releases.digest"), primary_key=True),
    key("name"),
    refers("contents.digest", "digest"),
)

contents = sa.Table(
    "contents", metadata, key("digest"), sa.Column("content", sa.LargeBinary, nullable=False)
)

facts = sa.Table(  # the row with the latest current_since holds now
    "facts", metadata, key("digest"), values("content"), at("added_at"), at("current_since")
)
