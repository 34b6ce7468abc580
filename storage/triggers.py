"""Triggers that keep the journal as it was written, on both databases."""

from __future__ import annotations

NAMES = (
    "journal_no_update",
    "journal_no_delete",
    "payload_no_delete",
    "payload_erased_once",
)

_ERASED_ONCE = (
    "OLD.certificate = '' AND NEW.certificate <> ''"
    " AND NEW.stream = OLD.stream AND NEW.seq = OLD.seq"
    " AND NEW.salt = '' AND NEW.data = '{}' AND NEW.reason = '' AND NEW.address = ''"
)


def statements(dialect: str) -> tuple[str, ...]:
    """What makes them: ``dialect`` is "sqlite" or "postgresql"."""
    return _SQLITE if dialect == "sqlite" else _POSTGRESQL


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
