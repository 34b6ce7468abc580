"""What figures cost: telling a case from its journal, and adding up many; time and memory."""

from __future__ import annotations

import json
import random
import tempfile
import tracemalloc
from collections.abc import Iterator, Sequence
from dataclasses import replace
from time import process_time, thread_time

import sqlalchemy as sa

from engine.figures import Figures, three_figures
from engine.figures.counting import LENGTHS
from engine.model import Walk
from engine.story import Stage, VirtualClock, tell
from storage import queries
from storage import tables as tb
from storage.queries.viewer import Viewer
from storage.sql.walks import walk_row
from tests.builders import BEGIN
from tests.cast import ADMIN, ORGANISATIONS, PEOPLE, actor
from webui.config import read_config
from webui.walking import walk_some
from webui.wiring import build, bundled

from . import Figure
from .fill import fill

MANY = 10_000
ALL = 100_000
CUTS = 16
ORG = "yunxi-tribunal"
STORY = "scenarios/neighbours_settle.json"


def measure() -> Iterator[Figure]:
    """Mediations at sixteen stages, told; then as many copies of them as there are cases."""
    with tempfile.TemporaryDirectory(prefix="bench") as folder:
        built = build(read_config({"LIANDIAO_DATA": folder}), VirtualClock(BEGIN))
        files = bundled()
        built.engine.install({name: files[name] for name in ("mediation", "video_session")})
        built.engine.bring_people(ORGANISATIONS, PEOPLE.values(), "")
        stage = Stage(built.engine, built.open_store, built.clock, [actor(one) for one in PEOPLE])
        for cut in range(CUTS):
            tell(stage, "mediation", json.loads(files["mediation"][STORY]), cut)
        yield from _telling(built)
        yield from _adding(built)
        built.database.close()


def _telling(built) -> Iterator[Figure]:
    walk_some(built, 1)  # reads the release
    with built.open_store() as store:
        entries = sum(store.case(one[5:]).seq + 1 for one in store.streams("case:"))
    began = thread_time()
    told = walk_some(built, CUTS)
    spent = thread_time() - began
    yield Figure("figures: telling a case, per entry", spent / entries * 1e3, "ms")
    yield Figure(f"figures: 20 cases of {entries // (told + 1)} entries", spent / told * 20, "s")


def _adding(built) -> Iterator[Figure]:
    samples, chance = _samples(built), random.Random(1)
    with built.open_store() as store:
        of = store.current_release("mediation"), store.current_facts()
    for _ in fill([built.database], of, ORG, MANY):
        pass
    _copy(built, samples, chance)
    began = process_time()
    with built.read() as db:
        asked = queries.WalksAsked("mediation")
        found = Figures(queries.walked_facts(db, Viewer(ADMIN), asked))
        assert found.cases == MANY
    spent = process_time() - began
    yield Figure(f"figures: adding up {ALL:,} cases", spent / MANY * ALL, "s", "<= 10")
    few, many = (_most(samples, chance, count) for count in (MANY, 5 * MANY))
    yield Figure("figures: memory, 5 times the cases", many / few, "x", "<= 2")
    yield Figure(f"figures: most memory for {5 * MANY:,} cases", many / 1e6, "MB")


def _most(samples: Sequence[Walk], chance: random.Random, count: int) -> int:
    """Bytes at most to add up so many cases, each with times of its own."""
    tracemalloc.start()
    Figures(_varied(chance.choice(samples), chance) for _ in range(count))
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return most


def _copy(built, samples: Sequence[Walk], chance: random.Random) -> None:
    """A walk for every case, like one of the samples but with times of its own."""
    with built.database.engine.begin() as db:
        db.execute(sa.delete(tb.walks))
        ids = db.execute(sa.select(tb.cases.c.id, tb.cases.c.dossier).limit(MANY)).all()
        rows = []
        for case_id, dossier in ids:
            like = chance.choice(samples)
            facts = _varied(like, chance)
            row = walk_row(replace(like, case_id=case_id, dossier=dossier, facts=facts))
            row.pop("seq")
            rows.append(row)
        db.execute(sa.insert(tb.walks), rows)


def _varied(like: Walk, chance: random.Random) -> tuple[str, ...]:
    """Its facts with other lengths of time, from minutes to weeks."""
    return tuple(_other(line, chance) if line.startswith(LENGTHS) else line for line in like.facts)


def _other(line: str, chance: random.Random) -> str:
    seconds = three_figures(chance.lognormvariate(10, 2))
    return "\t".join((*line.split("\t")[:3], str(seconds)))


def _samples(built) -> Sequence[Walk]:
    with built.open_store() as store:
        ids = [stream.removeprefix("case:") for stream in store.streams("case:")]
        return [built.engine.walk_of(store, one) for one in ids]
