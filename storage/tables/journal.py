"""What is written once: the journal with its payload, releases, facts."""

from __future__ import annotations

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
_SOMEWHERE = journal.c.element != sa.literal_column("''")
sa.Index(
    "ix_journal_element",
    journal.c.element,
    journal.c.at,
    sqlite_where=_SOMEWHERE,
    postgresql_where=_SOMEWHERE,
)
_PROPOSED = journal.c.verb == sa.literal_column("'repair_proposed'")
sa.Index(
    "ix_journal_proposed",
    journal.c.at,
    sqlite_where=_PROPOSED,
    postgresql_where=_PROPOSED,
)

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
