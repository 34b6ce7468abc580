"""Cases and what is derived from them: tasks, waits, messages, incidents."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from storage.columns import Line, Plain, Values

from .fields import at, count, key, maybe_at, metadata, plain, refers, values, word


def _partial(where: sa.ColumnElement[bool], name: str, *columns: sa.Column[Any]) -> None:
    """An index of the rows for which ``where`` holds."""
    sa.Index(name, *columns, sqlite_where=where, postgresql_where=where)


cases = sa.Table(
    "cases",
    metadata,
    key(),
    refers("dossiers.id", "dossier"),
    *(word(name) for name in ("procedure", "release", "facts", "org")),
    at("started_at"),
    sa.Column("seq", sa.Integer, nullable=False),
    word("leaf"),
    at("at"),
    word("status"),
    count("step"),
    plain("open"),  # {"tasks": {id: mark}, "waits": {id: mark}}: so that a save needs no reading
    values("clocks", "[]"),
    sa.Column("state", sa.LargeBinary, nullable=False),
    sa.Column("walked", sa.Integer, nullable=False, server_default="-1"),  # seq up to which it was
    sa.Index(None, "dossier"),
    sa.Index("ix_cases_org_status", "org", "status", "started_at"),
)

UNWALKED = cases.c.walked != cases.c.seq
_partial(UNWALKED, "ix_cases_unwalked", cases.c.id, cases.c.procedure)

tasks = sa.Table(  # open ones, and done ones for "done by me"
    "tasks",
    metadata,
    key(),
    refers("cases.id", "case_id"),
    refers("dossiers.id", "dossier"),
    *(word(name) for name in ("procedure", "element", "role", "org", "person")),
    plain("place"),
    values("local"),
    at("opened_at"),
    word("holder"),
    maybe_at("held_at"),
    maybe_at("due_at"),
    word("due_rule"),
    at("sort_at"),  # due_at, or thousands of years after opened_at: what the inbox sorts by
    maybe_at("done_at"),
    word("done_by"),
    word("how"),  # the verb that closed it
    values("drafts"),  # {person: {"values": ..., "at": ...}}, gone when the task is
    sa.Index("ix_tasks_case_id", "case_id", "done_at"),
    sa.Index("ix_tasks_dossier_org", "dossier", "org"),
)
NOBODY: sa.ColumnElement[str] = sa.literal_column("''")
"""Written out, not bound: SQLite takes an index of some rows only when the words are the same."""
OPEN = tasks.c.done_at.is_(None)
PASSED = tasks.c.done_at.is_not(None) & (tasks.c.how == sa.literal_column("'complete'"))
_PASSAGE = ("procedure", "element", "case_id", "due_at", "done_at", "how")  # all that is read
_partial(PASSED, "ix_tasks_passed", *(tasks.c[name] for name in _PASSAGE))
FREE = OPEN & (tasks.c.holder == NOBODY)
HELD = OPEN & (tasks.c.holder != NOBODY)
NAMED = FREE & (tasks.c.person != NOBODY)
_partial(FREE, "ix_tasks_offered", tasks.c.role, tasks.c.org, tasks.c.sort_at, tasks.c.id)
_partial(FREE, "ix_tasks_opened", tasks.c.role, tasks.c.org, tasks.c.opened_at, tasks.c.id)
_partial(HELD, "ix_tasks_held", tasks.c.holder, tasks.c.sort_at, tasks.c.id)
_partial(NAMED, "ix_tasks_named", tasks.c.person, tasks.c.sort_at, tasks.c.id)
_DID = (tasks.c.done_by, tasks.c.done_at, tasks.c.case_id)
_partial(tasks.c.done_at.is_not(None), "ix_tasks_done", *_DID)

waits = sa.Table(  # what a case waits for besides people; due ones are the worker's work
    "waits",
    metadata,
    key(),
    refers("cases.id", "case_id"),
    word("kind"),  # timer, clock, effect, message, signal
    word("name"),  # clock: rule; effect: operation; message, signal: name
    word("key"),
    plain("place"),
    values("data"),  # effect: params
    maybe_at("due_at"),  # timer: fires; clock: next reminder or breach; effect: next try
    maybe_at("end_at"),  # clock: when the period ends
    count("attempts"),
    word("lease"),
    maybe_at("leased_until"),
    values("failure"),  # {"code", "params"} of the last try
    sa.Index(None, "case_id"),
)
_DUE = waits.c.due_at.is_not(None)
_HEARS = waits.c.kind.in_(("message", "signal"))
_partial(_DUE, "ix_waits_due_at", waits.c.due_at)
_partial(_HEARS, "ix_waits_heard", waits.c.name, waits.c.key, waits.c.kind)

messages = sa.Table(  # thrown by a case or come from outside; early ones wait until expires_at
    "messages",
    metadata,
    key(),
    *(word(name) for name in ("kind", "name", "key")),
    values("payload"),
    word("sender"),  # case id
    word("dossier"),
    at("sent_at"),
    at("expires_at"),
    maybe_at("due_at"),  # next delivery; null once delivered or handed over
    count("attempts"),
    word("lease"),
    maybe_at("leased_until"),
    values("failure"),
    maybe_at("consumed_at"),
    maybe_at("handed_at"),  # a hand-over item from here on
    maybe_at("closed_at"),  # the hand-over was dealt with
    word("closed_by"),
    word("close_reason"),
    sa.Index("ix_messages_name_key", "name", "key"),
    sa.Index("ix_messages_dossier", "dossier"),
)
_SENDING = messages.c.due_at.is_not(None)
_OWED = messages.c.handed_at.is_not(None) & messages.c.closed_at.is_(None)
_OWED &= messages.c.consumed_at.is_(None)
_partial(_SENDING, "ix_messages_due_at", messages.c.due_at)
_partial(_OWED, "ix_messages_handed_at", messages.c.handed_at)

receipts = sa.Table(  # which case consumed which message: a second time is a duplicate
    "receipts",
    metadata,
    sa.Column("message", Line, sa.ForeignKey("messages.id"), primary_key=True),
    sa.Column("case_id", Line, sa.ForeignKey("cases.id"), primary_key=True),
    sa.Index("ix_receipts_case_id", "case_id"),
)

incidents = sa.Table(
    "incidents",
    metadata,
    key(),
    refers("cases.id", "case_id"),
    word("code"),
    sa.Column("place", Plain),
    values("params"),
    at("opened_at"),
    sa.Column("input", Values),  # the held input, played again by retry
    word("actor"),
    count("attempts"),
    maybe_at("closed_at"),
    sa.Index(None, "case_id"),
    sa.Index("ix_incidents_opened_at", "opened_at"),
)
