"""Notices on their way to parties."""

from __future__ import annotations

import sqlalchemy as sa

from .fields import at, count, key, maybe_at, metadata, refers, values, word

dispatches = sa.Table(  # waiting ones are the worker's work
    "dispatches",
    metadata,
    key(),
    refers("dossiers.id", "dossier"),
    *(word(name) for name in ("party", "channel", "address", "document", "consent")),
    *(word(name) for name in ("invitation", "state", "made_by")),
    at("made_at"),
    values("secret"),
    word("reference"),
    values("failure"),
    maybe_at("due_at"),
    count("attempts"),
    word("lease"),
    maybe_at("leased_until"),
    maybe_at("sent_at"),
    maybe_at("settled_at"),
    sa.Index(None, "dossier", "made_at"),
)
_SENDING = dispatches.c.due_at.is_not(None)
sa.Index(
    "ix_dispatches_due_at", dispatches.c.due_at, sqlite_where=_SENDING, postgresql_where=_SENDING
)
