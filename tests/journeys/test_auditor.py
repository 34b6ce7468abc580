"""An auditor reads a case and has it replayed; a supervisor has the incidents in sight."""

from __future__ import annotations


def test_the_auditor_finds_a_case_and_replays_it(visitor):
    auditor = visitor("auditor").open("/dossiers")
    page = auditor.page
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/dossiers/*")
    auditor.open(page.url.removeprefix(auditor.site) + "?tab=cases")
    page.locator("a.go[href^='/cases/']").click()
    page.click("text=重放核对")
    page.wait_for_selector("text=重放一致")
    assert auditor.complaints() == []


def test_the_auditor_may_look_and_not_touch(visitor):
    page = visitor("auditor").open("/inbox?tab=available").page
    assert page.locator("[data-claim]").count() == 0
    assert page.locator(".rail").inner_text().count("管理") == 0
