"""Moving running cases on a page: a dry run with reasons, a batch in parts, once per case."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

import webui.designer.moving as page
import webui.designer.rounds as rounds
from engine.package import own_files
from engine.replay import judge
from tests.builders import process, release, script, start, user, xor
from tests.cast import CLERK, DESIGNER
from tests.webui.conftest import FILES, form
from tests.webui.test_cli import run

PEOPLE = (
    start("start", ld_role="TRIB_CLERK"),
    user("screen", ld_role="TRIB_CLERK", name="核查"),
    user("decide", ld_role="TRIB_JUDGE", name="决定"),
)
AT = "/designer/small/move"
ROOT = Path(__file__).parents[2]


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
    assert browser("clerk").post("/designer/rounds/x/stop").status == 403


# A dry run that goes on beside the page ----------------------------------------------------------


@pytest.fixture
def beside(browser, app, longer, monkeypatch):
    """The page of a dry run that was not waited for, and that run."""
    monkeypatch.setattr(rounds, "AT_ONCE", 0)
    jin = browser("designer").get(AT)
    (one,) = app.extensions["liandiao.rounds"].values()
    one.going.result()
    return jin, one


def test_a_dry_run_beside_the_page_has_an_address_and_is_moved_from_there(built, case, beside):
    jin, one = beside
    assert "已试算 1 / 1 件" in jin.get(one.here).text
    assert jin.post(AT, reason=" ", round=one.token).status == 422
    assert "转过去 1 件" in jin.get(one.here).post(AT, reason="更正条款").text
    assert stands(built, case).release != case.release


def test_a_dry_run_that_is_stopped_says_so_and_begins_again(app, beside):
    jin, one = beside
    one.done.clear()  # as if it were on its way
    assert "已停止" in jin.post(f"/designer/rounds/{one.token}/stop").text
    assert jin.link(AT) == AT
    assert 'name="reason"' not in jin.page
    jin.get(AT)
    assert one not in app.extensions["liandiao.rounds"].values()


@pytest.mark.parametrize("at", [AT, "{draft}/move", "{draft}/whatif"])
def test_a_round_that_is_gone_is_said_and_begun_again_with_one_click(built, browser, longer, at):
    draft = built.engine.open_draft(DESIGNER, "small")
    page = browser("designer").get(at.format(draft=f"/designer/drafts/{draft.id}"))
    gone = page.get(f"{page.response.request.path}?months=3&round=nope")
    assert (gone.status, "这一轮的结果已经不在" in gone.text) == (409, True)
    assert "重新开始" in gone.text
    assert page.post("/designer/rounds/nope/stop").status == 409


def test_the_command_tries_first_and_moves_with_a_reason(built, case, longer, tmp_path):
    built.database.close()
    code, said = run(tmp_path / "data", "move", "small")
    assert (code, said.splitlines()[-1]) == (0, "1 fit, 0 stay, 0 moved")
    assert run(tmp_path / "data", "move", "small", "--reason", "mended")[1].endswith("1 moved\n")


# Steps under another id -------------------------------------------------------------------------

VET = user("vet", ld_role="TRIB_CLERK", name="核查")
OTHER = "start -> vet -> decide -> end"


@pytest.fixture
def renamed(built, case):
    """The published version calls the step the case stands at otherwise."""
    with built.open_store() as store:
        files = {**FILES, "forms/vet.json": FILES["forms/screen.json"]}
        second = release(process(OTHER, PEOPLE[0], VET, PEOPLE[2], id="small"), files)
        store.add_release(second, "designer", "designer2", built.clock())
    return second.digest


def asked(jin):
    """The name of the field that asks for a counterpart."""
    return jin.page.split('name="as:')[1].split('"')[0]


def test_a_step_of_the_same_name_is_suggested_and_confirmed(built, browser, case, renamed):
    jin = browser("designer").get(AT)
    assert "名称相同" in jin.text
    jin.post(AT, reason="更正条款", **{f"as:{asked(jin)}": "vet"})
    assert stands(built, case).release == renamed


def test_the_command_takes_a_renamed_step_only_once_it_is_named(built, case, renamed, tmp_path):
    built.database.close()
    data = tmp_path / "data"
    assert run(data, "move", "small", "--reason", "x")[1].endswith("0 fit, 1 stay, 0 moved\n")
    named = ("--as", "screen=vet")
    assert run(data, "move", "small", "--reason", "x", *named)[1].endswith("1 moved\n")


def test_without_a_counterpart_the_case_stays(built, browser, case, renamed):
    jin = browser("designer").get(AT)
    looked = jin.post(AT, look="1", **{f"as:{asked(jin)}": ""})
    assert "新版本里没有“核查”" in looked.text
    assert stands(built, case) == case


def test_a_batch_goes_on_after_a_break_with_the_same_counterparts(
    built, browser, case, renamed, monkeypatch
):
    built.engine.begin(CLERK, "small", {"/dispute/title": "新"})  # on the new version at once
    late = browser("designer").get(AT)
    field = f"as:{asked(late)}"
    with built.open_store() as store:
        to = store.release(renamed)
    old = case.release
    built.engine.plan_move(DESIGNER, to, "更正条款", {old: {"screen": "vet"}})
    again = browser("designer").get(AT)
    assert "有一批没有转完" in again.text
    assert f'name="{field}"' in again.page
    again.post(AT, go_on="1")
    assert stands(built, case).release == renamed


def test_a_batch_that_is_killed_goes_on_and_moves_each_case_once(built, browser, case, tmp_path):
    cases = [case, *(built.engine.begin(CLERK, "small", {"/dispute/title": "漏水"}) for _ in "12")]
    flows = "start -> screen -> s -> decide -> end"
    to = published(built, flows, *PEOPLE, script("s", "1"))
    ids = sorted(one.id for one in cases)
    batch = [sys.executable, "-m", "tests.webui.killed_moving", str(tmp_path / "data"), to, *ids]
    assert subprocess.run(batch, cwd=ROOT, timeout=300).returncode == -signal.SIGKILL
    assert [stands(built, one).release == to for one in cases].count(True) == 1
    browser("designer").get(AT).post(AT, reason="更正条款")
    with built.open_store() as store:
        chains = [list(store.entries(f"case:{id}")) for id in ids]
        verdicts = [judge(one, store.release, store.facts) for one in chains]
    assert [[e.verb for e, _ in chain].count("move") for chain in chains] == [1, 1, 1]
    assert all(one.breaks == () for one in verdicts)


# Before it is published -------------------------------------------------------------------------


def test_a_draft_whose_form_lost_a_field_says_which_cases_need_it(built, browser, case):
    flows = "start -> screen -> x\nx -> decide if dispute.facts = 1\nx -> end"
    parts = (*PEOPLE, xor("x", default="x__end"))
    with built.open_store() as store:
        first = release(process(f"{flows}\ndecide -> end", *parts, id="small"), FILES)
        store.add_release(first, "designer", "designer2", built.clock())
    built.engine.begin(CLERK, "small", {"/dispute/title": "漏水"})
    draft = built.engine.open_draft(DESIGNER, "small")
    lost = {"forms/screen.json": form("accept"), "forms/start.json": form(title={}, facts={})}
    built.engine.bring_files(DESIGNER, draft.id, {**own_files(first.files), **lost})
    page = browser("designer").get(f"/designer/drafts/{draft.id}/move")
    assert "要用“情况”，这件还没有" in page.text
