"""Against a head kept outside: what nobody finds in the database alone."""

from __future__ import annotations

import shutil

import pytest

from engine.proofs.auditing import Audit
from engine.proofs.notes import printed
from tests.builders import BEGIN
from tests.cast import CLERK
from tests.webui.attacking import Attacker, attack, kept_history, misprinted, record
from webui.config import read_config
from webui.sealing import log_keys
from webui.wiring import build, reader


@pytest.fixture(scope="module")
def history(tmp_path_factory):
    with kept_history(tmp_path_factory.mktemp("history") / "data") as config:
        yield config


@pytest.fixture
def attacker(history, tmp_path):
    return attack(history, tmp_path / "data")


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
    assert compared(history, misprinted(printed(kept))) == ["outside_differs"]
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
