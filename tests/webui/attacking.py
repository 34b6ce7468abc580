"""A small history, and somebody with full access to its database."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing, contextmanager
from dataclasses import dataclass

import pytest

from engine.commands import sealing
from engine.commands.desk import Act
from engine.commands.releases import INSTALLATION
from engine.facts import Where
from engine.proofs import tree
from engine.spiff import read_state
from tests.builders import BEGIN
from tests.cast import ADMIN, APPROVER, CLERK, DESIGNER, ORGANISATIONS
from tests.webui.conftest import FILES, XML
from webui.config import read_config
from webui.sealing import log_keys
from webui.verification import Verification
from webui.wiring import build


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


@contextmanager
def kept_history(folder):
    """The config of one, while nodes over eight leaves are stored, so that a small log has some."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tree, "STORED", (3,))
        patch.setattr(sealing, "STORED", (3,))
        yield record(folder)


def attack(history, folder):
    """An attacker on a copy of a history."""
    shutil.copytree(history.data, folder)
    return Attacker(read_config({"LIANDIAO_DATA": str(folder)}))


def misprinted(line):
    """A line from the foot of a paper with another letter in its digest."""
    return line[:-9] + ("A" if line[-9] != "A" else "B") + line[-8:]
