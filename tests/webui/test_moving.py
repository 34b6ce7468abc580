"""Moving running cases on a page: a dry run with reasons, a batch in parts, once per case."""

from __future__ import annotations

import pytest

import webui.designer.moving as page
from tests.builders import process, release, script, start, user
from tests.cast import CLERK
from tests.webui.conftest import FILES
from tests.webui.test_cli import run

PEOPLE = (
    start("start", ld_role="TRIB_CLERK"),
    user("screen", ld_role="TRIB_CLERK", name="核查"),
    user("decide", ld_role="TRIB_JUDGE", name="决定"),
)
AT = "/designer/small/move"


def published(built, flows, *parts):
    with built.open_store() as store:
        second = release(process(flows, *parts, id="small"), FILES)
        store.add_release(second, "designer", "designer2", built.clock())
    return second.digest


@pytest.fixture
def longer(built, case):
    """The case was begun before the published version had another step."""
    return published(built, "start -> screen -> s -> decide -> end", *PEOPLE, script("s", "1"))


def stands(built, case):
    with built.open_store() as store:
        return store.case(case.id)


def test_the_page_tells_how_many_fit_and_moves_them_with_a_reason(built, browser, case, longer):
    jin = browser("designer")
    assert "1 件在办办件还在其他版本" in jin.get(AT).text
    assert jin.post(AT, reason=" ").status == 422
    assert "已处理 1 / 1 件：转过去 1 件" in jin.post(AT, reason="更正条款").text
    assert stands(built, case).release == longer
    assert "全部在办办件都已在现行版本" in jin.get(AT).text


def test_a_case_that_does_not_fit_stays_and_says_why(built, browser, case):
    published(built, "start -> decide -> end", PEOPLE[0], PEOPLE[2])
    jin = browser("designer")
    assert "新版本里没有“核查”" in jin.get(AT).text
    assert "move_element_gone" not in jin.page
    assert stands(built, case) == case


def test_a_batch_that_was_cut_off_goes_on_and_moves_each_case_once(
    built, browser, case, monkeypatch
):
    for _ in range(2):
        built.engine.begin(CLERK, "small", {"/dispute/title": "邻里漏水"})
    published(built, "start -> screen -> s -> decide -> end", *PEOPLE, script("s", "1"))
    monkeypatch.setattr(page, "SECONDS", 0)
    jin = browser("designer")
    assert "已处理 1 / 3 件" in jin.post(AT, reason="更正条款").text
    again = jin.post(AT, reason="更正条款")  # from the start: what was moved is not met again
    assert "已处理 1 / 2 件" in again.text
    assert "1 件在办办件还在其他版本" in jin.get(AT).text


def test_the_history_of_a_moved_case_tells_it_in_words(built, browser, case, longer):
    jin = browser("designer")
    jin.get(AT)
    jin.post(AT, reason="更正条款")
    assert "转到新版本" in browser("clerk").get(f"/cases/{case.id}").text


def test_only_designers_move_cases(browser):
    assert browser("clerk").get(AT).status == 403


def test_the_command_tries_first_and_moves_with_a_reason(built, case, longer, tmp_path):
    built.database.close()
    code, said = run(tmp_path / "data", "move", "small")
    assert (code, said.splitlines()[-1]) == (0, "1 fit, 0 stay, 0 moved")
    assert run(tmp_path / "data", "move", "small", "--reason", "mended")[1].endswith("1 moved\n")
