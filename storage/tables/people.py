"""People and how they sign in, organisations, roles, duty."""

from __future__ import annotations

import sqlalchemy as sa

from storage.columns import Line

from .fields import at, count, flag, key, maybe_at, metadata, plain, refers, values, word

people = sa.Table(
    "people",
    metadata,
    key(),
    sa.Column("login", Line, nullable=False, unique=True),
    word("name"),
    word("lang"),
    flag("active", True),
    sa.Index(None, "name"),
)

credentials = sa.Table(
    "credentials",
    metadata,
    sa.Column("person", Line, sa.ForeignKey("people.id"), primary_key=True),
    word("hash"),  # argon2
    flag("must_change", False),
    count("failures"),
    maybe_at("locked_until"),
    at("changed_at"),
)

sessions = sa.Table(
    "sessions",
    metadata,
    key("id_hash"),  # SHA-256 of what the cookie holds
    refers("people.id", "person"),
    at("created_at"),
    at("seen_at"),
    at("idle_until"),
    at("ends_at"),
    word("csrf"),
    word("address"),
    sa.Index(None, "person"),
    sa.Index(None, "ends_at"),
)

organisations = sa.Table(
    "organisations",
    metadata,
    key(),
    *(word(name) for name in ("name", "kind", "parent", "area")),
    flag("active", True),
    values("detail"),
    sa.Index(None, "area"),
    sa.Index(None, "parent"),
)

grants = sa.Table(
    "grants",
    metadata,
    key(),
    refers("people.id", "person"),
    word("role"),
    refers("organisations.id", "org"),
    word("post"),
    at("valid_from"),
    maybe_at("valid_until"),
    sa.Index(None, "person"),
    sa.Index("ix_grants_org_role", "org", "role"),
)

duty_posts = sa.Table(
    "duty_posts",
    metadata,
    key(),
    refers("organisations.id", "org"),
    word("name"),
    flag("active", True),
    word("roles"),
)

shifts = sa.Table(
    "shifts",
    metadata,
    key(),
    refers("duty_posts.id", "post"),
    refers("people.id", "person"),
    at("starts_at"),
    at("ends_at"),
    word("handover"),
    sa.Index("ix_shifts_post", "post", "starts_at"),
    sa.Index("ix_shifts_person", "person", "starts_at"),
)

handovers = sa.Table(
    "handovers",
    metadata,
    key(),
    refers("duty_posts.id", "post"),
    refers("shifts.id", "shift"),
    word("given_by"),
    at("given_at"),
    word("note"),
    plain("tasks", "[]"),
    word("taken_by"),
    maybe_at("taken_at"),
    sa.Index("ix_handovers_post", "post", "given_at"),
)
