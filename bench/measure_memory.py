"""What a thousand cases weigh: as they are stored, and as they lie in memory when read."""

from __future__ import annotations

import gc
import tracemalloc
from collections.abc import Iterator
from dataclasses import replace

from engine.model import Input
from engine.spiff import advance, read_state
from tests.builders import BEGIN, process, release, script, xor
from tests.playing import FACTS, feel

from . import Figure
from .measure_step import FLOWS, USERS, VALUES

CASES = 1_000
MEGABYTE = 2**20


def measure() -> Iterator[Figure]:
    """A thousand cases, each waiting at its second task with the first one's form in its data."""
    states = list(_states())
    yield Figure("1,000 cases stored: states", sum(map(len, states)) / MEGABYTE, "MB")
    gc.collect()
    tracemalloc.start()
    kept = [read_state(state) for state in states]
    gc.collect()
    size, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    if not all(state.tasks for state in kept):
        raise RuntimeError("a case waits for nobody")
    yield Figure("1,000 cases read and kept in memory", size / MEGABYTE, "MB")


def _states() -> Iterator[bytes]:
    scripts = script("sc", "amount * 2", "score"), script("sc2", '"ok"', "status")
    of = release(process(FLOWS, *USERS, xor("x", default="x__u3"), *scripts))
    for n in range(CASES):
        first = Input(f"case{n}", 0, "start", BEGIN, BEGIN)
        begun = advance(of, FACTS, None, first)
        data = {"values": {**VALUES, "/number": feel(n)}}
        second = replace(first, seq=1, verb="complete", task=begun.tasks[0].id, data=data)
        yield advance(of, FACTS, begun.state, second).state
