"""Somebody with full access to the database: whatever they change in what proves, is found and named."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import timedelta

import pytest

from engine.commands.desk import Act
from engine.journal import link
from storage.columns import Utc
from storage.guarding import ELSEWHERE
from storage.tables import metadata
from storage.triggers import NAMES
from tests.builders import BEGIN
from tests.cast import CLERK
from tests.webui.attacking import attack, kept_history
from tests.webui.conftest import XML
from webui.sealing import log_keys
from webui.wiring import build

UNCHANGED = {name.removesuffix("_no_update") for name in NAMES if name.endswith("_no_update")}
JUDGED_BY_OTHERS = {"records", "papers", "certificates"}
"""Kept unchanged too, but what proves them are entries of their dossier and the names of files."""
LAW = {name for name, why in ELSEWHERE.items() if why == "procedures and law"}
PROOF = sorted(UNCHANGED - JUDGED_BY_OTHERS | LAW | {"payload", "log_pending"})
BOOKKEEPING = {("facts", "added_at"), ("facts", "current_since")}
"""Which facts a case ran on stands in its journal, not here."""
KEYS = {name: [column.name for column in metadata.tables[name].primary_key] for name in PROOF}
COLUMNS = [
    (name, column.name)
    for name in PROOF
    for column in metadata.tables[name].columns
    if (name, column.name) not in BOOKKEEPING
]


@pytest.fixture(scope="module")
def history(tmp_path_factory):
    with kept_history(tmp_path_factory.mktemp("history") / "data") as config:
        yield config


@pytest.fixture
def attacker(history, tmp_path):
    return attack(history, tmp_path / "data")


ROWS = {
    "facts": "digest = (SELECT facts FROM journal WHERE stream LIKE 'case:%')",
    **dict.fromkeys(("journal", "payload", "log_leaves"), "stream LIKE 'case:%' AND seq = 1"),
}


def one_row(table):
    """A row that matters, the first that came: of the case where the table knows cases."""
    keys = ", ".join(KEYS[table])
    first = keys if table == "log_pending" else "rowid"  # it has none
    found = f"SELECT {keys} FROM {table} WHERE {ROWS.get(table, 'true')} ORDER BY {first} LIMIT 1"
    return f"({keys}) = ({found})"


def other(table, column):
    """Another value of the same kind."""
    of = metadata.tables[table].columns[column].type
    kind = "DATETIME" if isinstance(of, Utc) else str(of)
    if kind in ("INTEGER", "BIGINT"):
        return f"{column} + 100000"
    if kind == "DATETIME":
        return f"replace({column}, '2026', '2025')"
    return f"{column} || 'x'" if kind != "BLOB" else f"CAST({column} || 'x' AS BLOB)"


DIGESTS = """SELECT digest FROM releases UNION SELECT release FROM release_files
UNION SELECT digest FROM contents UNION SELECT digest FROM facts"""


def may_name(attacker, table):
    """The subjects by which an attack on this table may be named."""
    ((case, dossier),) = attacker.rows("SELECT 'case:' || id, 'dossier:' || dossier FROM cases")
    if table in ("journal", "payload"):
        return {case, "log"}
    if table.startswith(("log", "checkpoints")):
        return {dossier, "log"}
    return {case, "procedure:small", *(name for (name,) in attacker.rows(DIGESTS))}


def test_an_untouched_history_is_proved(attacker):
    assert attacker.found == set()


@pytest.mark.parametrize(("table", "column"), COLUMNS)
def test_a_changed_column_is_named(attacker, table, column):
    value = other(table, column)
    attacker.run(f"UPDATE {table} SET {column} = {value} WHERE {one_row(table)}")
    assert {subject for subject, _ in attacker.found} & may_name(attacker, table)


@pytest.mark.parametrize("table", PROOF)
def test_a_dropped_row_is_named(attacker, table):
    attacker.run(f"DELETE FROM {table} WHERE {one_row(table)}")
    assert {subject for subject, _ in attacker.found} & may_name(attacker, table)


@pytest.mark.parametrize("table", PROOF)
def test_a_doubled_row_is_named(attacker, table):
    key = KEYS[table][-1]
    names = [column.name for column in metadata.tables[table].columns]
    changed = {key, *({"seq"} if table == "log_leaves" else ())}
    changed |= {"version"} if table == "releases" else set()
    values = ", ".join(other(table, name) if name in changed else name for name in names)
    attacker.run(f"INSERT INTO {table} SELECT {values} FROM {table} WHERE {one_row(table)}")
    assert {subject for subject, _ in attacker.found} & may_name(attacker, table)


@pytest.mark.parametrize("table", [name for name in PROOF if name != "log_pending"])
def test_two_swapped_rows_are_found(attacker, table):
    names = [c.name for c in metadata.tables[table].columns if c.name not in KEYS[table]]
    names = [name for name in names if (table, name) not in BOOKKEEPING | {("releases", "version")}]
    if table == "log_leaves":
        names = ["leaf"]
    order = f"rowid {'DESC' if table == 'contents' else ''}"
    one, two = (
        rowid for (rowid,) in attacker.rows(f"SELECT rowid FROM {table} ORDER BY {order} LIMIT 2")
    )
    listed = ", ".join(names)
    attacker.run(
        f"CREATE TEMP TABLE held AS SELECT {listed} FROM {table} WHERE rowid = {one}",
        f"UPDATE {table} SET ({listed}) = (SELECT {listed} FROM {table} WHERE rowid = {two})"
        f" WHERE rowid = {one}",
        f"UPDATE {table} SET ({listed}) = (SELECT {listed} FROM held) WHERE rowid = {two}",
    )
    assert attacker.found


def test_a_truncated_tail_is_found_though_the_case_was_set_back(attacker):
    first = "(SELECT {} FROM journal WHERE stream LIKE 'case:%' AND seq = 0)"
    attacker.run(
        "DELETE FROM payload WHERE stream LIKE 'case:%' AND seq > 0",
        "DELETE FROM journal WHERE stream LIKE 'case:%' AND seq > 0",
        f"UPDATE cases SET seq = 0, leaf = {first.format('leaf')}, at = {first.format('at')}",
    )
    ((case,),) = attacker.rows("SELECT 'case:' || id FROM cases")
    assert (case, "tail_missing") in attacker.found


def test_a_case_that_vanished_is_missed(attacker):
    ((case,),) = attacker.rows("SELECT 'case:' || id FROM cases")
    attacker.run(
        "DELETE FROM payload WHERE stream LIKE 'case:%'",
        "DELETE FROM journal WHERE stream LIKE 'case:%'",
        "DELETE FROM tasks",
        "DELETE FROM cases",
    )
    assert (case, "tail_missing") in attacker.found


def test_a_swapped_release_is_named_by_the_cases_that_ran_on_it(attacker):
    forged = XML.replace("核查".encode(), "查核".encode())
    digest = hashlib.sha256(forged).hexdigest()
    attacker.run(
        f"INSERT INTO contents VALUES ('{digest}', x'{forged.hex()}')",
        f"UPDATE release_files SET digest = '{digest}' WHERE name = 'process.bpmn'",
    )
    ((case,),) = attacker.rows("SELECT 'case:' || id FROM cases")
    assert (case, "release_altered") in attacker.found


def test_a_forged_entry_with_every_hash_of_the_chain_made_anew_is_found(attacker):
    built = build(attacker.config, lambda: BEGIN)
    with built.open_store() as store:
        ((stream,),) = attacker.rows("SELECT 'case:' || id FROM cases")
        chain, before = list(store.entries(stream)), None
    statements = []
    for entry, payload in chain:
        before = link(replace(entry, actor="judge"), payload, before)
        statements.append(
            f"UPDATE journal SET actor = 'judge', previous = '{before.previous}',"
            f" leaf = '{before.leaf}' WHERE stream = '{stream}' AND seq = {entry.seq}"
        )
    attacker.run(*statements, f"UPDATE cases SET leaf = '{before.leaf}'")
    built.database.close()
    assert {code for subject, code in attacker.found if subject == stream} == {"log_differs"}


def test_what_waited_for_days_is_not_taken_for_a_clock_that_was_set_back(attacker):
    built = build(attacker.config, lambda: BEGIN)
    with built.open_store() as store:
        for n in range(450):
            built.engine._record(store, f"seal:drill{n}", Act("read", CLERK))
    later = build(attacker.config, lambda: BEGIN + timedelta(days=2))
    later.engine.seal(log_keys(attacker.config))
    for one in (built, later):
        one.database.close()
    assert attacker.found == set()


@pytest.mark.parametrize("restored", [True, False])
def test_a_clock_that_was_set_back_is_named(attacker, restored):
    back = build(attacker.config, lambda: BEGIN - timedelta(days=2))
    late = back.engine.begin(CLERK, "small", {"/dispute/title": "过期"})
    back.database.close()
    sealing_at = BEGIN if restored else BEGIN - timedelta(days=2)
    now = build(attacker.config, lambda: sealing_at)
    now.engine.seal(log_keys(attacker.config))
    now.database.close()
    named = {(f"case:{late.id}", "entry_dated_back"), ("log", "checkpoint_dated_back")}
    assert attacker.found & named == {one for one in named if one[0] != "log" or not restored}
