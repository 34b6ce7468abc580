"""What the running product needs: settings, calendars, numbers, workers."""

from __future__ import annotations

import sqlalchemy as sa

from storage.columns import Line

from .fields import at, count, key, maybe_at, metadata, values, word

settings = sa.Table(  # effective-dated, layered: "" whole country, an area code, an organisation id
    "settings",
    metadata,
    key(),
    word("setting"),
    word("layer"),
    values("value", "null"),
    at("valid_from"),
    maybe_at("valid_until"),
    word("made_by"),
    at("made_at"),
    word("reason"),
    sa.Index("ix_settings_setting", "setting", "layer", "valid_from"),
)

calendar_days = sa.Table(  # of two rows for one day the one made later holds
    "calendar_days",
    metadata,
    key(),
    word("calendar"),
    sa.Column("day", sa.Date, nullable=False),
    word("kind"),  # off, on (a make-up working day), or plain (as the weekday says)
    word("name"),
    word("made_by"),
    at("made_at"),
    sa.Index("ix_calendar_days_day", "calendar", "day", "made_at"),
)

series = sa.Table("series", metadata, key(), sa.Column("last", sa.Integer, nullable=False))

numbers = sa.Table(
    "numbers",
    metadata,
    sa.Column("series", Line, sa.ForeignKey("series.id"), primary_key=True),
    key("key"),
    sa.Column("number", sa.Integer, nullable=False),
    sa.UniqueConstraint("series", "number"),
)

workers = sa.Table(  # one row per worker process: is the clock turning, and how late
    "workers",
    metadata,
    key("worker"),
    at("started_at"),
    at("seen_at"),
    *(count(name) for name in ("done", "failed", "late_ms", "latest_ms")),
)
