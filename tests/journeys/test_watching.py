"""An auditor watches a case: by button, slider, keyboard and list, and reads the dossier's time line."""

from __future__ import annotations

import pytest


def a_long_case(one):
    """(dossier, case): addresses of the dispute that was told to its last step."""
    one.open("/dossiers?q=00016")
    dossier = one.page.get_attribute("[data-rows] a.go", "href")
    one.open(f"{dossier}?tab=cases")
    return dossier, one.page.get_attribute("a.go[href^='/cases/']", "href")


def watching(one):
    _, case = a_long_case(one)
    one.open(f"{case}/watch").page.wait_for_selector("[data-ready]")
    return one.page


def at(page):
    """The number of the entry that is shown, as the list, the slider and the heading agree on it."""
    current = page.locator("[aria-current=step] .num").inner_text()
    assert page.input_value("[data-slider]") == current
    assert page.locator("[data-say]").inner_text().startswith(f"{int(current) + 1} / ")
    return int(current)


def test_the_keyboard_steps_jumps_and_plays(visitor):
    page = watching(visitor("auditor"))
    seen = [at(page)]
    for key in ("ArrowRight", "ArrowRight", "ArrowLeft", "End", "Home"):
        page.keyboard.press(key)
        seen.append(at(page))
    last = page.locator("[data-entry]").count() - 1
    assert seen == [0, 1, 2, 1, last, 0]
    page.select_option("[data-speed]", "4")
    page.locator("#main").focus()
    page.keyboard.press("Space")
    page.wait_for_function("() => Number(document.querySelector('[data-slider]').value) >= 2")
    page.keyboard.press("Space")
    assert page.locator("[data-word]").inner_text() == "播放"
    nothing_typed_moves_it(page)


def nothing_typed_moves_it(page):
    """Keys in a field, and keys that an input method takes, are left alone."""
    stood = at(page)
    page.focus("#search")
    page.keyboard.press("End")
    page.keyboard.press("Space")
    page.locator("#main").focus()
    page.evaluate(
        "document.querySelector('#main').dispatchEvent(new KeyboardEvent('keydown',"
        "{key: 'ArrowRight', bubbles: true, isComposing: true}))"
    )
    assert at(page) == stood


def test_the_slider_is_dragged_and_the_list_jumps(visitor):
    page = watching(visitor("auditor"))
    box = page.locator("[data-slider]").bounding_box()
    page.mouse.move(box["x"] + 8, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, steps=8)
    page.mouse.up()
    assert at(page) > 5
    page.click("[data-entry='3']")
    assert at(page) == 3
    page.wait_for_selector(".djs-element.here")
    assert page.locator(".djs-element.past").count() > 3
    assert page.locator(".badge.here").count() >= 1


@pytest.mark.parametrize(("lang", "width"), [("zh", 1366), ("en", 390)])
def test_the_page_its_text_version_and_the_time_line_are_sound(visitor, lang, width):
    one = visitor("auditor", lang, width=width, height=800)
    dossier, case = a_long_case(one)
    page = watching(one)
    for key in ("Home", "End", "ArrowLeft"):
        page.keyboard.press(key)
        assert one.complaints() == []
    assert one.fits()
    for path in (f"{case}/watch/text", f"{dossier}/timeline"):
        assert one.open(path).complaints() == []
        assert one.fits()
