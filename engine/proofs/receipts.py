"""A receipt for any party: proof that an entry stands in the signed log."""

from __future__ import annotations

from typing import Any

from engine.errors import Conflict
from engine.journal import body
from engine.ports import Store

from .tree import Tree

KEYS = "seal:keys"
"""The stream that says which keys have signed the log."""


def key_notes(store: Store) -> list[str]:
    """The signed records of the log's keys, the first one first."""
    return [
        str(payload.data.get("note", ""))
        for entry, payload in store.entries(KEYS)
        if entry.verb == "key" and payload
    ]


def receipt(store: Store, stream: str, seq: int = -1) -> dict[str, Any]:
    """That the last sealed entry of a stream, and so all before it, is under a signed head: plain JSON.

    ``seq``: that this entry is, instead of the last one.

    The head is the first that covers it, so a stream that stands still has one receipt for ever.
    Raises Conflict (not_sealed_yet).
    """
    sealed = [one for one in store.standing(stream) if one.position >= 0 and seq in (-1, one.seq)]
    if not sealed:
        raise Conflict("not_sealed_yet", stream=stream)
    last = sealed[-1]
    entry, _ = next(store.entries(stream, after=last.seq - 1))
    note = store.checkpoint(above=last.position)
    size = int(note.split("\n")[1])
    path = Tree(store.log_hashes).inclusion(last.position, size)
    return {
        "liandiao": "receipt",
        "version": 1,
        "stream": stream,
        "seq": last.seq,
        "body": body(entry).decode(),
        "position": last.position,
        "proof": [node.hex() for node in path],
        "checkpoint": note,
        "keys": [one for one in key_notes(store) if int(one.split("\n")[1]) < size],
    }
