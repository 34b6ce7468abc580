"""Triggers that keep the journal as it was written, on both databases."""

from __future__ import annotations

from .log_triggers import NAMES as LOG_NAMES
from .log_triggers import log_statements

NAMES = (
    "journal_no_update",
    "journal_no_delete",
    "payload_no_delete",
    "payload_erased_once",
    *LOG_NAMES,
    "records_no_update",
    "records_no_delete",
)

_ERASED_ONCE = (
    "OLD.certificate = '' AND NEW.certificate <> ''"
    " AND NEW.stream = OLD.stream AND NEW.seq = OLD.seq"
    " AND NEW.salt = '' AND NEW.data = '{}' AND NEW.reason = '' AND NEW.address = ''"
)


def statements(dialect: str) -> tuple[str, ...]:
    """What makes them: ``dialect`` is "sqlite" or "postgresql"."""
    first = _SQLITE if dialect == "sqlite" else _POSTGRESQL
    return first + records_statements(dialect) + log_statements(dialect)


def records_statements(dialect: str) -> tuple[str, ...]:
    """The part of them that keeps registers: it came with the second schema."""
    if dialect == "sqlite":
        return tuple(
            f"CREATE TRIGGER records_no_{verb} BEFORE {verb.upper()} ON records"
            " BEGIN SELECT RAISE(ABORT, 'registers are append-only'); END"
            for verb in ("update", "delete")
        )
    return (
        "CREATE TRIGGER records_no_update BEFORE UPDATE ON records"
        " FOR EACH ROW EXECUTE FUNCTION refuse_change()",
        "CREATE TRIGGER records_no_delete BEFORE DELETE OR TRUNCATE ON records"
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
