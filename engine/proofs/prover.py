"""Proves what is stored, subject by subject: a stream of the journal, a release, facts, a file."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Literal

from engine.errors import EngineError, Failed, NotFound
from engine.facts import sealed
from engine.journal import Break, verify
from engine.model import Case, Entry, Facts, Payload, Release
from engine.package import digest
from engine.ports import Blobs, Store
from engine.replay import Verdict, judge

from .auditing import Audit, Look
from .destroyed import certified, unlawful
from .verifier import Check, ed25519

Kind = Literal["log", "release", "content", "facts", "stream", "blob"]
KINDS: tuple[Kind, ...] = ("log", "release", "content", "facts", "stream", "blob")
"""What there is to prove, in this order."""

Links = list[tuple[Entry, Payload | None]]


class Prover:
    """Judges subjects one by one; what they run on is read and found sound once."""

    def __init__(self, look: Look, blobs: Blobs, check: Check = ed25519) -> None:
        self._look = look
        self._blobs = blobs
        self._check = check
        self._releases: dict[str, Release] = {}
        self._facts: dict[str, Facts] = {}

    def prove(self, kind: Kind, name: str) -> Verdict:
        """The verdict on one subject: whatever is wrong with it is a break, never an exception."""
        ways: Mapping[Kind, Callable[[Store, str], Verdict]] = {
            "release": self._release,
            "content": self._content,
            "facts": self._fact,
            "stream": self._stream,
            "blob": self._blob,
        }
        if kind == "log":
            return Audit(self._look, self._check).verdict()
        try:
            with self._look() as store:
                return ways[kind](store, name)
        except EngineError as refused:
            return _told(name, refused.code, refused.params)

    # What a case runs on -------------------------------------------------------------------

    def release_of(self, store: Store, name: str) -> Release:
        """A release whose files are those its digest names; Failed (release_missing, _altered)."""
        if name not in self._releases:
            try:
                found = store.release(name)
            except NotFound as missing:
                raise Failed("release_missing", permanent=True, digest=name[:12]) from missing
            if digest(found.files) != name:
                raise Failed("release_altered", permanent=True, digest=name[:12])
            self._releases[name] = found
        return self._releases[name]

    def facts_of(self, store: Store, name: str) -> Facts:
        """Facts whose content is what their digest names; Failed (facts_missing, facts_altered)."""
        if name not in self._facts:
            try:
                found = store.facts(name)
            except NotFound as missing:
                raise Failed("facts_missing", permanent=True, digest=name[:12]) from missing
            if sealed(found.calendars, found.settings, found.registers).digest != name:
                raise Failed("facts_altered", permanent=True, digest=name[:12])
            self._facts[name] = found
        return self._facts[name]

    def _release(self, store: Store, name: str) -> Verdict:
        """Its files are the digest's, and it was published as its row says."""
        release = self.release_of(store, name)
        stream, said = f"procedure:{release.procedure}", list[Mapping[str, Any]]()
        for entry, payload in store.entries(stream):
            if entry.verb == "publish" and payload and payload.data.get("digest") == name:
                note = {"procedure": release.procedure, "note": payload.reason}
                said.append(note | payload.data | {"author": entry.actor})
        if not said:
            return _told(name, "release_unpublished")
        rows = store.publications(name)
        same = len(rows) == len(said) and all(map(_is_said, rows, said))
        same = same and _is_said(store.publication(name), said[0])
        return _told(name, "" if same else "release_told_otherwise")

    def _content(self, store: Store, name: str) -> Verdict:
        same = hashlib.sha256(store.content(name)).hexdigest() == name
        return _told(name, "" if same else "content_altered")

    def _fact(self, store: Store, name: str) -> Verdict:
        self.facts_of(store, name)
        return _told(name)

    def _blob(self, store: Store, name: str) -> Verdict:
        try:
            self._blobs.get(name)
        except NotFound:
            certificate = store.certificate_of_file(name)
            if name not in certified(store, certificate).get("files", ()):
                raise
            return _told(name, "file_destroyed", {"certificate": certificate})
        return _told(name)

    # Streams -------------------------------------------------------------------------------

    def _stream(self, store: Store, name: str) -> Verdict:
        """A case is replayed; of a person, a setting or a dossier the chain is verified."""
        chain = list(store.entries(name))
        kind, _, rest = name.partition(":")
        if kind == "case":
            return self._case(store, rest, chain)
        breaks = [*verify(chain), *_stands(store, name, chain), *unlawful(store, name, chain)]
        if kind == "procedure":
            breaks += self._published(store, chain)
        return Verdict(name, len(chain), 0, tuple(breaks), {})

    def _published(self, store: Store, chain: Links) -> Iterator[Break]:
        """Every release that was published is there as it was."""
        for entry, payload in chain:
            if entry.verb == "publish" and payload:
                try:
                    self.release_of(store, payload.data.get("digest", ""))
                except Failed as failed:
                    yield Break(entry.stream, entry.seq, failed.code)

    def _case(self, store: Store, case_id: str, chain: Links) -> Verdict:
        """Chain and replay, and that the case stands where its journal ends."""
        case = _case_row(store, case_id)
        verdict = judge(
            chain,
            lambda name: self.release_of(store, name),
            lambda name: self.facts_of(store, name),
            case.state if case else None,
        )
        code = _at_head(case, chain[-1][0] if chain else None)
        head = (Break(f"case:{case_id}", case.seq if case else 0, code),) if code else ()
        stream = f"case:{case_id}"
        breaks = (
            *verdict.breaks,
            *head,
            *_stands(store, stream, chain),
            *unlawful(store, stream, chain),
        )
        return Verdict(case_id, verdict.entries, verdict.replayed, breaks, verdict.params)


def _stands(store: Store, stream: str, chain: Links) -> Iterator[Break]:
    """Every entry is the one that was sealed, or waits to be; none that was sealed is gone."""
    standing = {one.seq: one for one in store.standing(stream)}
    for entry, _ in chain:
        found = standing.pop(entry.seq, None)
        if found is None:
            yield Break(stream, entry.seq, "not_in_log")
        elif found.position >= 0 and found.leaf != entry.leaf:
            yield Break(stream, entry.seq, "log_differs")
    gone = [one.seq for one in standing.values() if one.position >= 0]
    if gone:
        yield Break(stream, max(gone), "tail_missing")


def _told(name: str, code: str = "", params: Mapping[str, Any] | None = None) -> Verdict:
    breaks = (Break(name, 0, code),) if code else ()
    return Verdict(name, 0, 0, breaks, {"digest": name[:12], **(params or {})})


def _is_said(row: Mapping[str, Any], said: Mapping[str, Any]) -> bool:
    return all(row[key] == said[key] for key in row if key in said)


def _case_row(store: Store, case_id: str) -> Case | None:
    try:
        return store.case(case_id)
    except NotFound:
        return None


def _at_head(case: Case | None, last: Entry | None) -> str:
    """What is wrong between a case and the end of its journal; "" when they meet."""
    if case is None:
        return "case_missing"
    if last is None or case.seq > last.seq:
        return "tail_missing"
    return "" if (case.seq, case.leaf) == (last.seq, last.leaf) else "head_differs"
