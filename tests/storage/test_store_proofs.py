"""What every store gives to whoever proves it: subjects page by page, and a log that holds."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import timedelta

import pytest

from engine.commands import Engine
from engine.proofs.auditing import Audit
from engine.proofs.prover import KINDS, Prover
from engine.services.log_keys import FolderKeys
from storage.blobs import MemoryBlobs
from storage.sql import SqlStore
from tests.builders import process, user
from tests.storage.scenes import begin_case


@pytest.fixture
def engine(database, clock):
    return Engine(database.open, clock, {}, MemoryBlobs())


@pytest.fixture
def look(database, clock):
    """Opens the store to look into, as verifying does."""

    @contextmanager
    def looking():
        with database.read() as connection:
            yield SqlStore(connection, clock, timedelta(0))

    return looking


@pytest.fixture
def case(engine, database):
    return begin_case(engine, database.open, process("start -> u -> end", user("u")))


def test_subjects_come_in_pages_and_in_order(look, case):
    with look() as store:
        whole = list(store.subjects("stream", "", 100))
        first = list(store.subjects("stream", "", 1))
        assert first + list(store.subjects("stream", first[-1], 100)) == whole == sorted(whole)
        assert f"case:{case}" in whole
        assert all(store.count_subjects(kind) >= 0 for kind in KINDS if kind != "log")


def test_what_a_store_holds_is_proved(engine, look, case, tmp_path):
    keys = FolderKeys(tmp_path)
    engine.seal(keys)
    assert Audit(look, keys.check).verdict().breaks == ()
    prover = Prover(look, engine.blobs, keys.check)
    with look() as store:
        names = list(store.subjects("stream", "", 100))
    verdicts = [prover.prove("stream", name) for name in names]
    found = [fault.code for verdict in verdicts for fault in verdict.breaks]
    assert found == ["facts_altered"]  # the facts of this scene bear a made-up name
