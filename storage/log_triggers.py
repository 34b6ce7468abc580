"""Triggers of the log: every entry gets in line for it by itself, and nothing in it ever changes."""

from __future__ import annotations

KEPT = ("log_leaves", "log_nodes", "checkpoints")
NAMES = (
    "journal_awaits_sealing",
    *(f"{table}_no_{verb}" for table in KEPT for verb in ("update", "delete")),
)
_WAIT = "INSERT INTO log_pending (stream, seq) VALUES (NEW.stream, NEW.seq);"


def log_statements(dialect: str) -> tuple[str, ...]:
    """What makes them: ``dialect`` is "sqlite" or "postgresql"."""
    if dialect == "sqlite":
        return (_sqlite_waits(), *(_sqlite(table, v) for table in KEPT for v in _VERBS))
    return (*_POSTGRESQL, *(_postgresql(table, v) for table in KEPT for v in _VERBS))


_VERBS = ("update", "delete")


def _sqlite_waits() -> str:
    return f"CREATE TRIGGER journal_awaits_sealing AFTER INSERT ON journal BEGIN {_WAIT} END"


def _sqlite(table: str, verb: str) -> str:
    return (
        f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb.upper()} ON {table}"
        " BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END"
    )


_POSTGRESQL = (
    "CREATE FUNCTION await_sealing() RETURNS trigger LANGUAGE plpgsql AS"
    f" $$ BEGIN {_WAIT} RETURN NULL; END $$",
    "CREATE TRIGGER journal_awaits_sealing AFTER INSERT ON journal"
    " FOR EACH ROW EXECUTE FUNCTION await_sealing()",
)


def _postgresql(table: str, verb: str) -> str:
    what = "UPDATE" if verb == "update" else "DELETE OR TRUNCATE"
    return (
        f"CREATE TRIGGER {table}_no_{verb} BEFORE {what} ON {table}"
        " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
