"""Periods in the running product: rule and article beside each date, reminders, breach, pause and resume."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine.spiff import read_state
from engine.worker import Worker
from tests.webui.test_admin import dated


@pytest.fixture
def case(built, clock):
    """A case with three working days for a step, from Monday 2 March: until Thursday."""
    return dated(built, clock)


def journalled(built, case):
    with built.open_store() as store:
        return [(entry.verb, payload) for entry, payload in store.entries(f"case:{case.id}")]


def ends(built, case):
    with built.open_store() as store:
        return read_state(store.case(case.id).state).clocks[0].due


@pytest.mark.parametrize("path", ["/dossiers/{dossier}?tab=clocks", "/cases/{id}"])
def test_a_date_names_its_rule_and_its_article(browser, case, path):
    clerk = browser("clerk").get(path.format(dossier=case.dossier, id=case.id))
    assert "调解组织或者调解员确认是否接受" in clerk.text
    assert "2026年3月5日" in clerk.text
    assert "3个工作日" in clerk.text
    assert "S6-12" in clerk.text


@pytest.mark.parametrize("path", ["/inbox?tab=available", "/dossiers", "/dossiers/{dossier}"])
def test_a_date_in_a_list_opens_to_its_rule_and_its_article(browser, case, path):
    page = browser("clerk").get(path.format(dossier=case.dossier)).page
    rule = page.partition('<details class="due">')[2].partition("</details>")[0]
    assert "03-05" in rule
    assert "<b>调解组织或者调解员确认是否接受</b>" in rule
    assert "《人民法院在线调解规则》第12条</a>" in rule


def test_reminders_and_the_breach_stand_in_the_history(browser, built, clock, case):
    work = Worker(built.engine, built.open_store, clock).work_due
    for _ in range(9):
        work()
        clock.move(clock() + timedelta(hours=12))
    work()
    noted = [(verb, one.data["percent"]) for verb, one in journalled(built, case)[1:]]
    assert noted == [("clock_reminded", 50), ("clock_reminded", 80), ("clock_breached", 100)]
    shown = browser("clerk").get(f"/cases/{case.id}").text
    assert "期限提醒" in shown
    assert "超期" in shown


def test_a_supervisor_stops_a_period_and_lets_it_run_on_with_a_reason(browser, built, clock, case):
    supervisor = browser("supervisor").get(f"/cases/{case.id}")
    mend, before = f"/cases/{case.id}/mend", ends(built, case)
    assert supervisor.post(mend, verb="pause", rule="accept_referral", reason="").status == 403
    supervisor.get(f"/cases/{case.id}").post(
        mend, verb="pause", rule="accept_referral", reason="鉴定"
    )
    assert "已暂停" in browser("clerk").get(f"/dossiers/{case.dossier}?tab=clocks").text
    clock.move(clock() + timedelta(days=2))
    supervisor = browser("supervisor").get(f"/cases/{case.id}")
    supervisor.post(mend, verb="resume", rule="accept_referral", reason="鉴定完毕")
    assert ends(built, case) > before
    told = [(verb, one.reason) for verb, one in journalled(built, case)]
    assert told[-2:] == [("clock_paused", "鉴定"), ("clock_resumed", "鉴定完毕")]
