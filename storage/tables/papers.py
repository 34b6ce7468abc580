"""Typeset versions of documents."""

from __future__ import annotations

import sqlalchemy as sa

from storage.columns import Line

from .fields import at, count, metadata, plain, values, word

papers = sa.Table(
    "papers",
    metadata,
    sa.Column("document", Line, sa.ForeignKey("documents.id"), primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True),
    *(word(name) for name in ("letter", "release", "made_by")),
    at("made_at"),
    word("file"),  # SHA-256 of the PDF
    count("size"),
    plain("anchors", "[]"),  # points of a page: measures of a drawing, no values of a case
    values("data"),
    values("problems", "[]"),
    word("reason"),
    sa.Index(None, "file"),
)
