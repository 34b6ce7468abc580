"""Standing in on the pages: named on the account page, seen in the inbox, said on the task page."""

from __future__ import annotations

PERIOD = {"from": "2026-03-02", "until": "2026-03-06", "reason": "培训"}


def test_a_colleague_stands_in_and_says_so(browser):
    judge, other = browser("judge"), browser("judge2")
    judge.get("/account/substitutes")
    judge.post("/account/substitutes", substitute="judge2", **PERIOD)
    assert "代办中" in judge.text
    other.get("/account/")
    assert "代周正清" in other.text


def test_the_task_page_says_for_whom(browser, case, task):
    browser("clerk").post(f"/tasks/{task}/claim")
    supervisor = browser("supervisor")
    supervisor.get("/account/substitutes")
    supervisor.post("/account/substitutes", person="clerk", substitute="committee", **PERIOD)
    stand_in = browser("committee")
    assert "代陈书宁" in stand_in.get(f"/tasks/{task}").text
    assert stand_in.post(f"/tasks/{task}/claim").status == 200
    stand_in.post(f"/tasks/{task}", outcome="accept")
    assert "赵维安 代 陈书宁 办理" in supervisor.get(f"/cases/{case.id}").text


def test_what_is_refused_is_said_on_the_page(browser):
    clerk = browser("clerk")
    clerk.get("/account/substitutes")
    assert clerk.post("/account/substitutes", substitute="mediator", **PERIOD).status == 422
    assert "不在同一机构" in clerk.text
    assert clerk.post("/account/substitutes", substitute="judge", reason="x").status == 422
    assert clerk.post("/account/substitutes/none/end", reason="x").status == 422


def test_it_is_ended_before_its_time(browser):
    judge = browser("judge")
    judge.get("/account/substitutes")
    judge.post("/account/substitutes", substitute="judge2", **PERIOD)
    judge.post(judge.link("/account/substitutes/[^/]+/end"), reason="提前返回")
    assert "提前返回" in judge.text
