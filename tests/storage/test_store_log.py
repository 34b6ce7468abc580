"""The log of every store: in line by itself, taken in once, never changed."""

from __future__ import annotations

import pytest

from engine.errors import Conflict
from engine.journal import link
from engine.model import Payload
from engine.proofports import Leaf
from storage.sql import Database
from tests.storage.builders import entry_of


def noted(store, stream, before=None):
    content = Payload("00" * 16, {})
    linked = link(entry_of(stream), content, before)
    store.append(linked, content)
    return linked


def taken(store, limit=100):
    """Take what waits into the log, without nodes and heads."""
    waiting = store.unsealed(limit)
    if waiting:
        store.add_leaves(store.log_size(), waiting)
    return [(leaf.stream, leaf.seq) for leaf in waiting]


def test_an_entry_is_in_line_as_soon_as_it_is_written(open_store):
    with open_store() as store:
        first = noted(store, "person:b")
        noted(store, "person:b", first)
        noted(store, "person:a")
    with open_store() as store:
        assert [one.position for one in store.standing("person:b")] == [-1, -1]
        assert taken(store, limit=2) == [("person:a", 0), ("person:b", 0)]
        assert [one.position for one in store.standing("person:b")] == [1, -1]
    with open_store() as store:
        assert taken(store) == [("person:b", 1)]
        assert taken(store) == []
        assert store.log_size() == 3


def test_what_was_rolled_back_is_not_in_line(open_store):
    def half_done():
        with open_store() as store:
            noted(store, "person:a")
            raise KeyError("the next thing failed")

    with pytest.raises(KeyError):
        half_done()
    with open_store() as store:
        assert taken(store) == []


def test_hashes_come_in_order_and_end_where_the_log_ends(open_store):
    with open_store() as store:
        store.add_leaves(0, [Leaf("person:a", n, f"{n:064x}") for n in range(3)])
        store.add_nodes(8, 0, [b"\1" * 32])
        assert [int.from_bytes(leaf) for leaf in store.log_hashes(0, 1, 256)] == [1, 2]
        assert store.log_hashes(8, 0, 256) == [b"\1" * 32]


def test_heads_are_found_by_what_they_cover(open_store):
    with open_store() as store:
        assert store.last_checkpoint() == (0, "")
        for size in (2, 5):
            store.add_checkpoint(size, f"note {size}")
        assert store.last_checkpoint() == (5, "note 5")
        assert [store.checkpoint(above) for above in (1, 2, 5)] == ["note 2", "note 5", ""]


@pytest.mark.parametrize("table", ["log_leaves", "log_nodes", "checkpoints"])
@pytest.mark.parametrize("change", ["UPDATE {} SET {} = 7", "DELETE FROM {}"])
def test_the_database_refuses_to_change_the_log(database, table, change):
    with database.open() as store:
        store.add_leaves(0, [Leaf("person:a", 0, "00" * 32)])
        store.add_nodes(8, 0, [b"\1" * 32])
        store.add_checkpoint(1, "note")
    column = "size" if table == "checkpoints" else "position"
    with pytest.raises(Conflict) as refusal, database.open() as store:
        store.connection.exec_driver_sql(change.format(table, column))
    assert refusal.value.code == "append_only"


# Where several write at once ------------------------------------------------------------------


@pytest.fixture
def shared_store(url_of, clock):
    """A PostgreSQL store, where transactions run side by side."""
    database = Database(url_of("postgresql"), clock)
    yield database.open
    database.close()


def test_an_entry_that_commits_late_is_not_lost(shared_store):
    with shared_store() as late:
        noted(late, "person:a")  # an earlier time than the other's
        with shared_store() as store:
            noted(store, "person:b")
        with shared_store() as store:
            assert taken(store) == [("person:b", 0)]
    with shared_store() as store:
        assert taken(store) == [("person:a", 0)]


def test_of_two_sealers_one_finds_nothing_to_do(shared_store):
    with shared_store() as store:
        noted(store, "person:a")
    with shared_store() as one, shared_store() as other:
        assert len(one.unsealed(10)) == 1
        assert other.unsealed(10) == []
    with shared_store() as rotating, shared_store() as other:
        rotating.hold_log()
        assert other.unsealed(10) == []
