"""The policy as a map: what carries a clause, how often it was passed in time, its sources by day."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest

from engine.spiff import read_state
from tests.builders import BEGIN, call, clock, extend, process, release, user
from tests.builders import start as begin_at
from tests.cast import CLERK
from tests.webui.conftest import form
from webui.registers import cited

RULES = """
[answer]
zh = "三日内答复"
en = "Answer"
length = 3
unit = "days"
counting = "C1"
basis = ["S17-23"]
"""
BASIS = '<ld:basis ref="CQ2.2"/><ld:basis ref="S6-12"/>'
MARK = clock("answer", starts="enter", ends="done")
XML = process(
    "start -> answer -> end",
    begin_at("start", ld_role="TRIB_CLERK"),
    user("answer", extend(BASIS, MARK), ld_role="TRIB_CLERK", name="答复咨询"),
    id="asking",
)
STORY = {
    "title": {"zh": "问了就答", "en": "Asked and answered"},
    "clauses": ["CQ2.2"],
    "start": {"at": "2026-03-02T09:00", "by": "TRIB_CLERK", "data": {}},
    "steps": [{"task": "answer", "expect": {"clocks": {"answer": "ended"}}}],
    "expect": {"ended": True},
}
FILES = {
    "forms/start.json": form(title={}),
    "forms/answer.json": form(facts={}),
    "shared/rules.toml": RULES.encode(),
    "scenarios/asked.json": json.dumps(STORY).encode(),
}


@pytest.fixture
def asked(built, clock):
    """``asked(days)``: somebody asks and the clerk answers after so many days; the case's id."""
    with built.open_store() as store:
        store.add_release(release(XML, FILES), "designer", "designer2", BEGIN)

    def after(days):
        case = built.engine.begin(CLERK, "asking", {})
        task = read_state(case.state).tasks[0].id
        clock.move(clock() + timedelta(days=days))
        built.engine.claim(CLERK, task)
        built.engine.complete(CLERK, task, {}, "")
        return case.id

    return after


def row_of(page, name):
    """The words of the table row that begins with a name."""
    return page.text.split(f" {name} ", 1)[1][:200]


def test_the_map_counts_what_was_passed_in_time_and_late(asked, browser):
    asked(1)
    asked(9)
    auditor = browser("auditor").get("/clauses")
    assert "2 1 1" in row_of(auditor, "CQ2.2")
    assert "2 1 1" in row_of(auditor.get("/clauses/CQ2.2"), "answer")


def test_a_step_of_a_called_procedure_counts_in_the_case_that_called_it(asked, built, browser):
    asked(1)
    outer = process(
        "start -> there -> end",
        begin_at("start", ld_role="TRIB_CLERK"),
        call("there", "asking"),
        id="outer",
    )
    called = {f"call/asking/{name}": content for name, content in FILES.items()}
    files = {"call/asking/process.bpmn": XML, "forms/start.json": form(title={})}
    with built.open_store() as store:
        store.add_release(release(outer, FILES | called | files), "designer", "designer2", BEGIN)
    task = read_state(built.engine.begin(CLERK, "outer", {}).state).tasks[0].id
    built.engine.claim(CLERK, task)
    built.engine.complete(CLERK, task, {}, "")
    assert "2 2 0" in row_of(browser("auditor").get("/clauses"), "CQ2.2")


def test_what_nothing_carries_says_so(asked, browser):
    asked(1)
    assert "尚无承载" in row_of(browser("clerk").get("/clauses"), "CQ8.4")
    assert browser("clerk").get("/clauses/CQ99").status == 404


def test_a_story_is_played_on_the_page(asked, browser):
    asked(1)
    auditor = browser("auditor").get("/clauses/CQ2.2")
    assert "问了就答" in auditor.text
    assert "经过并核对结果" in auditor.post("/clauses/CQ2.2").text


def test_designers_and_auditors_have_it_in_their_rail_and_everybody_may_read_it(browser):
    assert 'href="/clauses"' in browser("auditor").page
    assert 'href="/clauses"' not in browser("clerk").page
    assert browser("clerk").get("/clauses").status == 200


def test_a_case_leads_to_the_text_in_force_on_the_day_of_the_act(asked, browser):
    case = asked(1)
    clerk = browser("clerk").get(f"/cases/{case}")
    assert 'href="/clauses/CQ2.2"' in clerk.page
    assert 'href="/sources/S6?on=2026-03-03#S6-12"' in clerk.page
    assert "2025修订" in clerk.get(clerk.link('/sources/S17[^"]+')).text


def test_a_task_leads_to_its_clause_and_its_period_to_its_article(asked, built, browser):
    asked(1)
    task = read_state(built.engine.begin(CLERK, "asking", {}).state).tasks[0].id
    clerk = browser("clerk").get(f"/tasks/{task}")
    assert 'href="/clauses/CQ2.2"' in clerk.page
    assert 'href="/sources/S17?on=2026-03-03#S17-23"' in clerk.page


def test_a_source_shows_the_version_of_a_day_and_its_neighbour(browser, asked):
    asked(0)
    clerk = browser("clerk").get("/sources/S17?on=2025-12-31")
    assert "（2012修正）第21条" in clerk.text
    assert "第23条" in clerk.get(clerk.link("/sources/S17.on=2026-01-01")).text
    assert clerk.link("/sources/S17.on=2025-12-31")


def test_articles_beside_a_field_are_said_as_they_stood_on_the_day(app):
    with app.test_request_context():
        assert (
            cited("S17-23", "S17-126", on=date(2025, 12, 31))
            == "《治安管理处罚法》（2012修正）第21条、第107条"
        )
        assert cited("S17-23", on=date(2026, 1, 1)) == "《治安管理处罚法》（2025修订）第23条"


def test_a_day_before_all_versions_is_said_to_be_unknown(browser):
    clerk = browser("clerk").get("/sources/S1?on=2020-01-01")
    assert "登记中没有该日有效的文本" in clerk.text
    assert browser("clerk").get("/sources/S1?on=yesterday").status == 422
