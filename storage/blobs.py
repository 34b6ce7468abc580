"""Files by their digest: on disk or in memory, written once and verified whenever read."""

from __future__ import annotations

import errno
import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from tempfile import NamedTemporaryFile

from engine.errors import Failed, NotFound
from engine.model.retained import Certificate


class FolderBlobs:
    """``<folder>/ab/cdef...``: whole or not there, whatever happens while writing.

    ``put`` raises Failed (disk_full, blob_unwritable), ``get`` NotFound (no_blob) and
    Failed (blob_damaged).
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, content: bytes) -> str:
        digest = digest_of(content)
        path = self._path(digest)
        if self._holds(path, digest):
            return digest
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._write(path, content)
        except OSError as error:
            code = "disk_full" if error.errno in (errno.ENOSPC, errno.EDQUOT) else "blob_unwritable"
            raise Failed(code, reason=error.strerror) from error
        return digest

    def get(self, digest: str) -> bytes:
        path = self._path(digest)
        if not path.is_file():
            raise NotFound("no_blob", digest=digest)
        return verified(path.read_bytes(), digest)

    def has(self, digest: str) -> bool:
        return is_digest(digest) and self._path(digest).is_file()

    def remove(self, digest: str, certificate: Certificate) -> None:
        try:
            self._path(digest).unlink(missing_ok=True)
        except OSError as error:
            raise Failed("blob_unwritable", reason=error.strerror) from error

    def digests(self, after: str = "") -> Iterator[str]:
        for folder in sorted(self._folder.glob("[0-9a-f][0-9a-f]")):
            if folder.name >= after[:2]:
                names = (folder.name + path.name for path in folder.iterdir())
                yield from sorted(name for name in names if is_digest(name) and name > after)

    def _path(self, digest: str) -> Path:
        """Digests come from outside too: what is none names no file."""
        if not is_digest(digest):
            raise NotFound("no_blob", digest=digest[:64])
        return self._folder / digest[:2] / digest[2:]

    def _holds(self, path: Path, digest: str) -> bool:
        return path.is_file() and digest_of(path.read_bytes()) == digest

    def _write(self, path: Path, content: bytes) -> None:
        """Written beside its place, made durable, then put there in one step."""
        with NamedTemporaryFile(dir=path.parent, prefix=".", delete=False) as file:
            written = Path(file.name)
            try:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
                written.chmod(0o440)
                written.replace(path)
            except OSError:
                written.unlink(missing_ok=True)
                raise
        _sync_folder(path.parent)


class MemoryBlobs:
    """The same promises without a disk: for stories and a quick look."""

    def __init__(self) -> None:
        self._contents: dict[str, bytes] = {}

    def put(self, content: bytes) -> str:
        digest = digest_of(content)
        self._contents[digest] = bytes(content)
        return digest

    def get(self, digest: str) -> bytes:
        if digest not in self._contents:
            raise NotFound("no_blob", digest=digest[:64])
        return verified(self._contents[digest], digest)

    def has(self, digest: str) -> bool:
        return digest in self._contents

    def remove(self, digest: str, certificate: Certificate) -> None:
        self._contents.pop(digest, None)

    def digests(self, after: str = "") -> Iterator[str]:
        yield from sorted(digest for digest in self._contents if digest > after)


def digest_of(content: bytes) -> str:
    """Lower-case SHA-256."""
    return hashlib.sha256(content).hexdigest()


def is_digest(text: str) -> bool:
    """Whether a text can name a file at all."""
    return len(text) == 64 and set(text) <= set("0123456789abcdef")


def verified(content: bytes, digest: str) -> bytes:
    """The content if it is the digest's; Failed (blob_damaged) names the digest."""
    if digest_of(content) != digest:
        raise Failed("blob_damaged", permanent=True, digest=digest)
    return content


def _sync_folder(folder: Path) -> None:
    """The name in the folder must survive a power cut as well."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
