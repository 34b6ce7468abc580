"""What taking along costs: event logs and tables, each form at two sizes; most memory, and the same bytes."""

from __future__ import annotations

import hashlib
import tempfile
import tracemalloc
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from time import process_time

from engine.story import VirtualClock
from storage import queries
from storage.queries.viewer import Viewer
from tests.builders import BEGIN
from tests.cast import ADMIN, ORGANISATIONS, PEOPLE
from webui import create_app
from webui.config import read_config
from webui.eventlogs import ENDINGS, event_log
from webui.tables import download
from webui.wiring import build, bundled

from . import Figure
from .fill import fill

CASES = 5_000
ROWS = 100_000
LESS = 5
"""The smaller set is so many times smaller."""
Portions = Callable[[int], Iterable[bytes]]


def measure() -> Iterator[Figure]:
    """Event logs of thousands of cases, tables of many rows."""
    with tempfile.TemporaryDirectory(prefix="bench") as folder:
        built = build(read_config({"LIANDIAO_DATA": folder}), VirtualClock(BEGIN))
        files = bundled()
        built.engine.install({name: files[name] for name in ("mediation", "video_session")})
        built.engine.bring_people(ORGANISATIONS, PEOPLE.values(), "")
        with built.open_store() as store:
            of = store.current_release("mediation"), store.current_facts()
        for _ in fill([built.database], of, "yunxi-tribunal", CASES):
            pass
        for form in ENDINGS:
            yield from _measured(form, f"{CASES:,} cases", CASES, _logged(built, form))
        app = create_app(built=built)
        for kind in ("csv", "json", "xlsx"):
            with app.test_request_context():
                yield from _measured(kind, f"{ROWS:,} rows", ROWS, _tabled(kind))
        built.database.close()


def _logged(built, form: str) -> Portions:
    def portions(count: int) -> Iterator[bytes]:
        with built.read() as db:
            cases = islice(queries.logged_cases(db, Viewer(ADMIN), "", ""), count)
            for portion in event_log(built.store_on(db), cases, form, "zh"):
                yield portion.encode()

    return portions


def _tabled(kind: str) -> Portions:
    def portions(count: int) -> Iterable[bytes]:
        rows = ((f"纠2026-{n:06}", "办结", BEGIN, n) for n in range(count))
        return download(kind, "x", ("卷宗", "行为", "时间", "序号"), rows).iter_encoded()

    return portions


def _measured(form: str, size: str, count: int, portions: Portions) -> Iterator[Figure]:
    began = process_time()
    first, second = (_digest(portions(count // LESS)) for _ in "12")
    spent = process_time() - began
    assert first == second, form
    few, many = (_most(portions, n) for n in (count // LESS, count))
    yield Figure(f"export {form}: {size}", spent / 2 * LESS, "s")
    yield Figure(f"export {form}: most memory", many / 1e6, "MB")
    yield Figure(f"export {form}: memory, {LESS} times as many", many / few, "x")


def _digest(portions: Iterable[bytes]) -> str:
    hashed = hashlib.sha256()
    for portion in portions:
        hashed.update(portion)
    return hashed.hexdigest()


def _most(portions: Portions, count: int) -> int:
    """Bytes at most while that many are written."""
    tracemalloc.start()
    for _ in portions(count):
        pass
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return most
