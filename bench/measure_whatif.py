"""What playing past cases on a draft costs: the recorded histories on today's procedures."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path
from time import process_time

from engine.model import Release
from engine.package import digest, read_package
from engine.whatif import rehearse
from tests.histories import History, recorded

from . import Figure

BPMN = Path(__file__).parents[1] / "bpmn"
CASES = 140
WANTED = 1_000


def measure() -> Iterator[Figure]:
    """Processor seconds of 1,000 whole cases (10 to 34 entries each), of a run over 140."""
    told = []
    for history in map(History, recorded()):
        files = read_package(BPMN / history.release.procedure)
        draft = Release(history.release.procedure, digest(files), files)
        told.append((list(history.chain), history.release, history.facts, draft))
    begun = process_time()
    for chain, release, facts, draft in islice(cycle(told), CASES):
        rehearse(chain, draft, (lambda _, own=release: own, lambda _, own=facts: own))
    took = (process_time() - begun) * WANTED / CASES
    yield Figure("what if: 1,000 whole cases on a draft", took, "s CPU", "<= 60")
