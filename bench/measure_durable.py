"""The whole durable step: journal, tasks and commit on SQLite with synchronous FULL; and replaying it."""

from __future__ import annotations

import gc
import json
import statistics
import tempfile
from collections.abc import Iterator
from pathlib import Path
from time import process_time

import sqlalchemy as sa

from bench.baseline_spiff import Baseline
from engine.commands import Engine
from engine.facts import build_facts
from engine.model import Case
from engine.replay import judge
from engine.spiff import read_state
from storage.blobs import MemoryBlobs
from storage.schema import migrate
from storage.sql import Database
from tests.builders import BEGIN, process, release, script, start, user, xor
from tests.cast import CLERK, ORGANISATIONS, PEOPLE

from . import Figure
from .measure_step import FLOWS, FORM

SHARED = Path(__file__).parent.parent / "bpmn" / "shared"
CASES = 120


def measure() -> Iterator[Figure]:
    """CPU of one completion against plain SpiffWorkflow's step; statements and commits it takes."""
    with tempfile.TemporaryDirectory() as folder:
        desk = Desk(Path(folder))
        spent, ratio = _in_turns(desk)
        yield Figure("completion: whole durable step", spent * 1e3, "ms CPU")
        yield Figure("completion / plain SpiffWorkflow step", ratio, "x", "<= 1.5")
        yield Figure("completion: SQL statements", desk.most_statements, "", "<= 8")
        yield Figure("completion: commits", desk.most_commits, "", "<= 1")
        yield Figure("replayed cases (5 tasks)", desk.replayed_per_second(), "per s", "")
        desk.database.close()


def _in_turns(desk: Desk) -> tuple[float, float]:
    """Median CPU seconds of a durable completion, and how many plain steps one takes.

    A case of each in turns; the ratio is the median of theirs, since a machine may change its speed
    from one moment to the next.
    """
    python = script("sc", "score = amount * 2"), script("sc2", 'status = "ok"')
    users = [user(f"u{i}") for i in range(1, 6)]
    baseline = Baseline(process(FLOWS, *users, xor("x", default="x__u3"), *python))
    gc.collect()
    turns = [(desk.complete(case), _plain_case(baseline)) for case in desk.cases]
    ratios = [statistics.mean(ours) / statistics.mean(plain) for ours, plain in turns]
    return statistics.median(one for ours, _ in turns for one in ours), statistics.median(ratios)


def _plain_case(baseline: Baseline) -> list[float]:
    state = baseline.start()
    spent = []
    for _ in range(5):
        begin = process_time()
        state = baseline.step(state, FORM)
        spent.append(process_time() - begin)
    return spent


def _form() -> bytes:
    text = {"label": {"zh": "字段", "en": "field"}}
    items = {
        "type": "object",
        "properties": {"sku": {"type": "string"}, "qty": {"type": "integer"}},
    }
    properties = {
        "amount": {"type": "number"},
        "name": {"type": "string"},
        "reason": {"type": "string"},
        "items": {"type": "array", "items": items},
    }
    columns = {f"/items/*/{name}": text for name in ("sku", "qty")}
    fields = {f"/{name}": text for name in properties} | columns
    done = {"id": "done", "label": {"zh": "完成", "en": "Done"}}
    ui = {"order": [f"/{name}" for name in properties], "fields": fields, "outcomes": [done]}
    return json.dumps({"schema": {"type": "object", "properties": properties}, "ui": ui}).encode()


class Desk:
    """The verbs on a SQLite file, counting what they send to it."""

    def __init__(self, folder: Path) -> None:
        url = f"sqlite:///{folder}/bench.db"
        migrate(url)
        self.database = Database(url, lambda: BEGIN)
        self.engine = Engine(self.database.open, lambda: BEGIN, {}, MemoryBlobs())
        self.statements = self.commits = self.most_statements = self.most_commits = 0
        sa.event.listen(self.database.engine, "before_cursor_execute", self._count)
        sa.event.listen(self.database.engine, "commit", self._committed)
        self._publish()
        self.cases = [self.engine.begin(CLERK, "p", {}) for _ in range(CASES)]

    def _publish(self) -> None:
        users = [user(f"u{i}", ld_role="TRIB_CLERK") for i in range(1, 6)]
        feel = script("sc", "amount * 2", "score"), script("sc2", '"ok"', "status")
        parts = start("start", ld_role="TRIB_CLERK"), xor("x", default="x__u3")
        form, none = _form(), _form().replace(b'"done"', b'"go"')
        forms = {f"forms/u{i}.json": form for i in range(1, 6)}
        empty = json.loads(none)
        empty["ui"]["outcomes"] = []
        files = {**forms, "forms/start.json": json.dumps(empty).encode(), "shared/rules.toml": b""}
        with self.database.open() as store:
            store.add_facts(build_facts(SHARED), BEGIN)
            for organisation in ORGANISATIONS:
                store.save_organisation(organisation)
            for person in PEOPLE.values():
                store.save_person(person)
            store.add_release(
                release(process(FLOWS, *users, *parts, *feel), files), "a", "b", BEGIN
            )

    def complete(self, case: Case) -> list[float]:
        """CPU seconds of each completion of a case."""
        spent = []
        values = {f"/{key}": value for key, value in FORM.items()}
        while tasks := read_state(self._now(case).state).tasks:
            self.statements = self.commits = 0
            begin = process_time()
            self.engine.answer(CLERK, tasks[0].id, values, "done")
            spent.append(process_time() - begin)
            self.most_statements = max(self.most_statements, self.statements)
            self.most_commits = max(self.most_commits, self.commits)
        return spent

    def replayed_per_second(self) -> float:
        """Cases verified and replayed per second of CPU."""
        chains = []
        with self.database.open() as store:
            chains = [list(store.entries(f"case:{case.id}")) for case in self.cases]
            begin = process_time()
            verdicts = [judge(chain, store.release, store.facts) for chain in chains]
            spent = process_time() - begin
        if not all(verdict.same for verdict in verdicts):
            raise RuntimeError("a case did not replay the same")
        return len(chains) / spent

    def _now(self, case: Case) -> Case:
        with self.database.open() as store:
            return store.case(case.id)

    def _count(self, *_: object) -> None:
        self.statements += 1

    def _committed(self, *_: object) -> None:
        self.commits += 1
