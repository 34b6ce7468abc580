"""How cases went, told from their journals: what figures are added up from, which entries kept periods."""

from __future__ import annotations

import sqlalchemy as sa

from storage.columns import Line

from .fields import at, flag, key, metadata, refers, values, word

walks = sa.Table(  # made in the background from what a replay gives; no contents, no names
    "walks",
    metadata,
    sa.Column("case_id", Line, sa.ForeignKey("cases.id"), primary_key=True),
    sa.Column("release", Line, primary_key=True, server_default=""),  # "": under all of them
    flag("whole", default=True),  # the whole case, not only what ran under one of its releases
    refers("dossiers.id", "dossier"),
    *(word(name) for name in ("procedure", "org", "type")),
    word("mediators"),  # ids between spaces
    at("begun_at"),
    word("fault"),  # why it cannot be told: then it went no way
    sa.Column("way", Line, sa.ForeignKey("ways.id")),
    sa.Column("lengths", sa.LargeBinary, nullable=False),  # 8 bytes each, as its way names them
    sa.Index("ix_walks_release", "procedure", "release"),
    sa.Index(None, "way"),
)

ways = sa.Table(  # what many cases have in common: everything but how long it took
    "ways",
    metadata,
    key(),  # digest of the rest
    word("variant"),
    word("path"),
    *(sa.Column(name, sa.LargeBinary, nullable=False) for name in ("facts", "lasted")),  # deflated
    sa.Index(None, "variant"),
)

timed = sa.Table(  # one row for each entry that is about a period, made with its case's walk
    "timed",
    metadata,
    sa.Column("case_id", Line, sa.ForeignKey("cases.id"), primary_key=True),
    sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
    at("at"),  # of the entry: what a list is sorted by
    *(flag(name, default=False) for name in ("late", "early")),  # some period ended so
    word("rules"),  # ids between spaces
    values("told", "[]"),  # [{"rule", "due", "ended"}] of the periods it ended
    *(sa.Index(f"ix_timed_{name}", name, "at") for name in ("late", "early")),
    sa.Index(None, "at"),
)
