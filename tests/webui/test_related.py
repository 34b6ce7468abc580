"""Dossiers that belong together: found by people, linked by hand, shown only to who may see them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from engine.identity import matter_of, police_number
from engine.model import Party
from tests.cast import CLERK

ZHANG = {"id_no": "530102199001011234"}


@pytest.fixture
def other(built, case):
    """A second dossier of the tribunal in which the same person claims again."""
    second = built.engine.begin(CLERK, "small", {"/dispute/title": "又一笔借款"})
    with built.open_store() as store:
        store.save_party(Party("p1", case.dossier, "A", "张三", ZHANG))
        store.save_party(Party("p2", second.dossier, "A", "张三", ZHANG))
    return second.dossier


@pytest.fixture
def clerk(browser, case, other):
    return browser("clerk").get(f"/dossiers/{case.dossier}?tab=related")


def test_the_same_identity_number_leads_to_the_other_dossier(clerk, other):
    assert f"/dossiers/{other}" in clerk.page
    assert "张三：身份号码相同" in clerk.text
    assert "张三 在另外 1 件卷宗里也是申请方" in clerk.text


def test_name_and_day_of_birth_are_enough_unless_two_numbers_differ(browser, built, case, other):
    with built.open_store() as store:
        store.save_party(Party("p1", case.dossier, "A", "张三", {"birth_date": "1990-01-01"}))
    path = f"/dossiers/{case.dossier}?tab=related"
    assert "姓名和出生日期相同" in browser("clerk").get(path).text
    twin = {"id_no": "530102199001015678"}
    with built.open_store() as store:
        store.save_party(Party("p1", case.dossier, "A", "张三", twin))
    assert "没有找到关联卷宗" in browser("clerk").get(path).text


LOAN = {"/dispute/type": "LOAN", "/dispute/claim_amount": 50000, "/dispute/place": "530102"}


def told_of(built, dossier, values, days=0):
    """The dossier as if its first form had said this, opened so many days earlier."""
    with built.open_store() as store:
        old = store.dossier(dossier)
        found = {"matter": matter_of(values), "police_no": police_number(values)}
        opened_at = old.opened_at - timedelta(days=days)
        store.save_dossier(replace(old, opened_at=opened_at, **found))


@pytest.mark.parametrize(
    ("theirs", "days", "reason"),
    [
        (LOAN, 10, "案由、金额（50000 元）和地点相同"),
        (LOAN, 400, ""),
        (LOAN | {"/dispute/place": "530103"}, 10, ""),
        ({"/police/case_no": "云溪公 123"}, 10, "警方案号 云溪公123 相同"),
    ],
)
def test_the_same_facts_are_found_with_their_reason(built, browser, case, theirs, days, reason):
    told_of(built, case.dossier, LOAN | {"/dispute/police_case_no": "云溪公123"})
    second = built.engine.begin(CLERK, "small", {"/dispute/title": "另一件"})
    told_of(built, second.dossier, theirs, days)
    shown = browser("clerk").get(f"/dossiers/{case.dossier}?tab=related")
    assert (reason or "没有找到关联卷宗") in shown.text


def test_a_form_that_asks_for_related_cases_shows_what_was_found(browser, case, other):
    clerk = browser("clerk").get("/inbox?tab=available")
    clerk.get(clerk.link(r"/tasks/[^\"/?]+"))
    assert "张三：身份号码相同" in clerk.text
    assert "张三 在另外 1 件卷宗里也是申请方" in clerk.text


def test_what_one_may_not_see_is_counted_and_not_shown(browser, built, clerk, case, other):
    with built.open_store() as store:
        store.connection.exec_driver_sql("UPDATE dossiers SET org = 'qingshan-court'")
        store.connection.exec_driver_sql(f"UPDATE tasks SET org = 'x' WHERE dossier = '{other}'")
        store.connection.exec_driver_sql(f"UPDATE cases SET org = 'x' WHERE dossier = '{other}'")
    shown = browser("clerk").get(f"/dossiers/{case.dossier}?tab=related")
    assert "另有 1 件关联卷宗您无权查看" in shown.text
    assert "又一笔借款" not in shown.text


def test_a_link_by_hand_is_seen_from_both_sides_and_ended_with_a_reason(clerk, case, other, built):
    with built.open_store() as store:
        store.save_party(Party("p2", other, "A", "李四"))
    link = {"number": "纠2026-00002", "kind": "SAME_DEBT", "why": "同一张借条"}
    assert "已关联 纠2026-00002" in clerk.post(f"/dossiers/{case.dossier}/links", **link).text
    there = clerk.get(f"/dossiers/{other}?tab=related")
    assert "人工关联：同一债权债务，同一张借条" in there.text
    end = there.link(rf"/dossiers/{other}/links/[^/]+/end")
    assert "同一张借条" in there.post(end, reason=" ").text
    assert "已解除关联" in there.post(end, reason="不是同一张").text
    assert "同一张借条" not in there.text
    with built.open_store() as store:
        verbs = [entry.verb for entry, _ in store.entries(f"dossier:{case.dossier}")]
    assert [verb for verb in verbs if verb != "read"][-2:] == ["record", "record_ended"]


def test_a_link_needs_a_dossier_one_sees_and_a_reason(clerk, case, browser):
    path = f"/dossiers/{case.dossier}/links"
    assert "已关联" not in clerk.post(path, number="纠2026-99999", kind="AGAIN", why="x").text
    assert "写明理由" in clerk.post(path, number="纠2026-00002", kind="AGAIN", why="").text
    doctor = browser("doctor").get("/inbox")
    assert doctor.post(path, number="纠2026-00002", kind="AGAIN", why="x").status == 404
