"""A supervisor corrects case data: before and after, a reason, and the history in words."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from engine.forms import corrected, correction_form, filled, read_form
from engine.spiff import read_state
from tests.builders import BEGIN
from tests.cast import SUPERVISOR

from .conftest import form

FORMS = (({"zh": "登记", "en": "Register"}, read_form(form(title={"maxLength": 5}))),)
DATA = {
    "case": {"id": "c"},
    "dispute": {"title": "漏水", "amount": Decimal("3.5"), "lasts": timedelta(days=1)},
    "agreed": True,
    "when": BEGIN,
}


@pytest.fixture
def path(case):
    return f"/cases/{case.id}/correct"


@pytest.fixture
def supervisor(browser, path):
    return browser("supervisor").get(path)


def title(built, case):
    with built.open_store() as store:
        return read_state(store.case(case.id).state).data["dispute"]["title"]


def typed(supervisor, **more):
    """The form as it stands, with something typed over."""
    seq = supervisor.page.split('name="seq" value="')[1].split('"')[0]
    return {"seq": seq, "/dispute/title": "楼上𠮷家漏水", "reason": "案由写错", **more}


def test_before_and_after_are_shown_before_anything_changes(supervisor, path, built, case):
    preview = supervisor.post(path, **typed(supervisor))
    assert "更正前后" in preview.text
    assert "邻里漏水 楼上𠮷家漏水" in preview.text
    assert title(built, case) == "邻里漏水"


def test_what_is_confirmed_is_corrected_and_told_in_the_history(supervisor, path, built, case):
    supervisor.post(path, **typed(supervisor))
    supervisor.post(path, **typed(supervisor, confirm="1"))
    assert title(built, case) == "楼上𠮷家漏水"
    assert "已更正 1 项" in supervisor.text
    assert "案由写错 情况 ： 邻里漏水 → 楼上𠮷家漏水" in supervisor.text
    assert "重放一致" in supervisor.post(f"/cases/{case.id}/replay").text


def test_without_a_reason_or_a_change_nothing_happens(supervisor, path, built, case):
    refused = supervisor.post(path, **typed(supervisor, reason=" "))
    assert refused.status == 422
    assert 'href="#freason"' in refused.page
    assert "楼上𠮷家漏水" in refused.page
    same = supervisor.post(path, **typed(supervisor, **{"/dispute/title": "邻里漏水"}))
    assert "没有改动任何数据" in same.text


def test_a_value_that_does_not_fit_is_told_at_its_field(supervisor, path):
    refused = supervisor.post(path, **typed(supervisor, **{"/dispute/title": "a\0b"}))
    assert refused.status == 422
    assert 'href="#f/dispute/title"' in refused.page


def test_a_case_that_moved_on_is_looked_at_again(supervisor, path, built, case, task):
    sent = typed(supervisor, confirm="1")
    built.engine.correct(SUPERVISOR, case.id, {"/dispute/title": "漏水"}, "缩短")
    again = supervisor.post(path, **sent)
    assert again.status == 409
    assert "办件有了新的进展" in again.text
    assert "漏水 楼上𠮷家漏水" in again.text
    assert title(built, case) == "漏水"


def test_back_keeps_what_was_typed(supervisor, path):
    back = supervisor.post(path, **typed(supervisor, back="1"))
    assert 'value="楼上𠮷家漏水"' in back.page
    assert "案由写错" in back.page


def test_only_who_may_mend_sees_it(browser, path, case):
    clerk = browser("clerk").get(f"/cases/{case.id}")
    assert "/correct" not in clerk.page
    assert clerk.get(path).status == 403
    assert clerk.post(path, reason="x").status == 403


def test_an_ended_case_stays_as_it_is(supervisor, path, built, case):
    built.engine.cancel(SUPERVISOR, case.id, "重复")
    assert "办件已结束" in supervisor.get(path).text
    assert supervisor.post(path, reason="x").status == 409


def test_every_leaf_is_offered_under_the_name_of_its_form():
    made = correction_form(FORMS, DATA)
    assert list(made.fields) == ["/dispute/title", "/dispute/amount", "/agreed", "/when"]
    assert made.fields["/dispute/title"].label["zh"] == "情况"
    assert made.fields["/dispute/amount"].label["en"] == "dispute.amount"


def test_only_what_differs_is_judged():
    long = {**DATA, "dispute": {**DATA["dispute"], "title": "比五个字长得多"}}
    made = correction_form(FORMS, long)
    raw = {**filled(made, long, BEGIN), "/agreed": ["false"]}
    assert corrected(made, raw, long, BEGIN).values == {"/agreed": False}
