"""Seals and certificates of people who sign, and the ledger of their use."""

from __future__ import annotations

import sqlalchemy as sa

from storage.columns import Line

from .fields import at, count, flag, key, maybe_at, metadata, refers, word

seals = sa.Table(
    "seals",
    metadata,
    key(),
    refers("organisations.id", "owner"),
    *(word(name) for name in ("name", "code", "key", "custody")),
    flag("demonstration", True),
    word("certificate"),
    word("serial"),
    maybe_at("certified_until"),
    at("valid_from"),
    at("valid_until"),
    word("status"),
    at("changed_at"),
    maybe_at("revoked_at"),
    word("person"),
    sa.Index(None, "owner"),
    sa.Index(None, "person"),
)

seal_uses = sa.Table(
    "seal_uses",
    metadata,
    key(),
    word("number"),
    refers("seals.id", "seal"),
    *(word(name) for name in ("serial", "person", "case", "dossier", "org")),
    *(word(name) for name in ("kind", "title", "document", "case_no", "source")),
    # Of a use that goes on or went well; null frees the file for another one.
    sa.Column("holds", Line, unique=True),
    sa.Column("code", Line, nullable=False, unique=True),
    at("begun_at"),
    word("digest"),
    count("size"),
    word("result"),
    word("reason"),
    maybe_at("ended_at"),
    maybe_at("recheck_at"),
    word("superseded_by"),
    word("place"),
    sa.Index(None, "serial"),
    sa.Index(None, "digest"),
    sa.Index(None, "document"),
    sa.Index(None, "begun_at"),
)
