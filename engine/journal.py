"""Link a journal entry to the one before it, and verify a chain of them (conventions 2)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from operator import attrgetter
from typing import Any

from .model import Case, Data, Entry, Payload
from .values import canonical, canonical_json

_BODY = tuple(f.name for f in fields(Entry) if f.name != "leaf")
_of_body = attrgetter(*_BODY)


def body(entry: Entry) -> bytes:
    """The RFC 8785 JSON of everything in the entry but its leaf; times as RFC 3339 UTC."""
    return _body(_told(entry))


def _told(entry: Entry) -> dict[str, Any]:
    return dict(zip(_BODY, _of_body(entry), strict=True))


def _body(told: Mapping[str, Any]) -> bytes:
    times = {name: rfc3339(told[name]) for name in ("received_at", "at")}
    return canonical_json({"v": 1, **told, **times})


def leaf_of(body_bytes: bytes) -> str:
    """RFC 9162 leaf: SHA-256(0x00 || body), hex."""
    return hashlib.sha256(b"\x00" + body_bytes).hexdigest()


def payload_digest(payload: Payload) -> str:
    """What the entry commits to: SHA-256 over salt, data, reason and address."""
    return hashlib.sha256(payload_json(payload)).hexdigest()


def payload_json(payload: Payload) -> bytes:
    """The RFC 8785 JSON that is committed to."""
    content = {
        "salt": payload.salt,
        "data": payload.data,
        "reason": payload.reason,
        "address": payload.address,
    }
    return canonical(content)


def link(entry: Entry, payload: Payload, previous: Entry | Case | None) -> Entry:
    """The entry as it is stored: after ``previous`` in its stream, with payload digest and leaf.

    ``previous``: the entry before, or the case whose head it is.
    """
    told = _told(entry)
    told |= {
        "seq": previous.seq + 1 if previous else 0,
        "at": max(entry.at, previous.at) if previous else entry.at,
        "payload": payload_digest(payload),
        "previous": previous.leaf if previous else "",
    }
    return Entry(**told, leaf=leaf_of(_body(told)))


@dataclass(frozen=True, slots=True)
class Break:
    """Where a chain does not hold: the entry and the code of the reason (texts/journal.toml)."""

    stream: str
    seq: int
    code: str


def verify(entries: Iterable[tuple[Entry, Payload | None]]) -> Iterator[Break]:
    """Every break of one stream's chain, from its first entry on: nothing means it holds."""
    before: Entry | None = None
    for entry, payload in entries:
        yield from (
            Break(entry.stream, entry.seq, code) for code in _faults(entry, payload, before)
        )
        before = entry


def _faults(entry: Entry, payload: Payload | None, before: Entry | None) -> Iterator[str]:
    if entry.seq != (before.seq + 1 if before else 0):
        yield "entry_missing"
    if entry.previous != (before.leaf if before else ""):
        yield "chain_broken"
    if entry.leaf != leaf_of(body(entry)):
        yield "entry_altered"
    if before and entry.at < before.at:
        yield "time_goes_back"
    if payload is None:
        yield "payload_missing"
    elif not _is_committed(entry, payload):
        yield "payload_altered"


def _is_committed(entry: Entry, payload: Payload) -> bool:
    """The content is what the entry commits to; of a destroyed one nothing is left."""
    if payload.certificate:
        return payload == Payload("", {}, certificate=payload.certificate)
    return entry.payload == payload_digest(payload)


def rfc3339(moment: datetime) -> str:
    """``2026-03-05T01:02:03.000004Z``: always UTC, always microseconds."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")[:-6] + "Z"


def place_data(scope: str, item: int | None, occurrence: int, task: str) -> Data:
    """An entry's ``place``: where in the case it acts, so that moves and what-if can find it again."""
    return {"scope": scope, "item": item, "occurrence": occurrence, "task": task}
