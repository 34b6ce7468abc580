"""The one guard under every delete: which table needs a certificate of destruction, and its triggers.

Every table stands in exactly one of the four lists; a test holds the lists against the schema.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

_CERTIFIED = "EXISTS (SELECT 1 FROM certificates WHERE dossier = IT)"
_OWN = _CERTIFIED.replace("IT", "OLD.dossier")

UNDER_CERTIFICATE: Mapping[str, str] = {
    "parties": _OWN,
    "attachments": _OWN,
    "documents": _OWN,
    "papers": _CERTIFIED.replace("IT", "(SELECT dossier FROM documents WHERE id = OLD.document)"),
    "records": _OWN,
    "bars": _OWN,
    "copies": _OWN,
    "dispatches": _OWN,
    "invitations": _OWN,
    "holds": f"OLD.ended_at IS NOT NULL AND {_OWN}",
    "messages": _OWN,
    "receipts": _CERTIFIED.replace("IT", "(SELECT dossier FROM messages WHERE id = OLD.message)"),
    "incidents": _CERTIFIED.replace("IT", "(SELECT dossier FROM cases WHERE id = OLD.case_id)"),
    "scans": "EXISTS (SELECT 1 FROM destroyed_files WHERE digest = OLD.digest)",
}
"""Tables with case data, and when a row may go."""

KEPT: Mapping[str, str] = {
    "journal": "commitments, append-only",
    "payload": "erased in place, never deleted",
    **dict.fromkeys(("log_leaves", "log_nodes", "checkpoints"), "the signed log, append-only"),
    "certificates": "says what was destroyed",
    **dict.fromkeys(("destructions", "doomed"), "who proposed and who approved it"),
    "destroyed_files": "under which certificate a file went",
    "dossiers": "its number stays, its words are blanked",
    "cases": "head of the journal and clocks stay, data is blanked",
    "tasks": "who did which step and when stays, values and drafts are blanked",
    "seal_uses": "the seal ledger, by which a printed document is still verified",
    "letters": "digests of what went between offices",
    "shared_dossiers": "numbers under which offices speak of a dossier",
    **dict.fromkeys(("series", "numbers"), "a number is given once"),
    "handovers": "ids of tasks that one shift handed to the next",
}
"""Tables about cases of which no row is ever deleted, and why what stays may stay."""

WORKING: Mapping[str, str] = {
    "waits": "what a case waits for: rewritten from its outcome at every step",
    "visits": "browsers that parties are signed in with",
    "log_pending": "entries in line for the log",
    **dict.fromkeys(
        ("walks", "ways"), "how cases went, told from journals: no contents, no names of parties"
    ),
    "timed": "by which entries periods were kept, told from journals: no contents",
}
"""Derived rows that the product itself deletes as it runs: what they say stands in the journal."""

ELSEWHERE: Mapping[str, str] = {
    **dict.fromkeys(
        ("releases", "publications", "release_files", "contents", "facts"), "procedures and law"
    ),
    **dict.fromkeys(
        ("drafts", "draft_files", "draft_changes", "draft_comments", "rehearsals"),
        "designers' work",
    ),
    **dict.fromkeys(
        ("people", "credentials", "sessions", "grants", "duty_posts", "shifts", "substitutions"),
        "staff",
    ),
    **dict.fromkeys(("organisations", "agencies", "seals"), "offices"),
    **dict.fromkeys(("settings", "calendar_days", "workers"), "the running product"),
    "saved_views": "filters that somebody keeps for themselves",
}
"""Tables without case data."""

CLOSED = ("cases", "parties", "attachments", "documents", "records", "invitations", "holds")
"""Nothing more is put into a dossier that was destroyed: its certificate names all there ever was."""
CLOSED_NAMES = tuple(f"{table}_closed" for table in CLOSED)
_APPEND_ONLY = ("journal", "payload", "log_leaves", "log_nodes", "checkpoints")
GUARDED_ALWAYS = tuple(name for name in KEPT if name not in _APPEND_ONLY)
_REPLACED = ("payload_erased_once", "records_no_delete", "papers_no_delete")
NAMES = (
    "payload_erased_once",
    "certificates_issued",
    "certificates_no_update",
    *(f"{table}_guarded" for table in (*UNDER_CERTIFICATE, *GUARDED_ALWAYS)),
)

_NEEDED = "a delete needs a certificate of destruction"
_REFUSED = "certificate refused"
_GONE = "dossier destroyed"
_WAIT = "PERFORM 1 FROM dossiers WHERE id = NEW.dossier FOR KEY SHARE;"
"""PostgreSQL: whoever puts something in waits for who destroys, and then sees the certificate."""
_STANDS = "NOT " + _CERTIFIED.replace("IT", "NEW.dossier")


_HELD = """ended_at IS NULL AND (holds.dossier = :dossier OR (target <> '' AND target IN (
    SELECT id FROM parties WHERE dossier = :dossier
    UNION ALL SELECT id_digest FROM parties WHERE dossier = :dossier
    UNION ALL SELECT name_digest FROM parties WHERE dossier = :dossier
    UNION ALL SELECT id FROM documents WHERE dossier = :dossier
    UNION ALL SELECT digest FROM attachments WHERE dossier = :dossier
    UNION ALL SELECT file FROM papers JOIN documents ON id = document WHERE dossier = :dossier
)) OR (kind = 'person' AND EXISTS (SELECT 1 FROM parties AS known JOIN parties AS same
    ON same.name_digest = known.name_digest AND same.dossier = :dossier
    WHERE known.dossier = holds.dossier AND known.name_digest <> ''
    AND holds.target IN (known.id, known.id_digest, known.name_digest))))"""
_ERASED_ONCE = """OLD.certificate = '' AND NEW.certificate <> ''
    AND NEW.stream = OLD.stream AND NEW.seq = OLD.seq
    AND NEW.salt = '' AND NEW.data = '{}' AND NEW.reason = '' AND NEW.address = ''
    AND EXISTS (SELECT 1 FROM certificates AS c WHERE c.number = NEW.certificate AND (
        NEW.stream = 'dossier:' || c.dossier
        OR NEW.stream IN (SELECT 'case:' || id FROM cases WHERE dossier = c.dossier)
        OR NEW.stream IN (SELECT 'document:' || id FROM documents WHERE dossier = c.dossier)))"""
_ISSUED = """EXISTS (SELECT 1 FROM journal
        WHERE stream = NEW.stream AND seq = NEW.seq AND verb = 'destroy')
    AND NOT EXISTS (SELECT 1 FROM cases
        WHERE dossier = NEW.dossier AND status NOT IN ('ended', 'cancelled'))
    AND NOT EXISTS (SELECT 1 FROM holds WHERE HELD)"""


def held(dossier: str = ":dossier") -> str:
    """The condition under which a row of ``holds`` keeps a dossier, given as an SQL expression."""
    return _HELD.replace(":dossier", dossier)


def guard_statements(dialect: str, tables: Collection[str]) -> tuple[str, ...]:
    """What makes the triggers of these tables, instead of those that knew no certificate."""
    make = _sqlite if dialect == "sqlite" else _postgresql
    on = "" if dialect == "sqlite" else " ON {}"
    issued = _ISSUED.replace("HELD", held("NEW.dossier"))
    gone = (f"DROP TRIGGER {one}" + on.format(one.partition("_")[0]) for one in _REPLACED)
    guards = {
        "payload_erased_once": ("UPDATE", "payload", _ERASED_ONCE, "the journal is append-only"),
        "certificates_issued": ("INSERT", "certificates", issued, _REFUSED),
        "certificates_no_update": ("UPDATE", "certificates", "1 = 0", _NEEDED),
        **{
            f"{table}_guarded": ("DELETE", table, when, _NEEDED)
            for table, when in UNDER_CERTIFICATE.items()
            if table in tables
        },
        **{
            f"{table}_guarded": ("DELETE", table, "1 = 0", _NEEDED)
            for table in GUARDED_ALWAYS
            if table in tables
        },
    }
    made = (one for name, guard in guards.items() for one in make(name, *guard))
    return (*gone, *made)


def closing_statements(dialect: str, tables: Collection[str]) -> tuple[str, ...]:
    """What makes the triggers of these tables that close destroyed dossiers."""
    make = _sqlite if dialect == "sqlite" else _postgresql
    guards = ((f"{table}_closed", table) for table in tables)
    made = (one for name, table in guards for one in make(name, "INSERT", table, _STANDS, _GONE))
    return tuple(one.replace("BEGIN IF", f"BEGIN {_WAIT} IF") for one in made)


def _sqlite(name: str, verb: str, table: str, allowed: str, why: str) -> tuple[str, ...]:
    return (
        f"CREATE TRIGGER {name} BEFORE {verb} ON {table} WHEN NOT ({allowed})"
        f" BEGIN SELECT RAISE(ABORT, '{why}'); END",
    )


def _postgresql(name: str, verb: str, table: str, allowed: str, why: str) -> tuple[str, ...]:
    row = "OLD" if verb == "DELETE" else "NEW"
    function = (
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$ BEGIN IF NOT ({allowed}) THEN RAISE EXCEPTION '{why}'; END IF; RETURN {row}; END $$"
    )
    trigger = (
        f"CREATE TRIGGER {name} BEFORE {verb} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()"
    )
    if verb != "DELETE":
        return function, trigger
    return (
        function,
        trigger,
        f"CREATE TRIGGER {table}_not_emptied BEFORE TRUNCATE ON {table}"
        " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
    )
