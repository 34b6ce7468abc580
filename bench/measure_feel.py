"""Reading expressions, and the most that a hostile one may cost."""

from __future__ import annotations

from collections.abc import Iterator
from time import process_time

from engine.feel import FeelError, parse
from tests.engine.feel.test_limits import HOSTILE

from . import Figure

WRITTEN = [
    f'if dispute.amount > {i} and party.kind = "PERSON" then "a{i}" else string(dispute.type)'
    for i in range(300)
]


def measure() -> Iterator[Figure]:
    """CPU of 300 expressions read for the first time, and of the slowest hostile expression."""
    parse("1")
    yield Figure("reading 300 expressions", _spent(WRITTEN) * 1e3, "ms CPU", "<= 1000")
    worst = max(min(_spent([one]) for _ in range(3)) for one in HOSTILE.values())
    yield Figure("slowest hostile expression", worst * 1e3, "ms CPU", "<= 200")


def _spent(written: list[str]) -> float:
    begin = process_time()
    for one in written:
        try:
            parse(one).evaluate({})
        except FeelError:
            continue
    return process_time() - begin
