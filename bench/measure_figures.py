"""What figures cost: telling cases from their journals, adding up many, and what others feel of it."""

from __future__ import annotations

import json
import random
import tempfile
import threading
import tracemalloc
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from statistics import median
from time import perf_counter, process_time, thread_time

import sqlalchemy as sa

from engine.commands.walking import walk_of
from engine.figures import fact, three_figures
from engine.model import Walk, Way
from engine.story import Stage, VirtualClock, tell
from storage import queries
from storage import tables as tb
from storage.queries.viewer import Viewer
from storage.sql.walks import walk_rows, way_row
from tests.builders import BEGIN
from tests.cast import ADMIN, ORGANISATIONS, PEOPLE, actor
from webui.config import read_config
from webui.walking import walk_all, walk_some
from webui.wiring import build, bundled

from . import Figure
from .fill import fill

ALL = 100_000
BEFORE = 2_000
CUTS = 16
OFFICES = 40
TYPES = ("NEIGHBOUR", "LOAN")
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
        samples, chance = _samples(built), random.Random(1)
        with built.open_store() as store:
            of = store.current_release("mediation"), store.current_facts()
        for _ in fill([built.database], of, ORG, ALL):
            pass
        yield from _beside(built)
        yield from _adding(built, samples, chance)
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


def _beside(built) -> Iterator[Figure]:
    """Work while none of 100,000 cases was ever counted; then how fast all cores tell."""
    alone = _work(built)
    going = threading.Event()

    def walk() -> None:
        while not going.is_set():
            walk_some(built, 20)

    beside = threading.Thread(target=walk)
    beside.start()
    busy = _work(built)
    going.set()
    beside.join()
    with built.read() as db:
        left = len(built.store_on(db).unwalked(ALL))
    began, told = perf_counter(), 0
    for told, _ in enumerate(walk_all(built), 1):
        if told == BEFORE:
            break
    spent = perf_counter() - began
    for what, before, after in zip(("a list", "a case begun"), alone, busy, strict=True):
        yield Figure(f"figures: {what}, nothing told", before * 1e3, "ms")
        yield Figure(f"figures: {what}, cases told without a pause", after * 1e3, "ms")
    yield Figure(f"figures: cases told a second, all cores, of {left:,}", told / spent, "1/s")


def _work(built) -> tuple[float, float]:
    """The median times of a list of dossiers, and of beginning a case."""
    reader, start = Viewer(ADMIN), json.loads(bundled()["mediation"][STORY])["start"]["data"]
    listed = _median(lambda: _list(built, reader))
    return listed, _median(lambda: built.engine.begin(actor("clerk"), "mediation", start))


def _list(built, reader: Viewer) -> None:
    with built.read() as db:
        assert queries.dossiers(db, reader)[0]


def _median(work: Callable[[], object]) -> float:
    times = []
    for _ in range(30):
        began = perf_counter()
        work()
        times.append(perf_counter() - began)
    return median(times)


def _adding(built, samples: Sequence[Walk], chance: random.Random) -> Iterator[Figure]:
    _copy(built, samples, chance)
    asked, reader = queries.WalksAsked("mediation"), Viewer(ADMIN)
    for name, work in {
        f"figures: adding up {ALL:,} cases": queries.added_up,
        "figures: what can be chosen": lambda db, who, of: queries.walk_choices(
            db, who, "mediation"
        ),
        "figures: how many wait": queries.walk_state,
    }.items():
        began = process_time()
        with built.read() as db:
            work(db, reader, asked)
        yield Figure(name, process_time() - began, "s", "<= 2")
    few, many = (_most(built, replace(asked, type=kind)) for kind in (TYPES[0], ""))
    yield Figure("figures: memory, twice the cases", many / few, "x", "<= 1.5")
    yield Figure(f"figures: most memory for {ALL:,} cases", many / 1e6, "MB")


def _most(built, asked: queries.WalksAsked) -> int:
    """Bytes at most to add up a choice."""
    tracemalloc.start()
    with built.read() as db:
        queries.added_up(db, Viewer(ADMIN), asked)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return most


def _office(n: int) -> str:
    return f"office-{n % OFFICES}"


def _copy(built, samples: Sequence[Walk], chance: random.Random) -> None:
    """A walk for every case, like one of the samples but of an office and with times of its own."""
    with built.database.engine.begin() as db:
        db.execute(sa.delete(tb.walks))
        ids = db.execute(sa.select(tb.cases.c.id, tb.cases.c.dossier)).all()
        rows, known = [], {}
        for n, (case_id, dossier) in enumerate(ids):
            like = chance.choice(samples)
            way = _varied(like.ways[0], _office(n), chance)
            org = _office(n)
            about = {"org": org, "type": TYPES[n % 2]}
            one = replace(like, case_id=case_id, dossier=dossier, ways=(way,), **about)
            rows += walk_rows(one)
            known.setdefault(rows[-1]["way"], way)
        there = set(db.execute(sa.select(tb.ways.c.id)).scalars())
        db.execute(sa.insert(tb.ways), [way_row(known[one]) for one in known.keys() - there])
        db.execute(sa.insert(tb.walks), rows)


def _varied(like: Way, office: str, chance: random.Random) -> Way:
    """It passed through an office of its own, in other lengths of time, from minutes to weeks."""
    facts = (*like.facts, fact("handover", office, office))
    spent = sorted((told, three_figures(chance.lognormvariate(10, 2))) for told, _ in like.lengths)
    return replace(like, facts=tuple(sorted(facts)), lengths=tuple(spent))


def _samples(built) -> Sequence[Walk]:
    with built.open_store() as store:
        ids = [stream.removeprefix("case:") for stream in store.streams("case:")]
        return [walk_of(store, one, (store.release, store.facts)) for one in ids]
