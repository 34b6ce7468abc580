"""Figures on the page: for whom, chosen how, leading where; and how cases come to be counted."""

from __future__ import annotations

import csv
import json
import re
from datetime import timedelta
from html import unescape
from io import StringIO

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from storage import queries
from storage import tables as tb
from storage.queries.viewer import Viewer
from tests.cast import ADMIN, AUDITOR, CLERK, JUDGE, SUPERVISOR
from webui.cli import main
from webui.walking import walk_some, walking


@pytest.fixture
def worked(built, clock, case, task):
    """One case screened after an hour's wait and half an hour's work, one that waits for the clerk."""
    clock.move(clock.now + timedelta(hours=1))
    built.engine.claim(CLERK, task)
    clock.move(clock.now + timedelta(minutes=30))
    built.engine.complete(CLERK, task, {"/dispute/facts": "楼上漏水"}, "accept")
    built.engine.begin(CLERK, "small", {"/dispute/title": "围墙"})
    walk_some(built, 10)
    return case


def figures(built, viewer=None, **asked):
    with built.read() as db:
        wanted = queries.WalksAsked("small", **asked)
        return queries.added_up(db, viewer or Viewer(ADMIN), wanted)


def walks(built):
    with built.read() as db:
        return db.execute(sa.select(tb.walks).order_by(tb.walks.c.case_id)).all()


def test_a_claim_parts_waiting_from_working(built, worked):
    screen = next(one for one in figures(built).steps() if one.element == "screen")
    assert (screen.waited.median, screen.worked.median) == (3600, 1800)
    assert {kind: count.times for kind, count in screen.visits.items() if count.times} == {
        **{"entered": 2, "done": 1},
        "open": 1,
    }


def test_the_page_is_for_who_oversees_and_presidents_and_in_their_rail(browser, worked):
    for login in ("auditor", "supervisor", "admin", "president"):
        one = browser(login).get("/journal/figures")
        assert (one.status, "办案统计" in one.text) == (200, True)
    clerk = browser("clerk")
    assert "办案统计" not in clerk.get("/inbox").text
    for path in ("figures", "figures/cases?fact=corrected", "figures/steps.csv"):
        assert clerk.get(f"/journal/{path}").status == 403


def test_every_table_stands_on_the_page_and_is_a_file(browser, worked):
    auditor = browser("auditor").get("/journal/figures?procedure=small")
    assert "计入 2 个办件" in auditor.text
    heads = ("各步骤", "各连线", "瓶颈", "走法", "循环", "返工", "守期限", "单位之间的移交")
    assert [head for head in heads if head not in auditor.text] == []
    got = auditor.client.get("/journal/figures/steps.csv?procedure=small").text
    rows = {row["步骤"]: row for row in csv.DictReader(StringIO(got.removeprefix("\ufeff")))}
    assert (rows["核查"]["进入"], rows["核查"]["等待中位（秒）"]) == ("2", "3600")
    book = auditor.client.get("/journal/figures/flows.xlsx?procedure=small")
    assert book.data[:2] == b"PK"
    assert auditor.get("/journal/figures/nothing.csv").status == 404


def test_a_number_leads_to_the_cases_behind_it(browser, worked):
    auditor = browser("auditor").get("/journal/figures?procedure=small")
    links = map(unescape, re.findall(r'href="(/journal/figures/cases[^"]+)"', auditor.page))
    done = next(one for one in links if "done%09%09screen" in one)
    auditor.get(done)
    assert re.findall(r'href="/cases/([^/]+)/watch"', auditor.page) == [worked.id]
    assert "完成: 核查" in auditor.text


def test_cases_are_chosen_by_office_type_mediator_and_days(built, clock, worked):
    day = clock.now.replace(hour=0)
    assert figures(built, org=worked.org).cases == 2
    assert figures(built, since=day, before=day + timedelta(days=1)).cases == 2
    for other in (
        {"org": "elsewhere"},
        {"type": "LOAN"},
        {"mediator": "m"},
        {"since": clock.now + timedelta(days=1)},
    ):
        assert figures(built, **other).cases == 0


def test_nobody_counts_cases_of_dossiers_they_do_not_see(built, worked):
    far = Viewer(AUDITOR, tuple((grant.org, "110000") for grant in AUDITOR.grants))
    assert figures(built, far).cases == 0
    assert figures(built, Viewer(JUDGE)).cases == 2


def test_what_was_just_done_is_said_to_be_counted_soon(browser, built, worked):
    built.engine.correct(SUPERVISOR, worked.id, {"/dispute/facts": "楼下漏水"}, "笔误")
    auditor = browser("auditor")
    assert "另有 1 个办件" in auditor.get("/journal/figures?procedure=small").text
    walking(built)()
    assert "另有" not in auditor.get("/journal/figures?procedure=small").text
    assert "更正 -" in auditor.text


def test_counting_anew_from_the_journals_gives_the_same(built, worked):
    before = walks(built)
    built.engine.walk_anew()
    assert walk_some(built, 10) == len(before) == 2
    assert walks(built) == before
    assert walk_some(built, 10) == 0


def damage(built, trigger, table, case_id, **values):
    """Change a row of a case's journal that the database guards."""
    with built.database.engine.begin() as db:
        db.exec_driver_sql(f"DROP TRIGGER {trigger}")
        db.execute(sa.update(table).where(table.c.stream == f"case:{case_id}").values(**values))


def test_what_was_destroyed_stays_counted_and_is_not_told_anew(built, worked):
    before = walks(built)
    damage(built, "payload_erased_once", tb.payload, worked.id, certificate="1")
    built.engine.walk_anew()
    assert walk_some(built, 10) == 2
    assert walks(built) == before


def test_a_journal_that_was_tampered_with_is_named_and_not_counted(browser, built, worked):
    damage(built, "journal_no_update", tb.journal, worked.id, state="forged")
    built.engine.walk_anew()
    assert walk_some(built, 10) == 2
    assert figures(built).cases == 1
    assert "1 个办件不能重放" in browser("auditor").get("/journal/figures?procedure=small").text


@pytest.fixture
def command(built, monkeypatch):
    """``command("--json", ...)``: what ``liandiao figures --procedure small`` says."""
    monkeypatch.setenv("LIANDIAO_DATA", str(built.config.data))
    monkeypatch.setenv("LIANDIAO_LANG", "zh")

    def run(*options):
        return CliRunner().invoke(main, ["figures", "--procedure", "small", *options])

    return run


def test_the_command_counts_what_is_there_and_says_it_as_json(built, worked, command):
    built.engine.begin(CLERK, "small", {"/dispute/title": "噪声"})
    told = json.loads(command("--json").stdout)
    assert (told["cases"], told["faulty"]) == (3, 0)
    assert {row["step"]: row["entered"] for row in told["steps"]}["screen"] == 3
    assert json.loads(command("--json", "--release", "1", "--anew").stdout) == told
    assert json.loads(command("--json", "--until", "2020-01-01").stdout)["cases"] == 0


def test_the_command_in_words(worked, command):
    done = command()
    assert "# 各步骤" in done.output
    assert "核查\t2\t1\t0" in done.output
    assert done.output.splitlines()[-1] == "计入 2 个办件，不能重放 0 个"


def test_what_there_are_no_figures_of_is_refused_in_words(built, worked, command):
    done = command("--release", "9")
    assert done.exit_code == 2
    assert "没有“small 9”的统计" in done.output
