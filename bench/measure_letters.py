"""What a letter takes: the first one of a process, one after another, a batch of a thousand, memory."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from time import perf_counter, process_time

from engine.model import Release
from engine.package import digest, read_package
from engine.services.typesetting import Letters
from tests.bpmn.test_letters import told
from tests.bpmn.test_scenarios import PROCEDURES, bundled

from . import Figure

BATCH = 1_000
LONG = 7_500
"""Terms of an agreement of three hundred pages."""
AT = datetime(2026, 3, 12, 2, tzinfo=UTC)
FOLDER = Path(__file__).parents[1] / "bpmn" / "mediation"


def measure() -> Iterator[Figure]:
    """Agreements of two pages, each with other data; CPU of one thread, the rest by the wall."""
    files = read_package(FOLDER)
    release = Release("mediation", digest(files), files)
    letters = Letters()
    begun = perf_counter()
    letters.typeset(release, "agreement", _data(0))
    yield Figure("letter: the first one, fonts and compiler read", perf_counter() - begun, "s")
    before = _resident()
    taken = []
    begun = perf_counter()
    for number in range(1, BATCH + 1):
        started = process_time()
        made = letters.typeset(release, "agreement", _data(number))
        taken.append((process_time() - started) * 1000)
    yield Figure("letter: one, CPU", median(taken), "ms")
    yield Figure("letter: the slowest hundredth begins at, CPU", sorted(taken)[-BATCH // 100], "ms")
    yield Figure(f"letter: a batch of {BATCH}", perf_counter() - begun, "s")
    yield Figure("letter: size of one", len(made.pdf) / 1024, "kB")
    yield Figure("letter: memory after the first", before, "MB")
    yield Figure(f"letter: more memory after {BATCH}", _resident() - before, "MB")
    for name, draft in (("300 pages", False), ("300 pages, previewed", True)):
        begun = perf_counter()
        letters.typeset(release, "agreement", _data(0, LONG), draft=draft)
        yield Figure(f"letter: {name}", perf_counter() - begun, "s")
    yield Figure("letter: memory after 300 pages", _resident(), "MB")
    yield from _every(letters)
    yield Figure("letter: judging the fields alone, CPU", _judging(letters, release), "ms")


def _every(letters: Letters) -> Iterator[Figure]:
    """Each letter of each procedure with the data of a story that lacks nothing."""
    taken: list[tuple[float, str]] = []
    for procedure in PROCEDURES:
        for name, data in told(procedure).items():
            letters.typeset(bundled(procedure), name, data)  # its folder is laid out
            started = process_time()
            letters.typeset(bundled(procedure), name, data)
            taken.append(((process_time() - started) * 1000, f"{procedure}/{name}"))
    slowest, name = max(taken)
    yield Figure(f"letter: median of {len(taken)}, CPU", median(one for one, _ in taken), "ms")
    yield Figure(f"letter: the slowest ({name}), CPU", slowest, "ms")


def _judging(letters: Letters, release: Release) -> float:
    started = process_time()
    for number in range(BATCH):
        letters.problems(release, "agreement", _data(number))
    return (process_time() - started) * 1000 / BATCH


def _resident() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _data(number: int, terms: int = 6) -> dict[str, object]:
    parties = [
        {"id": "p1", "side": "A", "name": f"张守信{number}", "address": "示范县河口镇一组"},
        {"id": "p2", "side": "B", "name": f"李长河{number}", "address": "示范县河口镇二组"},
    ]
    term = {"obligation": f"支付第{number}期修缮费", "obligor": "p2", "obligee": "p1"}
    told = {"facts": f"第{number}号排水沟堵塞致损。" * 12, "terms": [term] * terms, "covers": "ALL"}
    organ = {"name": "石桥镇人民调解委员会", "court": ""}
    return {"parties": parties, "agreement": told, "organ": organ, "document": {"at": AT}}
