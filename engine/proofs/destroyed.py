"""Whether what is gone went lawfully: under a certificate that the journal has and that names it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from engine.errors import NotFound
from engine.journal import Break, payload_json
from engine.model import Data, Entry, Payload
from engine.ports import Store

from .receipts import receipt


def unlawful(
    store: Store, stream: str, chain: Iterable[tuple[Entry, Payload | None]]
) -> Iterator[Break]:
    """The first entry of each certificate that does not stand for this stream's destruction."""
    first: dict[str, int] = {}
    for entry, payload in chain:
        if payload and payload.certificate:
            first.setdefault(payload.certificate, entry.seq)
    for number, seq in first.items():
        if stream not in certified(store, number).get("streams", ()):
            yield Break(stream, seq, "certificate_unknown")


def certified(store: Store, number: str) -> Data:
    """What the journal says in a certificate; {} where there is none of that number."""
    try:
        issued = store.certificate(number)
    except NotFound:
        return {}
    found = next(iter(store.entries(issued.stream, issued.seq - 1)), None)
    if found is None or found[1] is None or found[0].verb != "destroy":
        return {}
    told = found[1].data
    return told if told.get("number") == number else {}


def certificate(store: Store, dossier_id: str) -> dict[str, Any]:
    """The journal entry that certifies a dossier's destruction, with its receipt: plain JSON; {} if none.

    Raises Conflict (not_sealed_yet).
    """
    number = store.filed(dossier_id).certificate
    if not number:
        return {}
    issued = store.certificate(number)
    proof = receipt(store, issued.stream, issued.seq)
    _, payload = next(store.entries(issued.stream, issued.seq - 1))
    return {"receipt": proof, "payload": payload_json(payload).decode() if payload else ""}
