"""Who may not act in which dossier, and who stands in for whom."""

from __future__ import annotations

import sqlalchemy as sa

from .fields import at, key, maybe_at, metadata, refers, word

bars = sa.Table(  # follow from what somebody did, or are recusals; asked for by every list of tasks
    "bars",
    metadata,
    key(),
    refers("dossiers.id", "dossier"),
    word("person"),
    word("rule"),
    *(word(name) for name in ("case", "procedure", "element", "role")),  # "": any of them
    *(word(name) for name in ("cause", "release", "reason", "made_by")),
    at("made_at"),
    maybe_at("ended_at"),
    word("end_reason"),
    sa.Index(None, "dossier"),
)

substitutions = sa.Table(
    "substitutions",
    metadata,
    key(),
    refers("people.id", "person"),
    refers("people.id", "substitute"),
    at("starts_at"),
    at("ends_at"),
    word("reason"),
    word("made_by"),
    at("made_at"),
    word("end_reason"),
    sa.Index(None, "person", "ends_at"),
    sa.Index(None, "substitute", "ends_at"),
)
_HOLDS = bars.c.ended_at.is_(None)
sa.Index(
    "ix_bars_person_dossier",
    bars.c.person,
    bars.c.dossier,
    sqlite_where=_HOLDS,
    postgresql_where=_HOLDS,
)
