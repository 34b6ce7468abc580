"""Verifying the files alone: missing, damaged and those that nobody refers to are each named."""

from __future__ import annotations

import hashlib
import json

import pytest
from click.testing import CliRunner

from tests.cast import CLERK
from webui import filing
from webui.cli import main
from webui.filing import verify_files
from webui.wiring import blobs_of, reader


@pytest.fixture
def dossier(built):
    """A dossier that refers to three files, of which one was never stored; a fourth is nobody's."""
    found = built.engine.begin(CLERK, "small", {"/dispute/title": "漏水"}).dossier
    for content in (b"whole", b"damaged"):
        built.blobs.put(content)
    with built.open_store() as store:
        for name in (b"whole", b"damaged", b"missing"):
            told = {"name": name.decode(), "type": "text/plain", "size": 5}
            store.add_attachment(found, "clerk", told | {"digest": of(name)})
    path = built.config.data / "blobs" / of(b"damaged")[:2] / of(b"damaged")[2:]
    path.chmod(0o640)
    path.write_bytes(b"forged")
    built.blobs.put(b"orphan")
    return found


def of(content):
    return hashlib.sha256(content).hexdigest()


EXPECTED = {
    b"whole": "",
    b"damaged": "blob_damaged",
    b"missing": "no_blob",
    b"orphan": "blob_orphan",
}


@pytest.mark.parametrize("page", [1, 2, 1000])
def test_each_file_is_judged_once(built, dossier, monkeypatch, page):
    monkeypatch.setattr(filing, "PAGE", page)
    told = list(verify_files(reader(built.config), blobs_of(built.config)))
    assert {one.digest: one.code for one in told} == {of(k): v for k, v in EXPECTED.items()}
    assert len(told) == 4


def test_the_command_names_what_is_wrong_and_fails_for_it(built, dossier):
    settings = {"LIANDIAO_DATA": str(built.config.data), "LIANDIAO_LANG": "en"}
    told = CliRunner().invoke(main, ["verify", "--files"], env=settings)
    assert told.exit_code == 1
    assert told.stdout.endswith("2 passed, 2 failed\n")
    assert all(of(name) in told.stdout for name, code in EXPECTED.items() if code)


def test_an_orphan_alone_is_no_fault(built):
    built.blobs.put(b"orphan")
    settings = {"LIANDIAO_DATA": str(built.config.data)}
    told = CliRunner().invoke(main, ["verify", "--files", "--json"], env=settings)
    assert told.exit_code == 0
    assert json.loads(told.stdout.splitlines()[0])["code"] == "blob_orphan"
