"""Triggers that keep the journal as it was written, on both databases."""

from __future__ import annotations

from .guarding import (
    CLOSED,
    CLOSED_NAMES,
    GUARDED_ALWAYS,
    UNDER_CERTIFICATE,
    closing_statements,
    guard_statements,
)
from .guarding import NAMES as GUARD_NAMES
from .log_triggers import NAMES as LOG_NAMES
from .log_triggers import log_statements

NAMES = (
    "journal_no_update",
    "journal_no_delete",
    "payload_no_delete",
    *LOG_NAMES,
    "records_no_update",
    "papers_no_update",
    *GUARD_NAMES,
    *CLOSED_NAMES,
)

_ERASED_ONCE = (
    "OLD.certificate = '' AND NEW.certificate <> ''"
    " AND NEW.stream = OLD.stream AND NEW.seq = OLD.seq"
    " AND NEW.salt = '' AND NEW.data = '{}' AND NEW.reason = '' AND NEW.address = ''"
)


def statements(dialect: str) -> tuple[str, ...]:
    """What makes them: ``dialect`` is "sqlite" or "postgresql"."""
    first = _SQLITE if dialect == "sqlite" else _POSTGRESQL
    kept = records_statements(dialect) + papers_statements(dialect)
    guards = guard_statements(dialect, (*UNDER_CERTIFICATE, *GUARDED_ALWAYS))
    closed = closing_statements(dialect, CLOSED)
    return first + kept + log_statements(dialect) + guards + closed


def records_statements(dialect: str) -> tuple[str, ...]:
    """The part of them that keeps registers: it came with the second schema."""
    return _never_changed(dialect, "records", "registers are append-only")


def papers_statements(dialect: str) -> tuple[str, ...]:
    """The part of them that keeps what was typeset: it came with its table."""
    return _never_changed(dialect, "papers", "typeset documents are append-only")


def _never_changed(dialect: str, table: str, why: str) -> tuple[str, ...]:
    if dialect == "sqlite":
        return tuple(
            f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb.upper()} ON {table}"
            f" BEGIN SELECT RAISE(ABORT, '{why}'); END"
            for verb in ("update", "delete")
        )
    return (
        f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table}"
        " FOR EACH ROW EXECUTE FUNCTION refuse_change()",
        f"CREATE TRIGGER {table}_no_delete BEFORE DELETE OR TRUNCATE ON {table}"
        " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
    )


_SQLITE = (
    "CREATE TRIGGER journal_no_update BEFORE UPDATE ON journal"
    " BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END",
    "CREATE TRIGGER journal_no_delete BEFORE DELETE ON journal"
    " BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END",
    "CREATE TRIGGER payload_no_delete BEFORE DELETE ON payload"
    " BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END",
    "CREATE TRIGGER payload_erased_once BEFORE UPDATE ON payload"
    f" WHEN NOT ({_ERASED_ONCE})"
    " BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END",
)

_POSTGRESQL = (
    "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS"
    " $$ BEGIN RAISE EXCEPTION 'the journal is append-only'; END $$",
    "CREATE TRIGGER journal_no_update BEFORE UPDATE ON journal"
    " FOR EACH ROW EXECUTE FUNCTION refuse_change()",
    "CREATE TRIGGER journal_no_delete BEFORE DELETE OR TRUNCATE ON journal"
    " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
    "CREATE TRIGGER payload_no_delete BEFORE DELETE OR TRUNCATE ON payload"
    " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
    "CREATE TRIGGER payload_erased_once BEFORE UPDATE ON payload"
    f" FOR EACH ROW WHEN (NOT ({_ERASED_ONCE})) EXECUTE FUNCTION refuse_change()",
)
