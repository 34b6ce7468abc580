"""The page of a duty post: who is on duty, what is open, handing over and taking over."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine.model import DutyPost, Shift
from tests.cast import ADMIN

ORG = "shiqiao-tribunal"


@pytest.fixture
def shifts(built, clock):
    post = built.engine.save_duty_post(ADMIN, DutyPost("", ORG, "立案值班岗", roles="TRIB_CLERK"))
    now, later = clock(), clock() + timedelta(hours=8)
    first = Shift("", post.id, "clerk", now, later)
    second = Shift("", post.id, "judge", now, later)
    return [built.engine.plan_shift(ADMIN, ORG, one) for one in (first, second)]


def test_one_shift_hands_over_and_the_next_takes_over(browser, case, shifts):
    clerk, judge = browser("clerk"), browser("judge")
    assert "岗上未办结的任务（1）" in clerk.get("/duty").text
    clerk.post(clerk.link("/duty/shifts/[^/]+/hand-over"), note="一件待核查")
    assert "一件待核查" in judge.get("/duty").text
    judge.post(judge.link("/duty/handovers/[^/]+/take-over"))
    assert "周正清" in judge.text
    assert "待接班" not in judge.text


def test_a_handover_says_something(browser, shifts):
    clerk = browser("clerk")
    address = clerk.get("/duty").link("/duty/shifts/[^/]+/hand-over")
    assert clerk.post(address, note=" ").status == 422
    assert "无异常" in clerk.text


def test_who_works_elsewhere_sees_no_post(browser, shifts):
    assert "立案值班岗" not in browser("doctor").get("/duty").text
