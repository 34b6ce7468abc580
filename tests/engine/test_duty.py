"""A duty post is handed from one shift to the next: note, open tasks, claims given back, read by the next."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine.errors import Conflict, Invalid, NotAllowed
from engine.model import DutyPost, Shift
from tests.builders import process, start, user
from tests.cast import ADMIN, CLERK, MEDIATOR, actor
from tests.engine.test_apart import HERE, open_task, publish
from tests.engine.test_standing import listed, now

NEXT = actor("mediator2")
ORG = "shiqiao-committee"
XML = process("start -> write -> end", start("start", ld_role="TRIB_CLERK"), user("write", **HERE))
HOURS = timedelta(hours=8)


@pytest.fixture
def case(desk, store):
    publish(store, desk, "patrol", XML)
    return desk.begin(CLERK, "patrol", {})


@pytest.fixture
def shifts(desk, clock):
    """The mediator's shift now, and that of the next after it."""
    post = desk.save_duty_post(ADMIN, DutyPost("", ORG, "值班岗", roles="MEDIATOR"))
    begun = clock()
    return [
        desk.plan_shift(
            ADMIN, ORG, Shift("", post.id, who, begun + n * HOURS, begun + (n + 1) * HOURS)
        )
        for n, who in enumerate(("mediator", "mediator2"))
    ]


def test_what_is_open_is_listed_and_claims_go_back(desk, store, case, shifts):
    task = open_task(store, case)
    desk.claim(MEDIATOR, task)
    given = desk.hand_over_shift(MEDIATOR, shifts[0].id, "三号房有人情绪不稳")
    assert given.tasks == (task,)
    with store() as opened:
        assert opened.open_task(task).holder == ""
        entry, payload = list(opened.entries(f"organisation:{ORG}"))[-1]
    assert (entry.verb, payload.reason) == ("handover", "三号房有人情绪不稳")
    assert payload.data["tasks"] == [task]


def test_only_whoever_is_on_duty_hands_over_and_once(desk, shifts, clock):
    with pytest.raises(NotAllowed, match="not_your_shift"):
        desk.hand_over_shift(NEXT, shifts[0].id, "无异常")
    with pytest.raises(Invalid, match="say_what"):
        desk.hand_over_shift(MEDIATOR, shifts[0].id, " ")
    with pytest.raises(Invalid, match="shift_not_begun"):
        desk.hand_over_shift(NEXT, shifts[1].id, "无异常")
    desk.hand_over_shift(MEDIATOR, shifts[0].id, "无异常")
    with pytest.raises(Conflict, match="handed_over"):
        desk.hand_over_shift(MEDIATOR, shifts[0].id, "无异常")


def test_the_next_shift_says_that_it_has_read_it(desk, store, shifts, clock):
    given = desk.hand_over_shift(MEDIATOR, shifts[0].id, "无异常")
    with pytest.raises(NotAllowed, match="not_on_duty"):
        desk.take_over_shift(NEXT, given.id)
    clock.move(shifts[1].starts_at)
    desk.take_over_shift(NEXT, given.id)
    with store() as opened:
        assert opened.handover(given.id).taken_by == "mediator2"
    with pytest.raises(Conflict, match="taken_over"):
        desk.take_over_shift(NEXT, given.id)


CENTRE, OFFICER = "yunxi-centre", actor("discipline")
TALK = process(
    "start -> talk -> end",
    start("start", ld_role="TRIB_CLERK"),
    user("talk", ld_role="DC_OFFICER", ld_org=f'"{CENTRE}"', ld_person='"@duty"'),
)


@pytest.fixture
def talk(desk, store):
    """A talk that belongs to whoever is on duty at the centre."""
    publish(store, desk, "talk", TALK)
    return desk.begin(CLERK, "talk", {})


@pytest.mark.parametrize(
    ("who", "shown"), [("discipline", ["talk"]), ("centre", []), (None, ["talk"])]
)
def test_what_belongs_to_duty_is_for_the_shift_or_for_all_without_one(
    desk, store, clock, talk, who, shown
):
    post = desk.save_duty_post(ADMIN, DutyPost("", CENTRE, "管教值班岗", roles="DC_OFFICER"))
    if who:
        desk.plan_shift(ADMIN, CENTRE, Shift("", post.id, who, clock(), clock() + HOURS))
    officer = now(store, desk, OFFICER)
    assert listed(store, officer, "available") == shown
    if not shown:
        with pytest.raises(NotAllowed, match="not_candidate"):
            desk.claim(officer, open_task(store, talk))
        clock.move(clock() + HOURS)
        officer = now(store, desk, OFFICER)
    desk.claim(officer, open_task(store, talk))
