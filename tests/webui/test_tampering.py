"""Somebody with full access to the database: whatever they change in what proves, is found and named."""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from engine.commands import sealing
from engine.commands.desk import Act
from engine.commands.releases import INSTALLATION
from engine.facts import Where
from engine.journal import link
from engine.proofs import tree
from engine.proofs.auditing import Audit
from engine.proofs.notes import printed
from engine.spiff import read_state
from storage.columns import Utc
from storage.guarding import ELSEWHERE
from storage.tables import metadata
from storage.triggers import NAMES
from tests.builders import BEGIN
from tests.cast import ADMIN, APPROVER, CLERK, DESIGNER, ORGANISATIONS
from tests.webui.conftest import FILES, XML
from webui.config import read_config
from webui.sealing import log_keys
from webui.verification import Verification
from webui.wiring import build, reader

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


def record(folder, keys=None):
    """A small history: two releases, two facts, a case with a step, a few notes, three heads; its config."""
    config = read_config({"LIANDIAO_DATA": str(folder)})
    built = build(config, lambda: BEGIN)
    keys = keys or log_keys(config)
    with built.open_store() as store:
        for organisation in ORGANISATIONS:
            store.save_organisation(organisation)
    engine = built.engine
    for author, approver in ((INSTALLATION, INSTALLATION), (DESIGNER, APPROVER)):
        files = {**FILES, "process.bpmn": XML, "shared/by.json": author.person.encode()}
        engine._publish(author, approver, "small", files, "")
    engine.seal(keys)
    engine.set_setting(ADMIN, "warning_red_hours", 20, Where(), "试行")
    case = engine.begin(CLERK, "small", {"/dispute/title": "漏水"})
    engine.answer(CLERK, read_state(case.state).tasks[0].id, {"/dispute/facts": "属实"}, "accept")
    engine.note_reading(CLERK, case.dossier)
    with built.open_store() as store:
        for _ in range(16):
            engine._record(store, "seal:drill", Act("read", CLERK))
    engine.seal(keys)
    engine.note_reading(CLERK, case.dossier)
    built.database.close()
    return config


@dataclass
class Attacker:
    """Edits a copy of the file as its administrator could: no trigger, no foreign key in the way."""

    config: object

    def run(self, *statements):
        with closing(sqlite3.connect(self.config.data / "liandiao.db")) as db:
            found = db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
            kept = [db.execute(f"DROP TRIGGER {name}") for (name,) in found]
            changed = [db.execute(statement).rowcount for statement in statements]
            db.commit()
        assert kept
        assert all(changed), "the attack changed nothing"

    def rows(self, query):
        with closing(sqlite3.connect(self.config.data / "liandiao.db")) as db:
            return db.execute(query).fetchall()

    @property
    def found(self):
        """What verifying everything names: (subject, code)."""
        run = Verification(self.config, 1).run()
        verdicts = [verdict for page in run for verdict in page]
        return {(fault.stream, fault.code) for verdict in verdicts for fault in verdict.breaks}


@pytest.fixture(scope="module", autouse=True)
def low_nodes():
    """Nodes over eight leaves are stored, so that a small log has some."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tree, "STORED", (3,))
        patch.setattr(sealing, "STORED", (3,))
        yield


@pytest.fixture(scope="module")
def history(tmp_path_factory):
    return record(tmp_path_factory.mktemp("history") / "data")


@pytest.fixture
def attacker(history, tmp_path):
    shutil.copytree(history.data, tmp_path / "data")
    return Attacker(read_config({"LIANDIAO_DATA": str(tmp_path / "data")}))


ROWS = {
    "facts": "digest = (SELECT facts FROM journal WHERE stream LIKE 'case:%')",
    **dict.fromkeys(("journal", "payload", "log_leaves"), "stream LIKE 'case:%' AND seq = 1"),
}


def row_of(table):
    """Where one row stands that matters: of the case where the table knows cases."""
    return f"(SELECT rowid FROM {table} WHERE {ROWS.get(table, 'true')} ORDER BY rowid LIMIT 1)"


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
    attacker.run(f"UPDATE {table} SET {column} = {value} WHERE rowid = {row_of(table)}")
    assert {subject for subject, _ in attacker.found} & may_name(attacker, table)


@pytest.mark.parametrize("table", PROOF)
def test_a_dropped_row_is_named(attacker, table):
    attacker.run(f"DELETE FROM {table} WHERE rowid = {row_of(table)}")
    assert {subject for subject, _ in attacker.found} & may_name(attacker, table)


@pytest.mark.parametrize("table", PROOF)
def test_a_doubled_row_is_named(attacker, table):
    key = KEYS[table][-1]
    names = [column.name for column in metadata.tables[table].columns]
    changed = {key, *({"seq"} if table == "log_leaves" else ())}
    changed |= {"version"} if table == "releases" else set()
    values = ", ".join(other(table, name) if name in changed else name for name in names)
    attacker.run(f"INSERT INTO {table} SELECT {values} FROM {table} WHERE rowid = {row_of(table)}")
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


# Against a head kept outside -------------------------------------------------------------------


def compared(config, note):
    """What comparing a log with a head kept outside finds; "" when it is one history."""
    audit = Audit(reader(config), log_keys(config).check)
    (verdict,) = audit.compare({"kept": note})
    return [fault.code for fault in verdict.breaks]


@pytest.fixture
def kept(attacker):
    """The latest head, as it was sent outside."""
    ((note,),) = attacker.rows("SELECT note FROM checkpoints ORDER BY size DESC LIMIT 1")
    return note


def test_a_head_of_this_history_is_recognised_signed_or_copied_from_a_paper(history, kept):
    assert compared(history, kept) == compared(history, printed(kept)) == []
    assert compared(history, printed(kept)[:-2] + "x=") == ["outside_differs"]
    assert compared(history, "no head") == ["outside_unreadable"]


def test_a_restored_backup_is_found_by_a_head_kept_outside(attacker, kept):
    backup = attacker.rows("SELECT min(size) FROM checkpoints")[0][0]
    attacker.run(
        f"DELETE FROM log_leaves WHERE position >= {backup}",
        "DELETE FROM log_nodes",
        f"DELETE FROM checkpoints WHERE size > {backup}",
    )
    assert compared(attacker.config, kept) == ["outside_ahead"]


def test_a_backup_that_was_restored_and_gone_on_with_is_found(attacker, kept, tmp_path):
    fork = build(attacker.config, lambda: BEGIN)
    shutil.copytree(attacker.config.data, tmp_path / "backup")
    for _ in range(2):
        fork.engine.begin(CLERK, "small", {"/dispute/title": "漏水"})
    fork.engine.seal(log_keys(attacker.config))
    fork.database.close()
    ((note,),) = attacker.rows("SELECT note FROM checkpoints ORDER BY size DESC LIMIT 1")
    other = Attacker(read_config({"LIANDIAO_DATA": str(tmp_path / "backup")}))
    again = build(other.config, lambda: BEGIN)
    for _ in range(4):
        again.engine.begin(CLERK, "small", {"/dispute/title": "噪声"})
    again.engine.seal(log_keys(other.config))
    again.database.close()
    assert other.found == set()
    assert compared(other.config, kept) == []
    assert compared(other.config, note) == ["outside_differs"]


class Stolen:
    """The keys of a history, in the hands of somebody who makes another one with them."""

    def __init__(self, keys, public):
        self.make, self.sign, self.check = (lambda: public), keys.sign, keys.check


def test_a_history_made_anew_with_the_stolen_key_is_found(history, kept, tmp_path):
    (file,) = (history.data / "log-keys").iterdir()
    stolen = Stolen(log_keys(history), bytes.fromhex(file.stem))
    forged = record(tmp_path / "forged", stolen)
    assert Attacker(forged).found == set()
    assert compared(forged, kept) == ["outside_differs"]


def test_a_log_begun_anew_is_found(kept, tmp_path):
    assert compared(record(tmp_path / "another"), kept) == ["outside_other_log"]
