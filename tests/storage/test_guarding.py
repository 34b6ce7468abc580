"""One guard under every delete: no table with case data escapes it, on any store."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace

import pytest
import sqlalchemy as sa

from engine.errors import Conflict
from engine.model import Party
from engine.model.retained import Hold
from storage.guarding import ELSEWHERE, KEPT, UNDER_CERTIFICATE, WORKING
from storage.tables import metadata
from tests.storage.builders import START, begin, certify, outcome, task

LISTS = (UNDER_CERTIFICATE, KEPT, WORKING, ELSEWHERE)
OF_A_CASE = {"dossier", "case", "case_id", "party", "stream", "message", "document", "invitation"}
OF_CASES = {"dossiers", "cases", "documents", "messages", "invitations", "tasks", "parties"}
GUARDED = sorted({**UNDER_CERTIFICATE, **KEPT})
VALUES = {
    "Utc": START,
    "Date": START.date(),
    "Integer": 0,
    "BigInteger": 0,
    "LargeBinary": b"",
    "Boolean": True,
}


def test_every_table_stands_in_exactly_one_list():
    assert sorted(name for one in LISTS for name in one) == sorted(metadata.tables)


@pytest.mark.parametrize("name", ELSEWHERE)
def test_what_is_said_to_hold_no_case_data_refers_to_no_case(name):
    table = metadata.tables[name]
    assert not OF_A_CASE & set(table.columns.keys())
    assert not OF_CASES & {key.column.table.name for key in table.foreign_keys}


@pytest.fixture
def full(database):
    """A store with a row in every guarded table, of a dossier without a certificate; undone after."""
    with suppress(Undone), database.open() as store:
        connection = store.connection
        begin(store, outcome())
        certify(store, "d1")
        is_postgres = connection.dialect.name == "postgresql"
        looks_away = "SET LOCAL session_replication_role = replica"
        connection.exec_driver_sql(looks_away if is_postgres else "PRAGMA defer_foreign_keys=ON")
        for name in set(GUARDED) - {"certificates"}:
            connection.execute(sa.insert(metadata.tables[name]), row_of(metadata.tables[name]))
        if is_postgres:
            connection.exec_driver_sql("SET LOCAL session_replication_role = origin")
        yield connection
        raise Undone


class Undone(Exception):
    """Nothing of this is kept."""


def row_of(table):
    """What must be there, whatever it would mean."""
    needed = [c for c in table.columns if c.server_default is None and not c.nullable]
    return {c.name: VALUES.get(type(c.type).__name__, f"some {table.name}") for c in needed}


def refused(connection, statement):
    with pytest.raises(sa.exc.DBAPIError) as refusal, connection.begin_nested():
        connection.exec_driver_sql(statement)
    return str(refusal.value.orig)


def test_no_row_with_case_data_is_deleted_without_a_certificate(full):
    for name in GUARDED:
        said = refused(full, f"DELETE FROM {name}")
        assert "needs a certificate" in said or "append-only" in said, name


def test_no_table_with_case_data_is_emptied_at_once(full):
    for name in GUARDED if full.dialect.name == "postgresql" else ():
        assert "append-only" in refused(full, f"TRUNCATE {name} CASCADE"), name


@pytest.mark.parametrize("what", ["no entry", "an open case", "a hold"])
def test_a_certificate_is_issued_only_for_what_may_be_destroyed(open_store, what):
    with open_store() as store:
        begin(store, outcome())
        if what == "a hold":
            store.save_hold(Hold("h1", "d1", "dossier", "d1", "d1", "再审", "zhang", START))
    with pytest.raises(Conflict) as refusal, open_store() as store:
        issue(store, what)
    assert refusal.value.code == "certificate_refused"


def test_a_certificate_is_never_changed(open_store):
    with open_store() as store:
        begin(store, outcome())
        certify(store, "d1")
    with pytest.raises(Conflict) as refusal, open_store() as store:
        store.connection.exec_driver_sql("UPDATE certificates SET dossier = 'd2'")
    assert refusal.value.code == "delete_needs_certificate"


def issue(store, what):
    begin(store, outcome(), "c2", "d2")
    issued = store.certificate(certify(store, "d2"))
    if what != "an open case":
        store.touch_case(replace(store.case("c1"), status="ended"))
    seq = 7 if what == "no entry" else issued.seq
    store.destroy(replace(issued, number="XH2026-2", dossier="d1", seq=seq), {}, ())


def test_a_file_laid_into_an_open_form_is_in_use(open_store):
    digest = "ab" * 32
    with open_store() as store:
        begin(store, outcome(tasks=(task(),)))
        assert not store.used_elsewhere(digest, "d9")
        store.keep_draft("t1", "clerk", {"/photo": [{"digest": digest}]}, START)
        assert store.used_elsewhere(digest, "d9")


def test_what_is_put_in_while_a_dossier_is_destroyed_waits_and_is_refused(database):
    with database.open() as store:
        begin(store, outcome())

    def put_in():
        with pytest.raises(Conflict) as refusal, database.open() as store:
            store.save_party(Party("p1", "d1", "A", "张三"))
        return refusal.value.code

    with ThreadPoolExecutor(1) as other:
        with database.open() as store:
            store.close_dossier("d1")
            told = other.submit(put_in)
            certify(store, "d1")
        assert told.result() == "dossier_destroyed"
