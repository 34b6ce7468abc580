"""What verifying everything takes: cases per second in one process and on all cores, and its memory."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

from tests.cast import ORGANISATIONS
from webui.config import read_config
from webui.wiring import build, bundled

from . import Figure
from .fill import fill

CASES = 8_000
ORG = "yunxi-tribunal"
_RUN = """
import json, resource, sys
from webui.config import read_config
from webui.verification import Verification
if __name__ == "__main__":
    done = Verification(read_config(), int(sys.argv[1]))
    for _ in done.run(): pass
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    each = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    print(json.dumps([done.progress.passed, done.progress.failed, max(most, each) / 1024]))
"""


def measure() -> Iterator[Figure]:
    """The same folder with one process and with one for each core; every case is replayed."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        few, many = _fill(folder / "few", CASES // 8), _fill(folder / "many", CASES)
        alone, memory = _verify(many, 1)
        together, _ = _verify(many, 0)
        _, small = _verify(few, 1)
    yield Figure("verify --all: cases, one process", CASES / alone, "per s")
    yield Figure("verify --all: cases, every core", CASES / together, "per s")
    cores = os.cpu_count() or 1
    wanted = f">= {0.6 * cores}" if cores > 1 else ""
    yield Figure("verify --all: one process / every core", alone / together, "x", wanted)
    yield Figure("verify --all: most memory of a process", memory, "MB")
    yield Figure("verify --all: memory, 8 times the cases", memory / small, "x", "<= 1.2")
    yield Figure("verify --all: 100,000 cases, every core", together * 1e5 / CASES / 60, "minutes")


def _fill(folder: Path, count: int) -> Path:
    """A data folder with ``count`` running cases."""
    built = build(read_config({"LIANDIAO_DATA": str(folder)}), lambda: datetime.now(UTC))
    built.engine.install(bundled())
    with built.open_store() as store:
        for organisation in ORGANISATIONS:
            store.save_organisation(organisation)
        of = store.current_release("mediation"), store.current_facts()
    for _ in fill([built.database], of, ORG, count):
        pass
    built.database.close()
    return folder


def _verify(folder: Path, processes: int) -> tuple[float, float]:
    """Seconds that it took and megabytes of the largest process; everything must pass."""
    environment = os.environ | {"LIANDIAO_DATA": str(folder)}
    script = folder / "run.py"
    script.write_text(_RUN, "utf-8")
    environment["PYTHONPATH"] = str(Path(__file__).parent.parent)
    begin = perf_counter()
    said = subprocess.run(
        [sys.executable, str(script), str(processes)],
        env=environment, stdout=subprocess.PIPE, check=True,
    )  # fmt: skip
    spent = perf_counter() - begin
    passed, failed, memory = json.loads(said.stdout)
    if failed or passed < 1:
        raise RuntimeError(f"{failed} failed")
    return spent, memory
