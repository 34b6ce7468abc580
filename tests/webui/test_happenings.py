"""What is no task: events told to a case, oversight that mends, files, how little a page asks."""

from __future__ import annotations

import sqlalchemy as sa

from tests.cast import CLERK


def status(built, case):
    with built.open_store() as store:
        return store.case(case.id).status


def test_a_supervisor_ends_a_case_with_a_reason(browser, built, case):
    supervisor = browser("supervisor").get(f"/cases/{case.id}")
    path = f"/cases/{case.id}/mend"
    assert supervisor.post(path, verb="cancel", reason="").status == 403
    assert "已终止" in supervisor.post(path, verb="cancel", reason="重复立案").text
    assert status(built, case) == "cancelled"


def test_others_cannot_mend(browser, case):
    clerk = browser("clerk").get(f"/cases/{case.id}")
    assert "终止办件" not in clerk.page
    assert clerk.post(f"/cases/{case.id}/mend", verb="cancel", reason="x").status == 403


def test_completing_after_the_case_was_ended_says_so(browser, built, case, task):
    clerk = browser("clerk")
    clerk.post(f"/tasks/{task}/claim")
    supervisor = browser("supervisor").get(f"/cases/{case.id}")
    supervisor.post(f"/cases/{case.id}/mend", verb="cancel", reason="重复立案")
    late = clerk.post(f"/tasks/{task}", outcome="accept", **{"/dispute/facts": "写好了"})
    assert late.status == 409
    assert "写好了" in late.text


def test_an_event_nobody_waits_for_is_refused(browser, case):
    clerk = browser("clerk").get(f"/cases/{case.id}")
    assert clerk.post(f"/cases/{case.id}/tell", message="flood", reason="x").status in (
        404,
        409,
        422,
    )
    assert clerk.post(f"/cases/{case.id}/tell", message="flood", reason="").status == 422


def test_the_inbox_asks_the_database_little(browser, built, task):
    clerk = browser("clerk")
    asked = []
    sa.event.listen(
        built.database.engine, "before_cursor_execute", lambda *args: asked.append(args[2])
    )
    clerk.get("/inbox?tab=available")
    read = [statement for statement in asked if statement.startswith("SELECT")]
    assert len(read) <= 7, read
    assert len(asked) - len(read) <= 1, asked


def test_a_page_with_a_long_list_stays_one_page(browser, built):
    for number in range(60):
        built.engine.begin(CLERK, "small", {"/dispute/title": f"第{number}件"})
    clerk = browser("clerk").get("/inbox?tab=available")
    assert clerk.page.count("data-claim") == 50
    assert clerk.get("/inbox?tab=available&page=2").page.count("data-claim") == 10
