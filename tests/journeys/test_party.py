"""Two neighbours sign on their telephones: link and code from the clerk, the agreement in force after."""

from __future__ import annotations

import re

import pytest

PHONE = {"width": 390, "height": 844}


@pytest.fixture
def phone(visitor):
    """``phone(link, code)``: a telephone on which that link was opened."""

    def opened(link, code, lang="zh"):
        one = visitor(**PHONE)
        if lang == "en":
            one.open("/language/en?next=/party/over")
        one.open(link)
        sound(one)
        one.page.fill("#code", code)
        one.page.click("button.big")
        one.page.wait_for_url("**/party/")
        return one

    return opened


@pytest.fixture
def links(visitor, phone):
    """A clerk asks both parties in, of a dispute that nobody has signed if there is one."""
    mediator = visitor("mediator").open("/inbox?tab=mine").page
    rows = mediator.locator("[data-rows] tr", has_text="逐一签署").all()
    waiting = [row.locator("a[href^='/dossiers/']").get_attribute("href") for row in rows]
    clerk = visitor("clerk")
    for dossier in waiting:
        found = invited(clerk.open(f"{dossier}?tab=parties").page)
        if phone(*found[0]).page.locator(".todo").count():
            break
    return found


def invited(page):
    page.click("text=当事人链接")
    found = []
    for number in range(2):
        page.select_option("#party", index=number)
        page.click("button:has-text('生成链接和验证码')")
        told = page.locator(".told")
        link = re.search(r"/p/\S+", told.inner_text()).group(0)
        found.append((link, told.locator(".big-date").inner_text()))
    return found


def sound(one):
    assert one.complaints() == []
    assert one.fits()


def write_name(page):
    """Draw on the pad as a finger would."""
    page.locator("canvas").scroll_into_view_if_needed()
    box = page.locator("canvas").bounding_box()
    page.mouse.move(box["x"] + 40, box["y"] + 60)
    page.mouse.down()
    for step in range(12):
        page.mouse.move(box["x"] + 40 + 15 * step, box["y"] + 60 + 30 * (step % 2))
    page.mouse.up()


def test_both_sides_sign_on_their_telephones(links, phone, visitor):
    for (link, code), lang in zip(links, ("zh", "en"), strict=True):
        one = phone(link, code, lang)
        sound(one)
        one.page.click(".todo")
        one.page.wait_for_url("**/party/tasks/*")
        one.settled().page.check("[value=SIGNED]")
        one.page.locator("canvas").wait_for(state="visible")
        sound(one)
        write_name(one.page)
        one.page.click("[data-undo]")
        write_name(one.page)
        one.page.click("button.big")
        one.page.wait_for_url("**/party/")
        assert one.page.locator(".note.fine").is_visible()
        sound(one)
    wide = visitor("mediator").open("/inbox?tab=mine").page
    assert wide.locator("[data-rows] tr", has_text="调解员签名").count() >= 1


def test_the_other_pages_of_a_party_are_sound(links, phone):
    for (link, code), lang in zip(links, ("zh", "en"), strict=True):
        one = phone(link, code, lang)
        paths = [a.get_attribute("href") for a in one.page.locator(".more a").all()]
        assert len(paths) == 2
        for path in paths:
            sound(one.open(path))


def test_the_page_of_links_is_sound(visitor):
    for lang in ("zh", "en"):
        clerk = visitor("clerk", lang).open("/dossiers")
        path = clerk.page.get_attribute("[data-rows] a[href^='/dossiers/']", "href")
        clerk.open(f"{path.partition('?')[0]}/invitations")
        clerk.page.click("button.primary")
        clerk.page.wait_for_selector(".told")
        sound(clerk)
