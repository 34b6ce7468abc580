"""What playing past cases on a draft costs: a thousand most of their way, on all cores."""

from __future__ import annotations

import json
import resource
import tempfile
from collections.abc import Iterator
from itertools import cycle, islice
from time import perf_counter

from engine.model import Release
from engine.package import DIAGRAM, digest
from engine.story import Stage, VirtualClock, tell
from storage.queries.rehearsing import begun_cases
from tests.builders import BEGIN
from tests.cast import ORGANISATIONS, PEOPLE, actor
from webui.config import Config, read_config
from webui.pooling import cores
from webui.rehearsals import Playing, tried
from webui.wiring import build, bundled

from . import Figure

PROCEDURE = "mediation"
STORIES = ("neighbours_settle", "m1_refused_at_once", "appraisal_pauses")
TOLD, STEPS, WANTED = 12, 17, 1_000
STEP = b"explain_options"  # what every case passes, soon after its beginning


def measure() -> Iterator[Figure]:
    """Seconds on the wall for 1,000 cases: a draft that changes nothing they did, and one that does."""
    with tempfile.TemporaryDirectory() as name:
        config = read_config({"LIANDIAO_DATA": name})
        cases, files = told_cases(config)
        ids = list(islice(cycle(cases), WANTED))
        for words, changed in (
            ("on the same path", {"README.md": b"# other words"}),
            ("that part early", {DIAGRAM: files[DIAGRAM].replace(STEP, STEP + b"_anew")}),
        ):
            draft = {**files, **changed}
            begun, used = perf_counter(), spent()
            work = Playing(Release(PROCEDURE, digest(draft), draft))
            told = [one for _, one in tried(config, work, ids)]
            took = perf_counter() - begun
            same = sum(one.verdict == "same" for one in told)
            idle = (spent() - used) / cores()
            yield Figure(f"what if: 1,000 cases {words} ({same} same)", idle, "s CPU/core", "<= 60")
            yield Figure("what if: the same on the wall, beside whatever else runs", took, "s")


def spent() -> float:
    """CPU seconds of this process and of those that have ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def told_cases(config: Config) -> tuple[list[str], dict[str, bytes]]:
    """The ids of some cases told 17 steps far, and the files they ran on."""
    clock = VirtualClock(BEGIN)
    built = build(config, clock)
    files = bundled()
    built.engine.install({name: files[name] for name in (PROCEDURE, "video_session")})
    built.engine.bring_people(ORGANISATIONS, PEOPLE.values(), "")
    stage = Stage(built.engine, built.open_store, clock, [actor(login) for login in PEOPLE])
    for story in islice(cycle(STORIES), TOLD):
        tell(stage, PROCEDURE, json.loads(files[PROCEDURE][f"scenarios/{story}.json"]), STEPS)
    with built.read() as connection:
        begun = begun_cases(connection, PROCEDURE, BEGIN, WANTED)
    built.database.close()
    return [one.id for one in begun], dict(files[PROCEDURE])
