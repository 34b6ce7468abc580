"""Lists that a person keeps under a name: one click opens them, nobody else sees them."""

from __future__ import annotations

import json

import pytest

from engine.errors import Invalid, NotFound
from tests.cast import CLERK

NARROWED = {"tab": "available", "due": "late", "words": "龘", "sort": "new"}


@pytest.fixture
def clerk(browser, case):
    return browser("clerk").get("/inbox?tab=available&words=纠2026&sort=old")


def test_a_list_is_kept_opened_and_removed(clerk):
    kept = clerk.post(
        "/inbox/views", name=" 一号  卷 ", tab="available", words="纠2026", sort="old"
    )
    assert "已保存视图“一号 卷”" in kept.text
    assert "一号 卷 1" in kept.text
    href = clerk.get("/inbox").link(r"/inbox\?[^\"]*sort=old[^\"]*")
    opened = clerk.get(href)
    assert "纠2026-00001" in opened.text
    assert 'value="old" selected' in opened.page
    assert "一号 卷 1" not in clerk.post("/inbox/views/drop", name="一号 卷").text


def test_what_is_counted_is_what_the_list_shows_to_this_person(clerk, browser):
    clerk.post("/inbox/views", name="全部", tab="available", words="纠2026")
    assert "全部 1" in clerk.text
    judge = browser("judge")
    judge.get("/inbox")
    judge.post("/inbox/views", name="全部", tab="available", words="纠2026")
    assert "全部 0" in judge.text


def test_nobody_sees_or_removes_another_s(clerk, browser):
    clerk.post("/inbox/views", name="我的急件", **NARROWED)
    judge = browser("judge").get("/inbox")
    assert "我的急件" not in judge.text
    assert judge.post("/inbox/views/drop", name="我的急件").status == 404
    assert "我的急件 0" in clerk.get("/inbox").text


def test_only_known_parts_of_an_address_are_kept(clerk, built):
    clerk.post("/inbox/views", name="怪", tab="nowhere", sort="<b>", due="x", words="a", size="9")
    with built.read() as db:
        row = db.exec_driver_sql("SELECT wanted FROM saved_views").scalar()
    assert json.loads(row) == {"tab": "mine", "words": "a"}


def test_keeping_one_is_journalled(clerk, built):
    clerk.post("/inbox/views", name="急", **NARROWED)
    clerk.post("/inbox/views/drop", name="急")
    with built.open_store() as store:
        verbs = [entry.verb for entry, _ in store.entries("person:clerk")]
    assert verbs[-2:] == ["view.keep", "view.drop"]


@pytest.mark.parametrize("name", ["", "  ", "a\0b", "长" * 31])
def test_a_name_is_a_short_line_of_text(built, name):
    with pytest.raises(Invalid):
        built.engine.keep_view(CLERK, name, NARROWED)


def test_a_dozen_is_enough_and_one_of_the_same_name_is_replaced(built):
    for number in range(12):
        built.engine.keep_view(CLERK, f"第{number}个", NARROWED)
    built.engine.keep_view(CLERK, "第3个", {"tab": "mine"})
    with pytest.raises(Invalid):
        built.engine.keep_view(CLERK, "第13个", NARROWED)
    with pytest.raises(NotFound):
        built.engine.drop_view(CLERK, "没有")
