"""Linked offices, what goes between them, and under which number they speak of a dossier."""

from __future__ import annotations

import sqlalchemy as sa

from storage.columns import Line

from .fields import at, count, key, maybe_at, metadata, plain, refers, values, word

agencies = sa.Table(
    "agencies",
    metadata,
    key("code"),
    *(word(name) for name in ("name", "org", "home", "address")),
    *(plain(name, "[]") for name in ("keys", "gives", "takes")),
    at("valid_from"),
    maybe_at("valid_until"),
)

letters = sa.Table(  # one row per message and office; outgoing ones are the worker's work
    "letters",
    metadata,
    key(),
    *(word(name) for name in ("direction", "message", "name", "state")),
    refers("agencies.code", "agency"),
    at("at"),
    *(word(name) for name in ("dossier_office", "dossier_number", "digest", "way")),
    maybe_at("due_at"),  # next try
    count("attempts"),
    word("lease"),
    maybe_at("leased_until"),
    values("failure"),
    maybe_at("settled_at"),
    sa.Index("ix_letters_agency", "agency", "direction", "state", "at"),
    sa.Index(None, "message"),
)
_SENDING = letters.c.due_at.is_not(None)
sa.Index("ix_letters_due_at", letters.c.due_at, sqlite_where=_SENDING, postgresql_where=_SENDING)

shared_dossiers = sa.Table(  # an office may speak only of dossiers that were shared with it
    "shared_dossiers",
    metadata,
    sa.Column("agency", Line, sa.ForeignKey("agencies.code"), primary_key=True),
    sa.Column("office", Line, primary_key=True),  # code of who numbered it, "" ourselves
    sa.Column("number", Line, primary_key=True),
    refers("dossiers.id", "dossier"),
    sa.UniqueConstraint("agency", "dossier"),
)
