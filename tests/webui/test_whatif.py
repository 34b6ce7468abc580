"""What would it have done, on a page: counts, reasons, links, and a long run in parts."""

from __future__ import annotations

import hashlib

import pytest

import webui.designer.rounds as page
from engine.whatif import Rehearsed
from tests.builders import process, start, user
from tests.cast import CLERK
from tests.webui.conftest import XML
from webui.rehearsals import Playing, tried


@pytest.fixture
def jin(browser):
    one = browser("designer")
    one.get("/designer/")
    one.post("/designer/small/drafts")
    one.at = one.response.request.path
    return one


def save(one, name, content, before):
    tag = f'"{digest_of(before)}"'
    answer = one.client.put(
        f"{one.at}/files/{name}",
        data=content,
        headers={"X-CSRF-Token": one.token, "If-Match": tag},
    )
    assert answer.status_code == 200


def redrawn(one):
    """The clerk's step is followed by another one."""
    parts = (
        start("start", ld_role="TRIB_CLERK"),
        user("screen", ld_role="TRIB_CLERK", name="核查"),
        user("weigh", ld_role="TRIB_JUDGE", name="评议"),
        user("decide", ld_role="TRIB_JUDGE", name="决定"),
    )
    xml = process("start -> weigh -> screen -> decide -> end", *parts, id="small")
    save(one, "process.bpmn", xml, XML)


def test_the_page_asks_of_which_months_and_tells_that_all_is_the_same(jin, case):
    assert "最近" in jin.get(f"{jin.at}/whatif").text
    played = jin.get(f"{jin.at}/whatif?months=1").text
    assert "已推演 1 / 1 件" in played
    assert "全部走法相同" in played


def test_a_case_that_would_go_another_way_is_linked_with_the_reason(jin, case):
    redrawn(jin)
    played = jin.get(f"{jin.at}/whatif?months=3")
    assert "走法不同" in played.text
    assert "原来到“核查”，按草稿到“评议”。" in played.text
    assert f"/cases/{case.id}" in played.page


def test_a_draft_with_errors_is_not_played(jin, case):
    save(jin, "process.bpmn", b"<broken", XML)
    assert jin.get(f"{jin.at}/whatif?months=3").status == 422


def test_many_cases_are_played_beside_the_pages_and_told_as_they_come(
    jin, built, case, app, monkeypatch
):
    for _ in range(2):
        built.engine.begin(CLERK, "small", {"/dispute/title": "邻里漏水"})
    monkeypatch.setattr(page, "AT_ONCE", 0)
    assert "/ 3 件" in jin.get(f"{jin.at}/whatif?months=3").text
    (going,) = app.extensions["liandiao.rounds"].values()
    going.going.result()
    assert "已推演 3 / 3 件" in jin.get(f"{jin.at}/whatif?months=3").text


def test_a_run_that_broke_off_says_so_and_begins_anew(jin, built, case, app, monkeypatch):
    monkeypatch.setattr(page, "AT_ONCE", 0)
    jin.get(f"{jin.at}/whatif?months=3")
    (round_,) = app.extensions["liandiao.rounds"].values()
    round_.going.result()
    round_.done.clear()
    assert round_.has_failed
    jin.get(f"{jin.at}/whatif?months=3")
    (again,) = app.extensions["liandiao.rounds"].values()
    assert again is not round_


def test_processes_say_the_same_as_one(built, case):
    begun = [built.engine.begin(CLERK, "small", {"/dispute/title": "漏水"}).id for _ in range(11)]
    with built.open_store() as store:
        draft = store.current_release("small")
    told = [list(tried(built.config, Playing(draft), begun, count)) for count in (1, 2)]
    assert told[0] == told[1] == [(name, Rehearsed("same")) for name in begun]


def test_a_procedure_that_was_never_published_has_no_cases_to_play(jin):
    jin.post("/designer/new", procedure="tenancy")
    at = jin.response.request.path
    assert "没有这个规程的办件" in jin.get(f"{at}/whatif?months=3").text


def test_only_designers_play_cases(jin, browser):
    assert browser("clerk").get(f"{jin.at}/whatif").status == 403


def digest_of(content):
    return hashlib.sha256(content).hexdigest()
