"""A clerk's morning, with the keyboard alone."""

from __future__ import annotations


def focused(page):
    return page.evaluate("document.activeElement.textContent.trim()")


def reach(page, words, limit=80):
    """Press Tab until what has the focus says these words."""
    for _ in range(limit):
        page.keyboard.press("Tab")
        if words in focused(page):
            return
    raise AssertionError(f"{words} cannot be reached")


KEYS = {"select-one": "ArrowDown", "radio": "Space", "checkbox": "Space"}


def fill_in(page, until, limit=80):
    """Tab through the form and choose something everywhere, until what has the focus says this."""
    for _ in range(limit):
        page.keyboard.press("Tab")
        if focused(page) == until:
            return
        kind = page.evaluate("(e => e.closest('.form-body') ? e.type : '')(document.activeElement)")
        if kind in KEYS:
            page.keyboard.press(KEYS[kind])
    raise AssertionError(f"{until} cannot be reached")


def waiting(page):
    page.goto(f"{page.url.split('/inbox')[0]}/inbox?tab=available")
    return int(page.locator(".tabs a[aria-current] .count").inner_text())


def test_the_happy_path_needs_no_mouse(visitor):
    page = visitor("clerk").open("/inbox?tab=available").page
    before = waiting(page)
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    while focused(page) != "告知引导":
        page.keyboard.press("j")
    page.keyboard.press("c")
    page.wait_for_url("**/tasks/*")
    assert page.locator("h1").inner_text() == "告知引导"
    reach(page, "存草稿")
    page.keyboard.press("Enter")
    page.wait_for_selector("main :text('草稿已存')")
    fill_in(page, "完成")
    page.keyboard.press("Enter")
    page.wait_for_url("**/after")
    page.keyboard.press("g")
    page.wait_for_url("**/inbox*")
    assert waiting(page) == before - 1


def test_shortcuts_are_shown_and_leave_typing_alone(visitor):
    page = visitor("clerk").open("/inbox?tab=available").page
    page.keyboard.press("?")
    assert page.locator("#help").is_visible()
    page.keyboard.press("Escape")
    assert page.locator("#help").is_hidden()
    page.keyboard.press("/")
    page.keyboard.type("jck?")
    assert page.input_value("#search") == "jck?"


def test_shortcuts_stay_silent_while_an_input_method_composes(visitor):
    page = visitor("clerk").open("/inbox?tab=available").page
    fire = (
        "document.body.dispatchEvent(new KeyboardEvent('keydown', {key: 'j', %s, bubbles: true}))"
    )
    page.evaluate(fire % "isComposing: true")
    page.evaluate(fire % "keyCode: 229")
    assert page.evaluate("document.activeElement.tagName") == "BODY"


def test_shortcuts_can_be_switched_off(visitor):
    page = visitor("clerk").open("/account/").page
    page.uncheck("#keys-on")
    page.goto(page.url.replace("/account/", "/inbox"))
    page.keyboard.press("?")
    assert page.locator("#help").is_hidden()


def test_a_draft_reaches_the_server_while_it_is_typed(visitor):
    clerk = visitor("clerk").open("/inbox?tab=available")
    page = clerk.page
    page.locator("[data-claim]").last.click()
    page.wait_for_url("**/tasks/*")
    clerk.settled()
    with page.expect_response("**/draft") as kept:
        page.locator(".form-body [name^='/']").first.dispatch_event("input", {"bubbles": True})
    assert kept.value.ok
    said = page.locator("[data-draft-said]", has_text="草稿已存")
    said.wait_for()
    page.reload()
    said.wait_for()


def test_the_diagram_shows_the_way_so_far_and_the_present_step(visitor):
    clerk = visitor("clerk").open("/inbox?tab=available")
    clerk.page.locator("a.go").first.click()
    clerk.page.wait_for_selector(".diagram.drawn")
    assert clerk.page.locator(".djs-element.here").count() >= 1
    assert clerk.page.locator(".djs-element.past").count() >= 1
    assert clerk.page.locator(".bjs-powered-by").is_visible()


def test_everything_works_without_a_script(chromium, site):
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/sign-in")
    page.fill("#login", "clerk")
    page.fill("#password", "paper-lantern-7")
    page.click("button.primary")
    page.goto(f"{site}/inbox?tab=available")
    page.locator("[data-claim]").last.click()
    page.wait_for_url("**/tasks/*")
    with page.expect_navigation():
        page.click("button[name=draft]")
    assert "草稿已存" in page.inner_text("main")
    context.close()
