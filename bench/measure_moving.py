"""What a dry run of moving running cases costs: each case, and a thousand on all cores."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from itertools import cycle, islice
from time import perf_counter

from engine.model import Release
from engine.package import digest
from engine.story import VirtualClock
from storage.queries.rehearsing import cases_elsewhere
from tests.builders import BEGIN
from webui.config import Config, read_config
from webui.rehearsals import Moving, tried
from webui.wiring import build

from . import Figure
from .measure_whatif import PROCEDURE, WANTED, spent, told_cases


def measure() -> Iterator[Figure]:
    """CPU milliseconds a case in one process, then seconds on the wall for 1,000 on all cores."""
    with tempfile.TemporaryDirectory() as name:
        config = read_config({"LIANDIAO_DATA": name})
        files = told_cases(config)[1]
        changed = {**files, "README.md": b"# other words"}
        work = Moving(Release(PROCEDURE, digest(changed), changed), {}, VirtualClock(BEGIN)())
        running = _running(config)
        for words, count, processes in (("in one process", 100, 1), ("on all cores", WANTED, 0)):
            ids = list(islice(cycle(running), count))
            begun, used = perf_counter(), spent()
            fit = sum(one.misfit is None for _, one in tried(config, work, ids, processes))
            took, each = perf_counter() - begun, (spent() - used) * 1000 / count
            what = f"move: dry run of {count} cases {words} ({fit} fit)"
            yield Figure(f"{what}, each", each, "ms CPU", "<= 20")
            yield Figure(f"{what}, on the wall", took, "s")


def _running(config: Config) -> list[str]:
    built = build(config)
    with built.read() as connection:
        found = [one.id for one in cases_elsewhere(connection, PROCEDURE, "")]
    built.database.close()
    return found
