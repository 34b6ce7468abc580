"""Bad days of a database: full disk, busy, read-only, damaged, not there. Nothing half-written."""

from __future__ import annotations

import shutil
import sqlite3

import pytest

from engine.errors import Conflict, EngineError, Failed
from storage.schema import migrate
from storage.sql import Database, engines
from tests.postgres import new_database
from tests.storage.builders import begin, dossier, go_on, outcome, task


@pytest.fixture
def path(tmp_path):
    migrate(f"sqlite:///{tmp_path}/x.db")
    return tmp_path / "x.db"


@pytest.fixture
def database(path, clock):
    made = Database(f"sqlite:///{path}", clock)
    with made.open() as store:
        begin(store, outcome(tasks=(task(),)))
    yield made
    made.close()


def code_of(verb, *args):
    with pytest.raises(EngineError) as refusal:
        verb(*args)
    return refusal.value.code


def step_on(database, state=b"next"):
    with database.open() as store:
        go_on(store, store.case("c1"), outcome(state=state), task="t1")


def test_on_a_full_disk_the_step_is_refused_whole(database):
    with database.open() as store:
        pages = store.connection.exec_driver_sql("PRAGMA page_count").scalar()
        store.connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
    assert code_of(step_on, database, b"x" * 1_000_000) == "disk_full"
    with database.open() as store:
        assert (store.case("c1").seq, len(list(store.entries("case:c1")))) == (0, 1)
        assert store.open_task("t1") is not None


def test_a_writer_that_never_ends_is_not_waited_for_for_ever(path, clock, monkeypatch):
    monkeypatch.setattr(engines, "_PRAGMAS", ("PRAGMA busy_timeout=10",))
    database = Database(f"sqlite:///{path}", clock)
    with database.open(), pytest.raises(Failed, match="database_busy"):
        step_on(database)
    database.close()


def test_a_damaged_file_is_said_to_be_damaged(database, path, clock):
    database.close()  # everything is in the one file now
    content = bytearray(path.read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)
    path.write_bytes(content)
    assert code_of(step_on, database) == "database_damaged"


def test_a_damaged_row_is_not_built_upon(database):
    with database.open() as store:
        store.connection.exec_driver_sql("UPDATE cases SET at = 'yesterday', open = '{oops'")
    assert code_of(step_on, database) == "row_damaged"


def test_a_file_that_is_no_database_is_refused(tmp_path):
    (tmp_path / "x.db").write_bytes(b"certainly not a database" * 100)
    assert code_of(migrate, f"sqlite:///{tmp_path}/x.db") == "database_damaged"


def test_a_database_that_is_not_running_is_named(clock):
    away = Database("postgresql+psycopg://nobody@127.0.0.1:1/none?connect_timeout=1", clock)
    assert code_of(step_on, away) == "database_failed"


def test_a_connection_that_is_cut_in_a_step_loses_it_whole_and_the_next_one_works(postgres, clock):
    url = new_database(postgres)
    migrate(url)
    served = Database(url, clock)
    with served.open() as store:
        begin(store, outcome(tasks=(task(),)))

    def cut():
        with served.open() as store, served.engine.connect() as other:
            case = store.case("c1")
            mine = store.connection.exec_driver_sql("SELECT pg_backend_pid()").scalar()
            other.exec_driver_sql(f"SELECT pg_terminate_backend({mine})")
            go_on(store, case, outcome(), task="t1")

    assert code_of(cut) == "database_failed"
    step_on(served)
    served.close()


def test_a_reference_to_nothing_is_a_conflict_and_leaves_nothing(database):
    def misfiled():
        with database.open() as store:
            store.save_dossier(dossier("d9", "9"))
            store.add_attachment("none", "p1", {"digest": "", "name": "", "type": "", "size": 0})

    with pytest.raises(Conflict):
        misfiled()
    with database.open() as store:
        assert code_of(store.dossier, "d9") == "no_dossier"


def test_a_killed_server_loses_nothing_that_was_committed(database, path, tmp_path, clock):
    """What lies on the disk at this instant, copied away as a power cut would leave it."""
    step_on(database)
    for file in path.parent.glob("x.db*"):
        shutil.copy(file, tmp_path / file.name.replace("x.db", "copy.db"))
    rescued = Database(f"sqlite:///{tmp_path}/copy.db", clock)
    with rescued.open() as store:
        assert store.case("c1").state == b"next"
    rescued.close()


def test_sqlite_promises_what_it_must(database):
    asked = ("journal_mode", "synchronous", "foreign_keys")
    with database.open() as store:
        told = [store.connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in asked]
    assert told == ["wal", 2, 1]
    assert sqlite3.sqlite_version_info >= (3, 35)  # RETURNING
