"""Legal holds, proposals to destroy, certificates of destruction, and the files that went with them."""

from __future__ import annotations

import sqlalchemy as sa

from storage.columns import Line

from .fields import at, key, maybe_at, metadata, refers, word

holds = sa.Table(
    "holds",
    metadata,
    key(),
    refers("dossiers.id", "dossier"),
    *(word(name) for name in ("kind", "target", "name", "reason", "made_by")),
    at("made_at"),
    word("ended_by"),
    maybe_at("ended_at"),
    word("end_reason"),
    sa.Index(None, "dossier"),
    sa.Index(None, "target"),
)

destructions = sa.Table(
    "destructions",
    metadata,
    key(),
    sa.Column("number", Line, nullable=False, unique=True),
    word("state"),
    word("proposed_by"),
    at("proposed_at"),
    *(word(name) for name in ("reason", "decided_by")),
    maybe_at("decided_at"),
    word("decision"),
)

doomed = sa.Table(
    "doomed",
    metadata,
    sa.Column("destruction", Line, sa.ForeignKey("destructions.id"), primary_key=True),
    sa.Column("dossier", Line, sa.ForeignKey("dossiers.id"), primary_key=True),
    word("rule"),
    at("due_at"),
    sa.Index(None, "dossier"),
)

certificates = sa.Table(  # no delete of case data without one; a trigger asks who issues it
    "certificates",
    metadata,
    key("number"),
    sa.Column("dossier", Line, sa.ForeignKey("dossiers.id"), nullable=False, unique=True),
    refers("destructions.id", "destruction"),
    word("stream"),
    sa.Column("seq", sa.Integer, nullable=False),
    at("made_at"),
)

destroyed_files = sa.Table(  # gone_at null: still to be removed
    "destroyed_files",
    metadata,
    key("digest"),
    refers("certificates.number", "certificate"),
    maybe_at("gone_at"),
)
