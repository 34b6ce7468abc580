"""The inbox and the task page, as plain forms without any script."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from engine.model import Grant
from engine.spiff import read_state
from tests.cast import ADMIN, CLERK


def test_a_task_is_offered_claimed_done_and_goes_on(browser, built, case, task):
    clerk = browser("clerk").get("/inbox?tab=available")
    assert "核查" in clerk.text
    clerk.post(f"/tasks/{task}/claim")
    done = clerk.post(f"/tasks/{task}", outcome="accept", **{"/dispute/facts": "水管破裂"})
    assert "接下来 决定" in done.text
    judge = browser("judge").get("/inbox?tab=available")
    assert "决定" in judge.text


def test_what_a_person_did_stays_in_done(browser, task):
    clerk = browser("clerk")
    clerk.post(f"/tasks/{task}/claim")
    clerk.post(f"/tasks/{task}", outcome="accept")
    assert "办了什么" in clerk.get("/inbox?tab=done").text
    assert "核查" in clerk.text
    assert "领取人" not in clerk.text
    assert "决定" in clerk.get("/inbox?tab=waiting").text


def test_a_draft_is_kept_apart_from_the_case(browser, built, case, task):
    clerk = browser("clerk")
    clerk.post(f"/tasks/{task}/claim")
    clerk.post(f"/tasks/{task}/draft", **{"/dispute/facts": "㑇䶮 😀"})
    assert "㑇䶮 😀" in clerk.get(f"/tasks/{task}").page
    with built.open_store() as store:
        assert "facts" not in read_state(store.case(case.id).state).data["dispute"]


def test_a_script_is_told_when_the_draft_was_kept(browser, task, clock):
    clerk = browser("clerk")
    clerk.post(f"/tasks/{task}/claim")
    headers = {"Accept": "application/json", "X-CSRF-Token": clerk.token}
    told = clerk.client.post(f"/tasks/{task}/draft", data={"/dispute/facts": "x"}, headers=headers)
    assert told.json == {"said": "草稿已存 09:00"}


def test_what_does_not_fit_is_shown_at_its_field_and_nothing_is_lost(browser, task):
    clerk = browser("clerk")
    clerk.post(f"/tasks/{task}/claim")
    long = "长" * 51
    refused = clerk.post(f"/tasks/{task}", outcome="accept", **{"/dispute/facts": long})
    assert refused.status == 422
    assert 'aria-invalid="true"' in refused.page
    assert long in refused.page


def test_doing_it_twice_says_who_and_when(browser, task):
    clerk = browser("clerk")
    clerk.post(f"/tasks/{task}/claim")
    clerk.post(f"/tasks/{task}", outcome="accept")
    clerk.get("/inbox")
    again = clerk.post(f"/tasks/{task}", outcome="accept", **{"/dispute/facts": "再次提交"})
    assert again.status == 409
    assert "陈书宁" in again.text
    assert "2026年3月2日" in again.text
    assert "再次提交" in again.text


def test_what_nobody_holds_is_claimed_by_who_completes_it(browser, built, case, task):
    clerk = browser("clerk")
    clerk.get(f"/tasks/{task}")
    clerk.post(f"/tasks/{task}", outcome="accept")
    with built.open_store() as store:
        did = [(entry.verb, entry.actor) for entry, _ in store.entries(f"case:{case.id}")]
    assert did[-2:] == [("claim", "clerk"), ("complete", "clerk")]


def test_what_does_not_fit_is_held_by_who_sent_it(browser, task):
    clerk = browser("clerk")
    clerk.get(f"/tasks/{task}")
    refused = clerk.post(f"/tasks/{task}", outcome="accept", **{"/dispute/facts": "长" * 51})
    assert (refused.status, "长" * 51 in refused.page) == (422, True)
    assert "存草稿" in refused.text


def test_what_any_organisation_may_do_stands_once_for_somebody_of_two(browser, built, task):
    give_role(built, "clerk", "TRIB_CLERK", "yunxi-court")
    with built.database.engine.begin() as db:
        db.exec_driver_sql("UPDATE tasks SET org = ''")
    listed = browser("clerk").get("/inbox?tab=available")
    assert listed.page.count(f'id="go-{task}"') == 1
    assert "可领取 1" in listed.text


def test_two_clerks_want_one_task_and_the_second_reads_who_has_it(browser, built, task):
    give_role(built, "committee", "TRIB_CLERK", "shiqiao-tribunal")
    first, second = browser("clerk"), browser("committee")
    second.get(f"/tasks/{task}")
    first.post(f"/tasks/{task}/claim")
    refused = second.post(f"/tasks/{task}/claim")
    assert refused.status == 409
    assert "陈书宁" in refused.text


def test_a_released_task_is_free_again_and_the_draft_stays_with_its_writer(browser, task):
    clerk = browser("clerk")
    clerk.post(f"/tasks/{task}/claim")
    clerk.post(f"/tasks/{task}/draft", **{"/dispute/facts": "写到一半"})
    clerk.post(f"/tasks/{task}/release")
    assert "领取" in clerk.get("/inbox?tab=available").text
    assert "写到一半" in clerk.post(f"/tasks/{task}/claim").page


def test_a_task_goes_to_a_colleague_with_a_reason(browser, built, task):
    give_role(built, "committee", "TRIB_CLERK", "shiqiao-tribunal")
    clerk = browser("clerk")
    clerk.post(f"/tasks/{task}/claim")
    assert "赵维安" in clerk.page
    clerk.post(f"/tasks/{task}/delegate", person="committee", reason="出差")
    assert "核查" in browser("committee").get("/inbox?tab=mine").text


@pytest.mark.parametrize("login", ["judge", "mediator", "doctor"])
def test_another_role_cannot_do_it(browser, task, login):
    other = browser(login)
    other.post(f"/tasks/{task}/claim")
    assert other.status in (403, 404)


@pytest.mark.parametrize("path", ["/tasks/{}", "/tasks/{}/after"])
def test_another_organisation_does_not_even_learn_that_it_exists(browser, task, path):
    doctor = browser("doctor").get(path.format(task))
    assert doctor.status == 404
    assert "邻里漏水" not in doctor.page
    assert doctor.text == browser("doctor").get(path.format("made-up")).text


def test_the_list_says_304_while_nothing_changed(browser, task):
    clerk = browser("clerk")
    part = {"X-Part": "inbox"}
    first = clerk.client.get("/inbox?tab=available", headers=part)
    again = {**part, "If-None-Match": first.headers["ETag"]}
    assert clerk.client.get("/inbox?tab=available", headers=again).status_code == 304
    clerk.post(f"/tasks/{task}/claim")
    assert clerk.client.get("/inbox?tab=available", headers=again).status_code == 200


def test_counts_tell_nothing_about_other_organisations(browser, task):
    assert "可领取 1" in browser("clerk").get("/inbox").text
    assert "可领取 0" in browser("doctor").get("/inbox").text


def test_an_unknown_task_and_hostile_input_are_refused_politely(browser, task):
    clerk = browser("clerk")
    assert clerk.get("/tasks/no-such-task").status == 404
    assert clerk.get("/inbox?page=999999999&tab=x&sort=y&due=z&procedure=q").status == 200
    assert clerk.get("/inbox?procedure=%00").status == 400
    clerk.post(f"/tasks/{task}/claim")
    nulls = clerk.post(f"/tasks/{task}", outcome="accept", **{"/dispute/facts": "a\x00b"})
    assert nulls.status == 422
    assert clerk.post(f"/tasks/{task}", outcome="explode").status == 422
    assert clerk.post(f"/tasks/{task}", outcome="accept", **{"/case/org": "x"}).status == 422


def test_what_has_no_period_stands_in_the_order_in_which_it_came(browser, built, clock):
    came = []
    for _ in range(5):
        case = built.engine.begin(CLERK, "small", {"/dispute/title": "邻里漏水"})
        came.append(read_state(case.state).tasks[0].id)
        clock.move(clock() + timedelta(hours=1))
    page = browser("clerk").get("/inbox?tab=available").page
    assert re.findall(r'id="go-([^"]+)"', page) == came


def test_late_and_soon_are_said_in_words(browser, built, task, clock):
    with built.database.engine.begin() as rows:
        due = clock() + timedelta(days=2)
        rows.exec_driver_sql("update tasks set due_at = ?, sort_at = ?", (text_of(due),) * 2)
    clerk = browser("clerk")
    assert "剩 2 天 (将到期)" in clerk.get("/inbox?tab=available").text
    clock.move(due + timedelta(days=3))
    assert "超期 3 天 (已超期)" in browser("clerk").get("/inbox?tab=available&due=late").text


def text_of(moment):
    return moment.replace(tzinfo=None).isoformat(" ", timespec="microseconds")


def give_role(built, person, role, org):
    built.engine.grant_role(ADMIN, person, Grant(role, org), (built.clock(), None))
