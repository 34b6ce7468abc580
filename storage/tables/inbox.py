"""What people keep of their inbox for themselves."""

from __future__ import annotations

import sqlalchemy as sa

from storage.columns import Line

from .fields import at, metadata, plain

saved_views = sa.Table(
    "saved_views",
    metadata,
    sa.Column("person", Line, sa.ForeignKey("people.id"), primary_key=True),
    sa.Column("name", Line, primary_key=True),
    plain("wanted"),  # {"tab", "procedure", "due", "words", "sort"} as in the address
    at("saved_at"),
)
