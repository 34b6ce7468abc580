"""How cases went, one row each, told from their journals: what figures are added up from."""

from __future__ import annotations

import sqlalchemy as sa

from storage.columns import Line

from .fields import at, metadata, refers, word

walks = sa.Table(  # made in the background from what a replay gives; no contents, no names
    "walks",
    metadata,
    sa.Column("case_id", Line, sa.ForeignKey("cases.id"), primary_key=True),
    refers("dossiers.id", "dossier"),
    *(word(name) for name in ("procedure", "release", "org", "type")),
    word("mediators"),  # ids between spaces
    at("begun_at"),
    word("fault"),  # why it cannot be told
    word("variant"),
    word("path"),
    sa.Column("facts", sa.LargeBinary, nullable=False),
    sa.Index("ix_walks_release", "procedure", "release"),
    sa.Index("ix_walks_variant", "variant"),
)
