"""The log: every entry's leaf in its place for ever, nodes above them, signed heads."""

from __future__ import annotations

import sqlalchemy as sa

from storage.columns import Line

from .fields import key, metadata, word

# Entries that are not in the log yet: a trigger on the journal puts them here.
log_pending = sa.Table(
    "log_pending",
    metadata,
    key("stream"),
    sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)

# Append-only, kept so by triggers

log_leaves = sa.Table(
    "log_leaves",
    metadata,
    sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
    word("stream"),
    sa.Column("seq", sa.Integer, nullable=False),
    word("leaf"),
    sa.UniqueConstraint("stream", "seq"),
)

log_nodes = sa.Table(  # whole subtrees of 2**height leaves, of every eighth height
    "log_nodes",
    metadata,
    sa.Column("height", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
    word("hash"),
)

checkpoints = sa.Table(
    "checkpoints",
    metadata,
    sa.Column("size", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("note", Line, nullable=False),
)
