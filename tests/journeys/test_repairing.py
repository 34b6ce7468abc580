"""A supervisor repairs a case by keyboard: before and after on the drawing, then done and told."""

from __future__ import annotations

import pytest


def a_case(one):
    """The address of a running mediation."""
    one.open("/dossiers?q=00003")
    dossier = one.page.get_attribute("[data-rows] a.go", "href")
    one.open(f"{dossier}?tab=cases")
    return one.page.get_attribute("a.go[href^='/cases/']", "href")


@pytest.mark.parametrize(("lang", "width"), [("zh", 1366), ("en", 390)])
def test_a_case_begins_again_at_a_step_by_keyboard(visitor, lang, width):
    supervisor = visitor("supervisor", lang, width=width, height=844)
    case, page = a_case(supervisor), supervisor.page
    supervisor.open(f"{case}/repair")
    assert (supervisor.complaints(), supervisor.fits()) == ([], True)
    page.focus("#restart_to")
    page.select_option("#restart_to", "|explain_options")
    page.keyboard.press("Tab")
    page.keyboard.type("退回告知")
    page.keyboard.press("Tab")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.locator("svg.still").count() >= 2
    assert (supervisor.complaints(), supervisor.fits()) == ([], True)
    page.focus("button[name=confirm]")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    supervisor.open(f"{case}/watch/text")
    told = page.locator("a[href*='/watch/']", has_text="图" if lang == "zh" else "drawing")
    supervisor.open(told.last.get_attribute("href"))
    assert page.locator("svg.still .here").count() >= 1
    assert (supervisor.complaints(), supervisor.fits()) == ([], True)
