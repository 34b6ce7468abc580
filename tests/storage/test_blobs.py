"""Files by digest, on disk, in memory and in a bucket: one contract."""

import errno
import hashlib
import http.client
import logging
import os
from urllib.parse import urlsplit

import pytest
from moto.server import ThreadedMotoServer

from engine.errors import Failed, NotFound
from engine.model.retained import Certificate
from storage.blobs import FolderBlobs, MemoryBlobs
from storage.s3 import Bucket, S3Blobs
from tests.storage.builders import START
from tests.test_house import SOURCES

CONTENT = "调解协议".encode()
DIGEST = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture(scope="module")
def endpoint():
    """A real S3 server on this machine."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
    server.start()
    yield "http://{}:{}".format(*server.get_host_and_port())
    server.stop()


def put(bucket, path="", content=b""):
    """Past the product: as somebody does who has the keys of the object store."""
    line = http.client.HTTPConnection(urlsplit(bucket.endpoint).netloc)
    line.request("PUT", f"/{bucket.name}{path}", content, {"Authorization": "AWS key:any"})
    assert line.getresponse().status == 200
    line.close()


@pytest.fixture
def bucket(endpoint, tmp_path):
    made = Bucket(
        f"files-{hashlib.md5(bytes(tmp_path)).hexdigest()}", "", endpoint, "key", "secret"
    )
    put(made)
    return made


@pytest.fixture(params=["folder", "memory", "bucket"])
def blobs(request, tmp_path):
    if request.param == "memory":
        return MemoryBlobs()
    if request.param == "folder":
        return FolderBlobs(tmp_path)
    return S3Blobs(request.getfixturevalue("bucket"))


def test_a_file_is_found_by_its_digest(blobs):
    assert blobs.put(CONTENT) == DIGEST
    assert (blobs.get(DIGEST), blobs.has(DIGEST)) == (CONTENT, True)


def test_the_same_content_is_one_file(blobs):
    assert blobs.put(CONTENT) == blobs.put(CONTENT)
    assert blobs.get(blobs.put(b"")) == b""


def test_all_are_named_in_order_and_from_any_one_on(blobs):
    names = sorted(blobs.put(str(n).encode()) for n in range(9))
    assert list(blobs.digests()) == names
    assert list(blobs.digests(names[3])) == names[4:]


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


def test_a_file_changed_in_the_bucket_is_not_handed_out(bucket):
    blobs = S3Blobs(bucket)
    blobs.put(CONTENT)
    put(bucket, f"/{DIGEST[:2]}/{DIGEST[2:]}", b"forged")
    with pytest.raises(Failed) as failed:
        blobs.get(DIGEST)
    assert (failed.value.code, failed.value.params["digest"]) == ("blob_damaged", DIGEST)
    blobs.put(CONTENT)
    assert blobs.get(DIGEST) == CONTENT


def test_two_folders_of_one_bucket_do_not_see_each_other(bucket):
    one, two = (S3Blobs(Bucket(bucket.name, name, bucket.endpoint, "k", "s")) for name in "ab")
    one.put(CONTENT)
    assert (list(one.digests()), list(two.digests()), two.has(DIGEST)) == ([DIGEST], [], False)


@pytest.mark.parametrize("wrong", [{"name": "no-such-bucket"}, {"endpoint": "http://127.0.0.1:9"}])
def test_a_bucket_out_of_reach_is_a_failure_to_try_again(endpoint, wrong):
    told = {"name": "files", "endpoint": endpoint, "key_id": "k", "secret": "s"} | wrong
    with pytest.raises(Failed, match="blob_unwritable") as failed:
        S3Blobs(Bucket(**told)).put(CONTENT)
    assert not failed.value.permanent


def test_nobody_answers(endpoint):
    blobs = S3Blobs(Bucket("files", endpoint="http://127.0.0.1:9", key_id="k", secret="s"))
    for ask in (blobs.get, blobs.has, lambda _: list(blobs.digests())):
        with pytest.raises(Failed, match="blob_unreachable"):
            ask(DIGEST)


def test_a_full_disk_leaves_nothing_behind(tmp_path, monkeypatch):
    def full(_descriptor):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Failed, match="disk_full"):
        FolderBlobs(tmp_path).put(CONTENT)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_file_is_removed_under_a_certificate_and_once_more_does_no_harm(blobs):
    issued = Certificate("XH2026-1", "d1", "l1", "destruction:l1", 2, START)
    blobs.put(CONTENT)
    for _ in range(2):
        blobs.remove(DIGEST, issued)
        assert not blobs.has(DIGEST)


def test_files_are_removed_in_one_place_only():
    found = [path for path in SOURCES if ".blobs.remove(" in path.read_text("utf-8")]
    assert [path.stem for path in found] == ["destroying"]
