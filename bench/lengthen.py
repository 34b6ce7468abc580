"""Lengthen the journals of a SQLite file fast: notes as the verbs chain them, in one statement for many."""

from __future__ import annotations

import hashlib
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from engine.journal import leaf_of, rfc3339
from engine.spiff import STEP

PEOPLE = 500
"""Made-up ids that act."""
VERBS = ("claim", "release")
_INSERTS = (
    "INSERT INTO journal (stream, seq, kind, verb, actor, on_behalf, role, received_at, at, element,"
    " place, step, release, facts, payload, state, previous, leaf)"
    " VALUES (?, ?, 'note', ?, ?, '', ?, ?, ?, ?, ?, ?, ?, ?, ?, '', ?, ?)",
    "INSERT INTO payload (stream, seq, salt, data) VALUES (?, ?, ?, ?)",
)
_PLACE = '{"item":null,"occurrence":0,"scope":"","task":""}'
Head = tuple[str, int, str, str, str, str]
"""stream, seq, leaf, release, facts, element of an open task."""


def lengthen(path: Path, entries: int) -> Iterator[int]:
    """Add notes in turn to the journals of all cases and dossiers until there are so many entries.

    Yields how many there are. The first note of each stream is what ``engine.journal.link`` makes.
    """
    with closing(sqlite3.connect(path)) as db:
        have = db.execute("SELECT count(*) FROM journal").fetchone()[0]
        heads = db.execute(
            "SELECT stream, seq, leaf, release, facts, coalesce((SELECT element FROM tasks"
            " WHERE case_id = substr(stream, 6) LIMIT 1), '') FROM journal AS one WHERE seq ="
            " (SELECT max(seq) FROM journal WHERE stream = one.stream)"
            " AND (stream LIKE 'case:%' OR stream LIKE 'dossier:%')"
        ).fetchall()
        rounds = -(-(entries - have) // len(heads))
        at = datetime(2026, 3, 3, 1, tzinfo=UTC)
        for head in heads:
            have += _add(db, head, min(rounds, entries - have), at)
            at += timedelta(seconds=1)
            if have % 1_000 < rounds:
                db.commit()
                yield have
        db.commit()
    yield have


def _add(db: sqlite3.Connection, head: Head, count: int, at: datetime) -> int:
    stream, seq, leaf, release, facts, element = head
    is_case, rows, contents = stream.startswith("case:"), [], []
    for n in range(seq + 1, seq + 1 + count):
        salt, data = secrets.token_hex(16), '{"ground":"work"}'
        told = f'{{"address":"","data":{data},"reason":"","salt":"{salt}"}}'
        digest = hashlib.sha256(told.encode()).hexdigest()
        verb, role = (VERBS[n % 2], "MEDIATOR") if is_case else ("read", "AUDITOR")
        who, when = f"p{secrets.randbelow(PEOPLE):05}", rfc3339(at + timedelta(hours=n))
        body = (
            f'{{"actor":"{who}","at":"{when}","element":"{element}","facts":"{facts}","kind":"note",'
            f'"on_behalf":"","payload":"{digest}","place":{_PLACE},"previous":"{leaf}",'
            f'"received_at":"{when}","release":"{release}","role":"{role}","seq":{n},"state":"",'
            f'"step":{STEP},"stream":"{stream}","v":1,"verb":"{verb}"}}'
        )
        before, leaf = leaf, leaf_of(body.encode())
        entry = (stream, n, verb, who, role, when, when, element, _PLACE, STEP, release, facts)
        rows.append((*entry, digest, before, leaf))
        contents.append((stream, n, salt, data))
    db.executemany(_INSERTS[0], rows)
    db.executemany(_INSERTS[1], contents)
    if is_case and rows:
        query = "UPDATE cases SET seq = ?, leaf = ?, at = ? WHERE id = ?"
        db.execute(query, (rows[-1][1], leaf, rows[-1][6], stream.removeprefix("case:")))
    return count
