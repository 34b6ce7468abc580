"""Printed copies, one row each."""

from __future__ import annotations

import sqlalchemy as sa

from .fields import at, count, key, maybe_at, metadata, refers, word

copies = sa.Table(
    "copies",
    metadata,
    key(),
    refers("dossiers.id", "dossier"),
    *(word(name) for name in ("digest", "name")),
    count("number"),
    *(word(name) for name in ("code", "seal", "printer", "workstation", "printed_by")),
    at("printed_at"),
    word("voided_by"),
    maybe_at("voided_at"),
    word("void_reason"),
    sa.UniqueConstraint("dossier", "digest", "number"),
)
