"""Recusal on the pages: declared, shown, refused on the task page, ended by a supervisor."""

from __future__ import annotations

import pytest

WHY = {"ground": "INTEREST", "reason": "与被申请人是邻居"}


def tab(who, case):
    return who.get(f"/dossiers/{case.dossier}?tab=recusals")


def test_who_steps_aside_reads_why_the_task_is_closed_to_them(browser, case, task):
    clerk = browser("clerk")
    clerk.post(f"/tasks/{task}/claim")
    clerk.post(f"/dossiers/{case.dossier}/recusals", **WHY)
    assert "与被申请人是邻居" in tab(clerk, case).text
    page = clerk.get(f"/tasks/{task}").text
    assert "回避本卷宗：与被申请人是邻居" in page
    assert "data-claim" not in page
    assert clerk.post(f"/tasks/{task}/claim").status == 403
    assert "纠2026" not in clerk.get("/inbox?tab=available").text


def test_a_supervisor_decides_for_others_and_ends_it(browser, case):
    supervisor = browser("supervisor")
    supervisor.post(f"/dossiers/{case.dossier}/recusals", person="clerk", **WHY)
    assert "回避中" in tab(supervisor, case).text
    supervisor.post(supervisor.link("/dossiers/[^/]+/recusals/[^/]+/end"), reason="查明无关")
    assert "查明无关" in tab(supervisor, case).text


@pytest.mark.parametrize("person", ["judge", "president"])
def test_others_decide_nothing(browser, case, person):
    clerk = browser("clerk")
    assert clerk.post(f"/dossiers/{case.dossier}/recusals", person=person, **WHY).status == 403
    assert clerk.post(f"/dossiers/{case.dossier}/recusals/x/end", reason="x").status == 403


def test_a_dossier_that_is_not_seen_takes_no_recusal(browser, case):
    assert browser("doctor").post(f"/dossiers/{case.dossier}/recusals", **WHY).status == 404
