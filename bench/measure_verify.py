"""What verifying everything takes: CPU and memory of a case, in one process and in two."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import quantiles
from time import perf_counter, sleep

from engine.model import Credential, Grant, Organisation, Person, Session
from tests.cast import ORGANISATIONS
from webui import create_app
from webui.config import read_config
from webui.wiring import build, bundled

from . import Figure
from .fill import fill

FEW, CASES, PAGES = 1_000, 8_000, 100
ORG = "yunxi-tribunal"
_RUN = """
import json, resource, sys
from webui import create_app
from webui.config import read_config
from webui.verification import Verification
if __name__ == "__main__":
    done = Verification(read_config(), int(sys.argv[1]))
    for _ in done.run(): pass
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    most, spent = max(u.ru_maxrss for u in used), sum(u.ru_utime + u.ru_stime for u in used)
    print(json.dumps([done.progress.passed, done.progress.failed, most / 1024, spent]))
"""


def measure() -> Iterator[Figure]:
    """Two folders with one process and with one for each core; every case is replayed.

    What a case costs is the difference between the two, so that starting processes does not count.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        few, many = fill_folder(folder / "few", FEW), fill_folder(folder / "many", FEW + CASES)
        small, alone = verify_folder(few, 1), verify_folder(many, 1)
        started, together = verify_folder(few, 2), verify_folder(many, 2)
        calm, beside = _pages(many, False), _pages(many, True)
    one, two = alone.cpu - small.cpu, together.cpu - started.cpu
    yield Figure("verify --all: CPU of a case", one / CASES * 1e3, "ms")
    yield Figure("verify --all: CPU with two processes / one", two / one, "x", "<= 1.2")
    yield Figure("verify --all: time with one process / two", alone.seconds / together.seconds, "x")
    yield Figure("verify --all: most memory of a process", alone.megabytes, "MB")
    grown = alone.megabytes / small.megabytes
    yield Figure("verify --all: memory, 9 times the cases", grown, "x", "<= 1.2")
    yield Figure("verify --all: 100,000 cases, CPU", one * 1e5 / CASES / 60, "minutes")
    yield Figure("inbox page, 95 of 100 come within", calm, "ms")
    yield Figure("inbox page beside verify --all / alone", beside / calm, "x", "<= 2")


def fill_folder(folder: Path, count: int) -> Path:
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


def _pages(folder: Path, is_verified: bool) -> float:
    """Milliseconds within which 95 of 100 inbox pages come, also while everything is verified."""
    built = build(read_config({"LIANDIAO_DATA": str(folder)}))
    now = datetime.now(UTC)
    person = Person("bench", "bench", "测量员", (Grant("TRIB_CLERK", ORG),))
    secret, ends = hashlib.sha256(b"bench").hexdigest(), now + timedelta(hours=8)
    with built.open_store() as store:
        store.save_organisation(Organisation(ORG, "测量法庭", "TRIBUNAL"))
        store.save_person(person)
        store.save_credential(Credential(person.id, "", False, now))
        store.save_session(Session(secret, person.id, now, now, ends, ends, "csrf"))
    client = create_app(built=built).test_client()
    client.set_cookie("liandiao", "bench")
    verifying = _verifying(folder) if is_verified else None
    took = []
    for _ in range(PAGES + 10):
        begun = perf_counter()
        assert client.get("/inbox?tab=available").status_code == 200
        took.append((perf_counter() - begun) * 1e3)
        sleep(0.05)
    if verifying:
        assert verifying.poll() is None, "it ended before the pages did"
        verifying.kill()
        verifying.wait()
    built.database.close()
    return quantiles(took[10:], n=20)[-1]


def _verifying(folder: Path) -> subprocess.Popen[bytes]:
    environment = os.environ | {"LIANDIAO_DATA": str(folder)}
    command = [Path(sys.executable).with_name("liandiao"), "verify", "--all"]
    begun = subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    sleep(5)  # until its processes are at work
    return begun


@dataclass(frozen=True, slots=True)
class Spent:
    """What one verification took, processes included."""

    seconds: float
    cpu: float
    megabytes: float


def verify_folder(folder: Path, processes: int) -> Spent:
    """Verify a folder in a process of its own; everything must pass."""
    environment = os.environ | {"LIANDIAO_DATA": str(folder)}
    script = folder / "run.py"
    script.write_text(_RUN, "utf-8")
    environment["PYTHONPATH"] = str(Path(__file__).parent.parent)
    begin = perf_counter()
    said = subprocess.run(
        [sys.executable, str(script), str(processes)],
        env=environment, stdout=subprocess.PIPE, check=True,
    )  # fmt: skip
    seconds = perf_counter() - begin
    passed, failed, megabytes, cpu = json.loads(said.stdout)
    if failed or passed < 1:
        raise RuntimeError(f"{failed} failed")
    return Spent(seconds, cpu, megabytes)
