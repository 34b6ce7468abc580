"""Dossiers with their parties, documents and attachments."""

from __future__ import annotations

import sqlalchemy as sa

from storage.columns import Line

from .fields import at, count, key, metadata, refers, values, word

dossiers = sa.Table(
    "dossiers",
    metadata,
    key(),
    sa.Column("number", Line, nullable=False, unique=True),
    *(word(name) for name in ("kind", "title", "org")),
    at("opened_at"),
    word("linked"),
    word("matter"),
    word("police_no"),
    word("party_names"),  # in order of entry, for lists and search
    sa.Index("ix_dossiers_org_opened_at", "org", "opened_at"),
    sa.Index(None, "matter"),
    sa.Index(None, "police_no"),
)
LINKED = dossiers.c.linked != sa.literal_column("''")
"""Written out, as the index of some rows says it."""
sa.Index("ix_dossiers_linked", dossiers.c.linked, sqlite_where=LINKED, postgresql_where=LINKED)

parties = sa.Table(
    "parties",
    metadata,
    key(),
    refers("dossiers.id", "dossier"),
    word("side"),
    word("name"),
    values("detail"),
    count("position"),
    word("id_digest"),
    word("name_digest"),
    sa.Index(None, "dossier"),
    sa.Index(None, "name"),
    sa.Index(None, "id_digest"),
    sa.Index(None, "name_digest"),
)

documents = sa.Table(
    "documents",
    metadata,
    key(),
    refers("dossiers.id", "dossier"),
    *(word(name) for name in ("case_id", "kind", "number", "digest")),
    values("data"),
    at("made_at"),
    sa.Index(None, "dossier"),
    sa.Index(None, "number"),
)

attachments = sa.Table(  # who may read a file by its digest: whoever may see the dossier
    "attachments",
    metadata,
    sa.Column("dossier", Line, sa.ForeignKey("dossiers.id"), primary_key=True),
    key("digest"),
    word("name"),
    word("type"),
    sa.Column("size", sa.BigInteger, nullable=False),
    word("added_by"),
    at("added_at"),
)

scans = sa.Table(  # of every file that was sent, also of those refused
    "scans",
    metadata,
    key("digest"),
    word("verdict"),
    word("found"),
    at("scanned_at"),
)
