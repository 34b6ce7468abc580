"""A designer edits what a draft holds beside its diagram, in a real browser, and looks at each page."""

from __future__ import annotations

import pytest

from tests.journeys.test_pages import walk


def drafted(designer, procedure="mediation"):
    """The address of the designer's draft."""
    designer.open("/designer/")
    with designer.page.expect_navigation():
        designer.page.locator(f"form[action$='/{procedure}/drafts'] button").click()
    return designer.page.url.removeprefix(designer.site)


@pytest.fixture
def designer(visitor):
    return visitor("designer")


def test_what_is_typed_into_a_form_is_saved_drawn_and_judged(designer):
    page = designer.open(f"{drafted(designer)}/forms/archive_file").page
    page.click("#line-1 summary")
    page.fill("[name='1:label.zh']", "归档于")
    page.fill("[name='1:show']", "1 +")
    page.wait_for_selector("#\\31-show[aria-invalid=true]")
    page.wait_for_selector("[data-preview] label:has-text('归档于')")
    page.wait_for_selector("#line-1 .finding-line")
    page.press("[name='1:label.zh']", "Alt+ArrowUp")
    page.wait_for_selector("#line-0 summary:has-text('归档于'):focus")
    page.reload()
    assert "归档于" in page.inner_text("#line-0 summary")
    assert designer.complaints() == []


def test_a_row_of_a_table_moves_by_keyboard_and_says_what_is_wrong(designer):
    page = designer.open(f"{drafted(designer)}/decisions/dt_1_suitability").page
    page.select_option("[name='t0:hit']", "UNIQUE")
    page.wait_for_selector("tr.told .finding-line")
    page.press("[name='t0:r1.i2']", "Alt+ArrowUp")
    page.wait_for_selector("#line-t0-r0 textarea:focus")
    assert page.input_value("[name='t0:r0.i2']") == "true"
    assert designer.complaints() == []


def test_scenarios_are_played_and_their_ways_drawn(designer):
    page = designer.open(f"{drafted(designer, 'video_session')}/scenarios").page
    page.click("a[href$='play=1']")
    page.wait_for_selector("#coverage .djs-element.past", state="attached")
    assert "100 %" in page.inner_text("#coverage h2")
    assert page.locator("#coverage .djs-element.wrong").count() == 0


def test_a_draft_is_played_by_hand_from_token_to_token(designer):
    page = designer.open(f"{drafted(designer)}/play").page
    with page.expect_navigation():
        page.click("form[data-refresh] .actions .primary")
    with page.expect_navigation(url="**element=explain_options*"):
        page.click("[data-element-id=explain_options].here")
    with page.expect_navigation():
        page.click("#do .like button")
    with page.expect_navigation():
        page.press("#do form[data-refresh] .actions .primary", "Enter")
    page.wait_for_selector("[data-element-id=explain_options].past", state="attached")
    page.wait_for_selector("[data-element-id=screen_suitability].here", state="attached")
    assert page.inner_text("#steps [aria-current]") == "告知引导"
    assert designer.complaints() == []


@pytest.mark.parametrize(("lang", "width"), [("zh", 1366), ("en", 390)])
def test_the_editors_are_sound(visitor, lang, width):
    designer = visitor("designer", lang, width=width, height=844)
    draft = drafted(designer)
    pages = [f"{draft}/forms/{task}" for task in ("accept_referral", "assign_mediator")]
    pages += [f"{draft}/decisions/dt_1_suitability", f"{draft}/letters/undisputed_facts"]
    pages += [f"{draft}/scenarios"]
    pages += [f"{draft}/scenarios/m1_refused_at_once", f"{draft}/play", f"{draft}/play/correct"]
    designer.open(f"{draft}/play")
    with designer.page.expect_navigation():
        designer.page.click("form[data-refresh] .actions .primary")
    assert walk(designer, pages) == {}
