"""What a long journal costs: appending, sealing, proofs, verifying, searching and exporting.

``LIANDIAO_BENCH_ENTRIES`` says how many entries (20,000 unless told), a case for every 160 of them;
``LIANDIAO_BENCH_FOLDER`` keeps the filled folder, and takes it up again where it is there.
"""

from __future__ import annotations

import os
import random
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from time import process_time

import sqlalchemy as sa

from engine.model import Actor, Grant
from engine.proofs.auditing import Audit
from engine.proofs.receipts import receipt
from engine.proofs.tree import Tree
from storage import queries
from storage import tables as tb
from storage.queries import Sought
from storage.queries.viewer import Viewer
from tests.cast import ADMIN
from webui.config import read_config
from webui.eventlogs import event_log
from webui.product import Built
from webui.sealing import log_keys
from webui.wiring import build, reader

from . import Figure
from .lengthen import lengthen
from .measure_log import appender
from .measure_verify import fill_folder, verify_folder

ENTRIES = int(os.environ.get("LIANDIAO_BENCH_ENTRIES", "20000"))
PER_CASE, PROOFS = 160, 200
SOUGHT = {
    "newest": Sought(),
    "by whom": Sought(who="p00007"),
    "about whom": Sought(about="赵小满"),
    "viewed": Sought(kind="viewed"),
    "corrected": Sought(kind="corrected"),
    "delegated": Sought(kind="delegated"),
    "in another's place": Sought(kind="behalf"),
    "late": Sought(kind="late"),
    "in time": Sought(kind="early"),
    "rule": Sought(rule="supplement_materials"),
    "act": Sought(verb="cancel"),
    "role": Sought(role="TRIB_JUDGE"),
    "procedure and step": Sought(procedure="mediation", element="screening"),
    "day": Sought(before=datetime(2026, 3, 5, tzinfo=UTC)),
}

FAR = Viewer(Actor("far", "远", (Grant("AUDITOR", "far"),)), (("far", "420100"),))
"""Oversees an area of which the journal tells nothing."""


def measure() -> Iterator[Figure]:
    """One folder, filled, sealed, proved, verified, searched and exported."""
    with tempfile.TemporaryDirectory(prefix="bench") as name:
        folder = Path(os.environ.get("LIANDIAO_BENCH_FOLDER", "") or name) / "data"
        short = fill_folder(Path(name) / "short", 10)
        if not folder.exists():
            fill_folder(folder, max(1, ENTRIES // PER_CASE))
            for _ in lengthen(folder / "liandiao.db", ENTRIES):
                pass
        built = _built(folder)
        yield from _appending(_built(short), built)
        yield from _sealing(built)
        yield from _proving(built)
        yield from _searching(built)
        yield from _exporting(built)
        built.database.close()
        yield from _verifying(folder)


def _built(folder: Path) -> Built:
    return build(read_config({"LIANDIAO_DATA": str(folder)}), lambda: datetime.now(UTC))


def _appending(short: Built, long: Built) -> Iterator[Figure]:
    """In turns on both, so that they have the same machine."""
    acts = [appender(built.database) for built in (short, long)]
    spent: list[list[float]] = [[], []]
    for _ in range(400):
        for times, act in zip(spent, acts, strict=True):
            begun = process_time()
            act()
            times.append(process_time() - begun)
    few, many = map(median, spent)
    yield Figure(f"entries: append to {ENTRIES:,}, CPU", many * 1e3, "ms")
    yield Figure(f"entries: append to {ENTRIES:,} / to 1,000", many / few, "x", "<= 1.5")
    short.database.close()


def _sealing(built: Built) -> Iterator[Figure]:
    """All that waits; the last tenth compared with the first, so that it shows when it slows down."""
    with built.open_store() as store:
        before = store.log_size()
    spent: list[float] = []
    keys = log_keys(built.config)
    while True:
        begun = process_time()
        if not built.engine._seal(keys):
            break
        spent.append(process_time() - begun)
    with built.open_store() as store:
        sealed = store.log_size() - before
    if len(spent) >= 20:
        tenth = len(spent) // 10
        slower = median(spent[-tenth:]) / median(spent[:tenth])
        yield Figure("entries: sealing, last tenth / first", slower, "x", "<= 1.5")
        yield Figure("entries: sealing, CPU of an entry", sum(spent) / sealed * 1e6, "us", "<= 200")


def _proving(built: Built) -> Iterator[Figure]:
    with built.open_store() as store:
        size = store.log_size()
        chance, cases = random.Random(1), []
        for stream, _ in zip(store.streams("case:"), range(PROOFS), strict=False):
            cases.append(stream)
        for name, act in (
            ("inclusion", lambda: Tree(store.log_hashes).inclusion(chance.randrange(size), size)),
            (
                "consistency",
                lambda: Tree(store.log_hashes).consistency(chance.randrange(1, size), size),
            ),
            ("receipt", lambda: receipt(store, chance.choice(cases))),
        ):
            begun = process_time()
            for _ in range(PROOFS):
                act()
            spent = (process_time() - begun) / PROOFS
            yield Figure(f"entries: {name}, CPU", spent * 1e3, "ms", "<= 20")


def _searching(built: Built) -> Iterator[Figure]:
    """The first page of each kind of question, with every third claim a period kept or breached."""
    with built.database.engine.begin() as db:
        if not db.execute(sa.select(sa.func.count()).select_from(tb.timed)).scalar():
            db.exec_driver_sql(_TIMED)
            db.exec_driver_sql("UPDATE cases SET walked = seq")
            db.execute(sa.insert(tb.people), {"id": "p00007", "login": "p00007", "name": "测量员"})
        db.exec_driver_sql("ANALYZE")
    for name, sought in SOUGHT.items():
        spent = _first_page(built, Viewer(ADMIN), sought)
        yield Figure(f"entries: first page, {name}, CPU", spent, "ms", "<= 300")
    spent = max(_first_page(built, FAR, sought) for sought in SOUGHT.values())
    yield Figure("entries: first page, of an area without entries, CPU", spent, "ms", "<= 300")


def _first_page(built: Built, viewer: Viewer, sought: Sought) -> float:
    """Milliseconds of processor time."""
    spent = []
    for _ in range(3):
        with built.read() as db:
            begun = process_time()
            queries.found_entries(db, viewer, sought)
            spent.append(process_time() - begun)
    return median(spent) * 1e3


_TIMED = """INSERT INTO timed (case_id, seq, at, late, early, rules, told)
SELECT substr(stream, 6), seq, at, seq % 6 = 0, seq % 6 = 3, ' supplement_materials ', '[]'
FROM journal WHERE stream LIKE 'case:%' AND seq % 3 = 0"""


def _exporting(built: Built) -> Iterator[Figure]:
    with built.read() as db:
        begun, rows = process_time(), 0
        for rows, _ in enumerate(queries.every_entry(db, Viewer(ADMIN), Sought()), 1):
            if rows == 50_000:
                break
        yield Figure("entries: hits taken along", rows / (process_time() - begun), "/s")
        cases = queries.logged_cases(db, Viewer(ADMIN))
        begun, size = process_time(), 0
        for portion in event_log(built.store_on(db), cases, "csv", "zh"):
            size += len(portion)
            if size > 5_000_000:
                break
        yield Figure("entries: event log", size / 1e6 / (process_time() - begun), "MB/s")


def _verifying(folder: Path) -> Iterator[Figure]:
    config = read_config({"LIANDIAO_DATA": str(folder)})
    audit = Audit(reader(config), log_keys(config).check)
    begun = process_time()
    verdict = audit.verdict()
    assert verdict.same, verdict.breaks
    rate = verdict.entries / (process_time() - begun)
    yield Figure("entries: the signed log read, CPU", rate, "/s", ">= 20000")
    spent = verify_folder(folder, 2)
    yield Figure("entries: verify --all, CPU", spent.cpu, "s")
    yield Figure("entries: verify --all, all cores", spent.seconds, "s")
    yield Figure("entries: verify --all, most memory of a process", spent.megabytes, "MB", "<= 400")
