"""What stays behind when a case is taken away: health data (S29-28), told only by its commitment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from engine.forms import form_of
from engine.journal import payload_json
from engine.model import Entry, Payload, Release

WITHHELD = "health data withheld 健康数据不随附"
"""Stands where a certificate of destruction would: the content is there, not here."""


def health_pointers(releases: Iterable[Release]) -> frozenset[str]:
    """Where forms of these releases keep health data."""
    return frozenset(pointer for release in releases for pointer in _apart(release))


def _apart(release: Release) -> Iterator[str]:
    for path in release.files:
        folder, _, name = path.rpartition("forms/")
        if name.endswith(".json") and path.endswith(f"forms/{name}"):
            form = form_of(release.files, f"{folder}{name.removesuffix('.json')}")
            fields = form.fields.items() if form else ()
            yield from (pointer for pointer, field in fields if field.health)


def tells_health(payload: Payload | None, pointers: frozenset[str]) -> bool:
    """Whether an entry's content gives a value at one of these places."""
    text = payload_json(payload).decode() if payload and pointers else ""
    return any(f'"{pointer}"' in text for pointer in pointers)


def first_told(chain: Iterable[tuple[Entry, Payload | None]], pointers: frozenset[str]) -> int:
    """The first entry that tells health data: outcomes from there on hold it too; -1 for none."""
    return next((entry.seq for entry, told in chain if tells_health(told, pointers)), -1)
