"""The journal and its payload: appended, read in order, erased once where the law says so."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from operator import attrgetter
from typing import Any

import sqlalchemy as sa

from engine.errors import Conflict
from engine.model import Entry, Payload
from storage.tables import journal, payload

from .prepared import Prepared
from .transaction import Transaction

ENTRY = tuple(field.name for field in fields(Entry))
PAYLOAD = tuple(field.name for field in fields(Payload))
_BOTH = sa.select(
    journal, *(payload.c[name].label(f"payload_{name}") for name in PAYLOAD)
).select_from(
    journal.outerjoin(
        payload, (payload.c.stream == journal.c.stream) & (payload.c.seq == journal.c.seq)
    )
)

_OF_STREAM = sa.select(journal).where(journal.c.stream == sa.bindparam("stream"))
_HEAD = _OF_STREAM.order_by(journal.c.seq.desc()).limit(sa.literal_column("1"))
_ADD_ENTRY = Prepared(sa.insert(journal), ENTRY)
_ADD_PAYLOAD = Prepared(sa.insert(payload), ("stream", "seq", *PAYLOAD))
_of_entry, _of_payload = attrgetter(*ENTRY), attrgetter(*PAYLOAD)


class JournalRows(Transaction):
    def append(self, entry: Entry, content: Payload) -> None:
        """Raises Conflict (lost_race) when the seq is taken: the key is the optimistic lock."""
        _ADD_ENTRY.run(self.connection, _of_entry(entry))
        _ADD_PAYLOAD.run(self.connection, (entry.stream, entry.seq, *_of_payload(content)))
        self.last[entry.stream] = entry

    def head(self, stream: str) -> Entry | None:
        row = self.run(_HEAD, {"stream": stream}).first()
        return entry_of(row) if row else None

    def entries(self, stream: str, after: int = -1) -> Iterator[tuple[Entry, Payload | None]]:
        query = _BOTH.where(journal.c.stream == stream, journal.c.seq > after)
        for row in self.run(query.order_by(journal.c.seq)):
            yield entry_of(row), _payload(row)

    def streams(self, prefix: str = "") -> Iterator[str]:
        query = sa.select(journal.c.stream).where(
            journal.c.stream.startswith(prefix, autoescape=True)
        )
        yield from self.run(query.distinct().order_by(journal.c.stream)).scalars()

    def erase(self, stream: str, seq: int, certificate: str) -> None:
        """Remove what an entry commits to, naming the certificate of destruction; once only."""
        gone = sa.update(payload).where(
            payload.c.stream == stream, payload.c.seq == seq, payload.c.certificate == ""
        )
        empty = {"salt": "", "data": {}, "reason": "", "address": "", "certificate": certificate}
        if self.run(gone.values(empty)).rowcount != 1:
            raise Conflict("already_erased", stream=stream, seq=seq)


def entry_of(row: sa.Row[Any]) -> Entry:
    return Entry(**{name: getattr(row, name) for name in ENTRY})


def _payload(row: sa.Row[Any]) -> Payload | None:
    if row.payload_salt is None:
        return None
    return Payload(**{name: getattr(row, f"payload_{name}") for name in PAYLOAD})
