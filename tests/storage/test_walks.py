"""How cases went, on every store: ways kept once, added up as one by one, gone when nobody goes them."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from engine.figures import Figures, fact
from engine.model import Walk, Way
from storage import tables as tb
from storage.queries.viewer import Viewer
from storage.queries.walks import WalksAsked, added_up, walk_choices, walk_state, walked_cases
from tests.cast import ADMIN
from tests.storage.builders import START, begin, outcome

DONE, CAME = fact("done", "", "ask"), fact("entered", "", "ask")
READER = Viewer(ADMIN)


def way(release="r", seconds=(60,), facts=(DONE, CAME)):
    lengths = tuple((fact("waited", "", "ask"), one) for one in sorted(seconds))
    return Way(release, ("ask",), "v", tuple(sorted(facts)), lengths)


def walk(case, *ways, fault=""):
    return Walk(case, 0, "d1", "mediation", "r", "court", START, "LOAN", ("li",), ways, fault)


MOVED = (way("", (60, 90), 2 * (DONE, CAME)), way("r"), way("s", (90,)))


@pytest.fixture
def kept(database):
    """Three cases that went the same way, one of them slower, and one that was moved."""
    with database.open() as store:
        for case in ("c1", "c2", "c3", "c4"):
            begin(store, outcome(), case)
        for case, seconds in (("c1", 60), ("c2", 60), ("c3", 120)):
            store.keep_walk(walk(case, way(seconds=(seconds,))))
        store.keep_walk(walk("c4", *MOVED))
    return database


def found(database, **asked):
    with database.read() as db:
        return added_up(db, READER, WalksAsked("mediation", **asked))


def ids(database, table):
    with database.read() as db:
        return db.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()


def told(figures):
    (step,) = figures.steps()
    return figures.cases, step


def test_added_up_by_ways_is_the_same_as_one_by_one(kept):
    every = [way(), way(), way(seconds=(120,)), MOVED[0]]
    assert told(found(kept)) == told(Figures(every))
    assert told(found(kept, release="r")) == told(Figures([*every[:3], MOVED[1]]))
    assert told(found(kept, release="s")) == told(Figures([MOVED[2]]))
    assert found(kept, type="OTHER").cases == found(kept, org="x").cases == 0


def test_a_moved_case_is_one_case_and_can_be_chosen_by_each_version(kept):
    with kept.read() as db:
        asked = WalksAsked("mediation")
        assert walk_choices(db, READER, "mediation").releases == {"r", "s"}
        assert walk_state(db, READER, asked).told == 4
        cases = walked_cases(db, READER, asked, DONE, 3)
    assert [one.id for one in cases] == ["c1", "c2", "c3"]


def test_a_way_that_nobody_goes_any_more_is_forgotten(kept):
    assert (ids(kept, tb.ways), ids(kept, tb.walks)) == (2, 6)
    with kept.open() as store:
        store.keep_walk(walk("c4", way()))
    assert (ids(kept, tb.ways), ids(kept, tb.walks)) == (1, 4)


def test_what_was_told_before_an_erasure_stays_and_what_was_not_is_a_fault(kept):
    before = told(found(kept))
    with kept.open() as store:
        begin(store, outcome(), "c5")
        for case in ("c1", "c4", "c5"):
            store.keep_walk(walk(case, fault="not_replayable"))
    assert told(found(kept)) == before
    with kept.read() as db:
        assert walk_state(db, READER, WalksAsked("mediation")).faulty == 1


def test_every_case_is_told_anew_part_by_part(kept):
    with kept.open() as store:
        assert store.unwalked(9) == []
        assert store.forget_walks("", 3) == "c3"
        assert store.forget_walks("c3", 3) == "c4"
        assert store.forget_walks("c4", 3) == ""
        assert store.unwalked(9) == ["c1", "c2", "c3", "c4"]
