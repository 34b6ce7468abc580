"""The pure step against plain SpiffWorkflow, and against itself as a case grows old."""

from __future__ import annotations

import gc
import statistics
from collections.abc import Callable, Iterator
from time import process_time
from typing import Any

from bench.baseline_spiff import Baseline
from engine.model import Facts, Input, Outcome, Release
from engine.spiff import advance
from tests.builders import BEGIN, process, release, script, user, xor
from tests.playing import FACTS, feel

from . import Figure

FLOWS = """start -> u1 -> sc -> x
x -> u2 if score > 10
x -> u3
u2 -> u3 -> sc2 -> u4 -> u5 -> end"""
LOOP = """start -> again
again -> ask -> count -> more
more -> again if i < 5000
more -> end"""
FORM = {
    "amount": 120,
    "name": "Ada Lovelace",
    "reason": "x" * 100,
    "items": [{"sku": f"A{i}", "qty": i} for i in range(5)],
}
VALUES = {f"/{key}": feel(value) for key, value in FORM.items()}
USERS = [user(f"u{i}") for i in range(1, 6)]
ROUNDS = 40


def measure() -> Iterator[Figure]:
    """Ratios of CPU time, each pair measured in turns in this run."""
    ours, plain = _five_tasks()
    yield Figure("plain SpiffWorkflow: load, step, save", plain * 1e3, "ms CPU")
    yield Figure("step: load, advance, dump", ours * 1e3, "ms CPU")
    yield Figure("step / plain SpiffWorkflow", ours / plain, "x", "<= 0.5")
    early, late, last = _loop()
    yield Figure("loop: step 10", early * 1e3, "ms CPU")
    yield Figure("loop: step 200 / step 10", late / early, "x", "<= 1.5")
    yield Figure("loop: step 1,000 / step 10", last / early, "x", "<= 1.5")


def _five_tasks() -> tuple[float, float]:
    """Median CPU seconds of one step: ours, plain."""
    feel_scripts = script("sc", "amount * 2", "score"), script("sc2", '"ok"', "status")
    of = release(process(FLOWS, *USERS, xor("x", default="x__u3"), *feel_scripts))
    python = script("sc", "score = amount * 2"), script("sc2", 'status = "ok"')
    baseline = Baseline(process(FLOWS, *USERS, xor("x", default="x__u3"), *python))
    ours: list[float] = []
    plain: list[float] = []
    gc.collect()
    for _ in range(ROUNDS):
        ours += _timed_case(of)
        state = baseline.start()
        for _ in range(5):
            plain.append(_timed(lambda before=state: baseline.step(before, FORM)))
            state = baseline.step(state, FORM)
    return statistics.median(ours), statistics.median(plain)


def _timed_case(of: Release) -> list[float]:
    case = Case(of)
    spent = []
    while not case.last.ended:
        spent.append(_timed(case.again))
        case.step()
    return spent


class Case:
    """A case whose next step can be played without keeping it."""

    def __init__(self, of: Release, facts: Facts = FACTS) -> None:
        self.release, self.facts, self.seq = of, facts, 0
        first = Input("bench", 0, "start", BEGIN, BEGIN)
        self.last = advance(of, facts, None, first)

    def again(self) -> Outcome:
        task = self.last.tasks[0].id
        cause = Input("bench", self.seq + 1, "complete", BEGIN, BEGIN, task, {"values": VALUES})
        return advance(self.release, self.facts, self.last.state, cause)

    def step(self) -> None:
        self.last = self.again()
        self.seq += 1


def _loop() -> tuple[float, float, float]:
    """Median CPU seconds of steps 10, 200 and 1,000 of one looping case, measured in turns."""
    parts = xor("again"), user("ask"), script("count", "if i = null then 1 else i + 1", "i")
    of = release(process(LOOP, *parts, xor("more", default="more__end")))
    cases = [_played(of, steps) for steps in (10, 200, 1000)]
    spent = [[_timed(case.again) for case in cases] for _ in range(150)]
    early, late, last = (statistics.median(column) for column in zip(*spent, strict=True))
    return early, late, last


def _played(of: Release, steps: int) -> Case:
    case = Case(of)
    while case.seq < steps:
        case.step()
    return case


def _timed(do: Callable[[], Any]) -> float:
    begin = process_time()
    do()
    return process_time() - begin
