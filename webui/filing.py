"""Verifies the files alone: what is missing, what is damaged, and what nobody refers to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from engine.errors import EngineError
from engine.ports import Blobs
from engine.proofs.auditing import Look
from engine.proofs.destroyed import certified

PAGE = 1_000


@dataclass(frozen=True, slots=True)
class FileVerdict:
    """What is so with one file. ``code``: "" fine, blob_orphan, else why it is not handed out."""

    digest: str
    code: str = ""
    certificate: str = ""

    @property
    def is_wrong(self) -> bool:
        """Nobody refers to an orphan: as a form that was not sent leaves one, it is no loss; nor is
        what was lawfully destroyed.
        """
        return self.code not in ("", "blob_orphan", "file_destroyed")


def verify_files(look: Look, blobs: Blobs) -> Iterator[FileVerdict]:
    """Every file that is registered or there, by digest: each is read, one pass over both lists."""
    there, known = blobs.digests(), _registered(look)
    here, told = next(there, ""), next(known, "")
    while here or told:
        digest = min(name for name in (here, told) if name)
        yield _lawful(look, FileVerdict(digest, _judged(blobs, digest, digest == told)))
        if here == digest:
            here = next(there, "")
        if told == digest:
            told = next(known, "")


def _judged(blobs: Blobs, digest: str, registered: bool) -> str:
    try:
        blobs.get(digest)
    except EngineError as refused:
        return refused.code
    return "" if registered else "blob_orphan"


def _lawful(look: Look, found: FileVerdict) -> FileVerdict:
    """A file that is missing because it was destroyed under a certificate."""
    if found.code != "no_blob":
        return found
    with look() as store:
        certificate = store.certificate_of_file(found.digest)
        is_lawful = found.digest in certified(store, certificate).get("files", ())
    return FileVerdict(found.digest, "file_destroyed", certificate) if is_lawful else found


def _registered(look: Look) -> Iterator[str]:
    """Digests that the store refers to, in short readings."""
    after = ""
    while True:
        with look() as store:
            page = store.subjects("blob", after, PAGE)
        yield from page
        if len(page) < PAGE:
            return
        after = page[-1]
