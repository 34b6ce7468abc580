"""Files by digest, on disk and in memory: one contract."""

import errno
import hashlib
import os

import pytest

from engine.errors import Failed, NotFound
from storage.blobs import FolderBlobs, MemoryBlobs

CONTENT = "调解协议".encode()
DIGEST = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture(params=["folder", "memory"])
def blobs(request, tmp_path):
    return FolderBlobs(tmp_path) if request.param == "folder" else MemoryBlobs()


def test_a_file_is_found_by_its_digest(blobs):
    assert blobs.put(CONTENT) == DIGEST
    assert (blobs.get(DIGEST), blobs.has(DIGEST)) == (CONTENT, True)


def test_the_same_content_is_one_file(blobs):
    assert blobs.put(CONTENT) == blobs.put(CONTENT)
    assert blobs.get(blobs.put(b"")) == b""


@pytest.mark.parametrize("digest", ["0" * 64, "../../etc/passwd", "", DIGEST.upper()])
def test_what_was_never_stored_is_not_there(blobs, digest):
    blobs.put(CONTENT)
    assert not blobs.has(digest)
    with pytest.raises(NotFound, match="no_blob"):
        blobs.get(digest)


def path_in(folder):
    return folder / DIGEST[:2] / DIGEST[2:]


def test_a_file_changed_on_disk_is_not_handed_out(tmp_path):
    blobs = FolderBlobs(tmp_path)
    blobs.put(CONTENT)
    path_in(tmp_path).chmod(0o640)
    path_in(tmp_path).write_bytes(b"forged")
    with pytest.raises(Failed, match="blob_damaged"):
        blobs.get(DIGEST)
    blobs.put(CONTENT)
    assert blobs.get(DIGEST) == CONTENT


def test_a_full_disk_leaves_nothing_behind(tmp_path, monkeypatch):
    def full(_descriptor):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Failed, match="disk_full"):
        FolderBlobs(tmp_path).put(CONTENT)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
