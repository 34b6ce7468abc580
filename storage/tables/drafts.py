"""Designers' working copies of procedures, the history of their files, reviews, rehearsals."""

from __future__ import annotations

import sqlalchemy as sa

from storage.columns import Line

from .fields import at, count, key, maybe_at, metadata, plain, refers, word

drafts = sa.Table(
    "drafts",
    metadata,
    key(),
    *(word(name) for name in ("procedure", "person", "base", "state", "note", "digest")),
    count("version"),
    at("opened_at"),
    at("saved_at"),
    maybe_at("submitted_at"),
    word("decided_by"),
    maybe_at("decided_at"),
    sa.Index("ix_drafts_procedure", "procedure", "state"),
)
_WORKED_ON = drafts.c.state.in_((sa.literal_column("'open'"), sa.literal_column("'submitted'")))
sa.Index(
    "uq_drafts_worked_on",
    drafts.c.procedure,
    drafts.c.person,
    unique=True,
    sqlite_where=_WORKED_ON,
    postgresql_where=_WORKED_ON,
)

draft_files = sa.Table(  # as they stand
    "draft_files",
    metadata,
    sa.Column("draft", Line, sa.ForeignKey("drafts.id"), primary_key=True),
    key("name"),
    refers("contents.digest", "digest"),
    count("version"),  # of the draft, when it was saved
    word("saved_by"),
    at("saved_at"),
)

draft_changes = sa.Table(  # the last of them, for undo across files
    "draft_changes",
    metadata,
    sa.Column("draft", Line, sa.ForeignKey("drafts.id"), primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
    key("name"),
    word("kind"),  # edit, undo, redo
    word("before"),  # digests; "" = there was, is no such file
    word("after"),
    sa.Index("ix_draft_changes_before", "before"),
    sa.Index("ix_draft_changes_after", "after"),
)

draft_comments = sa.Table(
    "draft_comments",
    metadata,
    key(),
    refers("drafts.id", "draft"),
    *(word(name) for name in ("file", "element", "person", "text")),
    at("said_at"),
    word("closed_by"),
    maybe_at("closed_at"),
    sa.Index("ix_draft_comments_draft", "draft", "said_at"),
)

rehearsals = sa.Table(  # a story in the making, which nobody has saved as a scenario yet
    "rehearsals",
    metadata,
    sa.Column("draft", Line, sa.ForeignKey("drafts.id"), primary_key=True),
    key("person"),
    plain("told"),
    at("saved_at"),
)
