"""Bad input through a real browser: pressed twice, filled in twice, far too long, rarely seen."""

from __future__ import annotations

RARE = "𠮷㛃龘😀"


def taken(visitor, step):
    """The page of a task at this step, in front of a clerk who has just claimed it."""
    one = visitor("clerk").open("/inbox?tab=available")
    rows = one.page.locator("[data-rows] tr", has_text=step)
    rows.locator("[data-claim]").last.click()
    one.page.wait_for_url("**/tasks/*")
    return one.page


def test_a_button_pressed_twice_sends_once(visitor):
    page, sent = taken(visitor, "核查适宜性"), []
    page.on("request", lambda asked: sent.append(asked.url) if asked.method == "POST" else None)
    with page.expect_navigation():
        page.locator(".actions .btn").first.dblclick()
    page.wait_for_load_state("networkidle")
    assert len([url for url in sent if not url.endswith(("/draft", "/form"))]) == 1


def test_a_form_whose_case_has_ended_keeps_what_was_typed(visitor):
    page = taken(visitor, "告知引导")
    page.locator(".form-body input[type=text]").first.fill(RARE)
    case = page.get_attribute("a[href^='/cases/']", "href")
    supervisor = visitor("supervisor").open(f"{case}/repair").page
    supervisor.fill("#why-cancel", "重复立案")
    with supervisor.expect_navigation():
        supervisor.click("form:has(#why-cancel) button")
    with supervisor.expect_navigation():
        supervisor.click("button[name=confirm]")
    with page.expect_navigation():
        page.locator(".actions .btn").first.click()
    assert RARE in page.inner_text("main")
    assert "没有提交" in page.inner_text("main")


def test_two_megabytes_pasted_come_back_beside_their_field(visitor):
    page = visitor("clerk").open("/start/mediation").page
    page.locator(".form-body textarea").first.evaluate("(e) => { e.value = '长'.repeat(700000); }")
    with page.expect_navigation():
        page.locator(".actions .btn.primary").click()
    assert page.locator("#problems a[href^='#f/']").count() > 0


def test_rare_characters_are_kept_as_they_were_typed(visitor):
    page = visitor("clerk").open("/start/mediation").page
    page.locator(".form-body textarea").first.fill(RARE)
    with page.expect_navigation():
        page.locator(".actions .btn.primary").click()
    assert page.locator(".form-body textarea").first.input_value() == RARE


def test_a_null_byte_that_a_script_smuggles_in_is_named(visitor):
    page = visitor("clerk").open("/start/mediation").page
    page.locator(".form-body textarea").first.evaluate("(e) => { e.value = 'a\\u0000b'; }")
    with page.expect_navigation():
        page.locator(".actions .btn.primary").click()
    assert page.locator("#problems").is_visible()
