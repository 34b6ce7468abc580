"""The second door: invitations of parties and agents, and the browsers let in by them."""

from __future__ import annotations

import sqlalchemy as sa

from storage.columns import Line

from .fields import at, count, key, maybe_at, metadata, refers, word

invitations = sa.Table(
    "invitations",
    metadata,
    key(),
    refers("dossiers.id", "dossier"),
    *(word(name) for name in ("party", "name", "role")),
    sa.Column("link", Line, nullable=False, unique=True),  # SHA-256 of the link's secret
    word("code"),  # SHA-256 of secret and code
    word("made_by"),
    at("made_at"),
    at("expires_at"),
    maybe_at("revoked_at"),
    count("failures"),
    maybe_at("locked_until"),
    sa.Index(None, "dossier"),
)

visits = sa.Table(
    "visits",
    metadata,
    key("id_hash"),  # SHA-256 of what the cookie holds
    refers("invitations.id", "invitation"),
    at("created_at"),
    at("seen_at"),
    at("idle_until"),
    at("ends_at"),
    word("csrf"),
    word("address"),
    sa.Index(None, "invitation"),
)
