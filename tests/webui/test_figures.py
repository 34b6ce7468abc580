"""Figures: equal to a count by hand on the demonstration, for whom, chosen how, leading where."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta

import pytest

from engine.errors import EngineError
from engine.model import Release
from engine.package import digest
from engine.proofs.takeaway import take_away
from engine.spiff import read_state
from engine.story import VirtualClock
from storage import queries
from storage.queries.viewer import Viewer
from tests.cast import ADMIN, DESIGNER, PEOPLE, SUPERVISOR, actor
from tests.webui import handcount
from webui.config import read_config
from webui.demo import fill, populate
from webui.figuring import Naming, Tables
from webui.sealing import log_keys
from webui.walking import walk_some
from webui.wiring import build, bundled

DOSSIERS = 14
EVERYBODY = [actor(login) for login in PEOPLE]


def held_by(built, task_id):
    """Whoever may claim a task has it now."""
    for one in EVERYBODY:
        try:
            built.engine.claim(one, task_id)
        except EngineError:
            continue
        return one
    return None


def rework(built, clock):
    """Tasks claimed, given back and claimed again, and data corrected, as people do."""
    with built.open_store() as store:
        ids = [stream.removeprefix("case:") for stream in store.streams("case:")]
        found = [store.case(one) for one in ids]
    waiting = [(case, task) for case in found for task in read_state(case.state).tasks]
    for case, task in waiting[:6]:
        holder = held_by(built, task.id)
        if holder and case.status == "open":
            clock.move(clock.now + timedelta(hours=5))
            built.engine.release(holder, task.id, "请假")
            built.engine.claim(holder, task.id)
            built.engine.correct(SUPERVISOR, case.id, {"/dispute/note": "更正"}, "笔误")


def renew(built, clock):
    """Mediations go on under a second version: what becomes due happens there, one is cancelled."""
    files = bundled()["mediation"] | {"README.md": b"as it was"}
    new = Release("mediation", digest(files), files)
    with built.open_store() as store:
        store.add_release(new, "designer", "designer2", clock())
        ids = [stream.removeprefix("case:") for stream in store.streams("case:")]
        found = [case for case in map(store.case, ids) if case.procedure == "mediation"]
    moved = [case for case in found if case.status == "open"][:3]
    for case in moved:
        clock.move(clock.now + timedelta(hours=7))
        built.engine.move_case(DESIGNER, case.id, new.digest, "试行新版")
    built.engine.cancel(SUPERVISOR, moved[0].id, "撤回")
    clock.move(clock.now + timedelta(days=60))
    for case in moved[1:]:
        built.engine.turn(case.id)


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """The demonstration, small: making it takes seconds, and every figure is counted on it."""
    folder = tmp_path_factory.mktemp("figures")
    clock = VirtualClock(datetime(2026, 11, 20, 1, tzinfo=UTC))
    built = build(read_config({"LIANDIAO_DATA": str(folder)}), clock)
    with built.open_store() as store:
        for name, files in bundled().items():
            release = Release(name, digest(files), files)
            store.add_release(release, "designer", "designer2", clock())
    populate(built)
    fill(built, DOSSIERS, lambda: None)
    rework(built, clock)
    renew(built, clock)
    built.engine.seal(log_keys(built.config))
    while walk_some(built, 50):
        pass
    yield built
    built.database.close()


@pytest.fixture(scope="module")
def cases(demo):
    """Every case as it is taken away, by procedure."""
    found = defaultdict(list)
    with demo.open_store() as store:
        for stream in list(store.streams("case:")):
            content = b"".join(take_away(store, demo.blobs, stream[5:], health=True))
            one = handcount.Exported(content)
            found[one.procedure].append(one)
    return found


def tables_of(built, procedure, release=""):
    """The tables of a procedure's cases, as machines read them."""
    with built.read() as db:
        asked = queries.WalksAsked(procedure, release)
        found = queries.added_up(db, Viewer(ADMIN), asked)
        paths = queries.paths_of(db, [line.words[0] for line in found.variants()])
        naming = Naming(built.store_on(db).current_release(procedure), {}, "en")
    return {one.id: one.plain() for one in Tables(found, naming, paths).all()}


def by(rows, *keys):
    """Rows as {key: rest}."""
    names = [tuple(row[key] for key in keys) for row in rows]
    rest = [{key: row[key] for key in row if key not in keys} for row in rows]
    return {name if keys[1:] else name[0]: one for name, one in zip(names, rest, strict=True)}


@pytest.fixture(scope="module")
def counted(demo, cases):
    """Of every procedure: the tables, and its cases."""
    return [(tables_of(demo, procedure), mine) for procedure, mine in cases.items()]


def test_steps_are_passed_and_waited_for_as_a_count_by_hand_says(counted):
    for found, mine in counted:
        told, by_hand = by(found["steps"], "step"), handcount.steps(mine)
        assert told.keys() == by_hand.keys()
        for step in told:
            assert told[step] == by_hand[step], step


def test_bottlenecks_are_the_tasks_waited_for_longest(counted):
    for found, mine in counted:
        by_hand = handcount.steps(mine)
        sums = [row["waited_total"] for row in found["bottlenecks"]]
        assert sums == sorted(sums, reverse=True)
        for row in found["bottlenecks"]:
            told = by_hand[row["step"]]
            same = row.keys() & told.keys()
            assert {key: row[key] for key in same} == {key: told[key] for key in same}
            assert row["share"] == round(100 * row["waited_total"] / sum(sums))


def test_flows_are_taken_as_often(counted):
    for found, mine in counted:
        assert by(found["flows"], "flow") == handcount.flows(mine)


def test_cases_go_the_same_ways(counted):
    for found, mine in counted:
        ways = {row["variant"]: row["cases"] for row in found["variants"]}
        assert ways == handcount.variants(mine)


def test_loops_and_rework_are_found(counted):
    for found, mine in counted:
        assert by(found["loops"], "step") == handcount.loops(mine)
        assert by(found["rework"], "kind", "step", "after") == handcount.rework(mine)
    kinds = {row["kind"] for found, _ in counted for row in found["rework"]}
    assert {"given_back", "stopped", "corrected"} <= kinds


def test_periods_are_kept_and_breached(counted):
    for found, mine in counted:
        numbers = {
            rule: {key: row[key] for key in handcount.CLOCK if row[key]}
            for rule, row in by(found["clocks"], "rule").items()
        }
        assert numbers == handcount.clocks(mine)


def test_work_passes_from_office_to_office(counted, cases):
    office = {one.id: one.org for some in cases.values() for one in some}
    for found, mine in counted:
        rows = by(found["handovers"], "giver")
        passed = {
            (giver, taker): times
            for giver, row in rows.items()
            for taker, times in row.items()
            if times
        }
        assert passed == handcount.handovers(mine, office)


def test_the_journal_finds_every_period_that_was_kept_or_breached_and_no_other(demo, counted):
    with demo.read() as db:
        entries = {
            kind: list(queries.every_entry(db, Viewer(ADMIN), queries.Sought(kind=kind)))
            for kind in queries.ON_TIME
        }
    told = {
        "early": Counter(p.rule for row in entries["early"] for p in row.periods if p.is_early),
        "late": Counter(p.rule for row in entries["late"] for p in row.periods if p.is_late),
    }
    sums = {"early": Counter(), "late": Counter()}
    for found, _ in counted:
        for row in found["clocks"]:
            sums["early"][row["rule"]] += row["kept"]
            sums["late"][row["rule"]] += row["breached"]
    assert told["early"] == +sums["early"]
    assert told["late"] == +sums["late"]


def test_what_ran_under_each_version_is_counted_under_it(demo, cases):
    mine = cases["mediation"]
    releases = {entry["release"] for case in mine for entry, _, _ in case.steps}
    assert len(releases) == 2
    for release in releases:
        found = tables_of(demo, "mediation", release)
        assert by(found["steps"], "step") == handcount.steps(mine, release)
        assert by(found["flows"], "flow") == handcount.flows(mine, release) != {}
        ways = {row["variant"]: row["cases"] for row in found["variants"]}
        assert ways == handcount.variants(mine, release)
