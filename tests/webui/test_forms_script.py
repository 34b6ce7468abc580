"""The quiet refresh in a real browser: the same form, without leaving the page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from werkzeug.serving import make_server

from tests.webui.demo import NOW, Shelf, demo_app
from tests.webui.test_forms import FORM
from webui.forms import Picker, View

ORGANISATIONS = [(f"o{number}", f"西山第{number}人民调解委员会") for number in range(1, 31)]


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    view = View({}, NOW, pickers={"organisation": Picker(ORGANISATIONS)})
    server = make_server("127.0.0.1", 0, demo_app(FORM, view, Shelf(), "zh"), threaded=True)
    thread = Thread(target=server.serve_forever, args=[0.01])
    thread.start()
    yield f"http://127.0.0.1:{server.port}/"
    server.shutdown()
    thread.join()


@pytest.fixture
def page(chromium: Any, address: str) -> Iterator[Any]:
    context = chromium.new_context(locale="zh-CN")
    opened = context.new_page()
    faults: list[str] = []
    opened.on("pageerror", lambda error: faults.append(str(error)))
    opened.goto(address)
    yield opened
    assert not faults
    context.close()


def at(name: str) -> str:
    return f"[name='{name}']"


def test_fields_appear_and_results_follow_the_typing(page: Any) -> None:
    assert page.is_hidden(at("/more"))
    page.fill(at("/amount"), "300")
    page.wait_for_selector(at("/more"), state="visible")
    page.wait_for_selector("output:has-text('¥150.00')")
    page.fill(at("/amount"), "3")
    page.wait_for_selector(at("/more"), state="hidden")


def test_what_is_being_typed_is_left_alone(page: Any) -> None:
    page.fill(at("/amount"), "300")
    page.type(at("/name"), "欧阳春")
    page.wait_for_selector("output:has-text('¥150.00')")
    assert page.input_value(at("/name")) == "欧阳春"
    assert page.evaluate("document.activeElement.name") == "/name"


def test_a_row_comes_with_the_cursor_in_it_and_goes_again(page: Any) -> None:
    page.fill(at("/parties/0/name"), "甲")
    page.click("button[name='~add']")
    page.wait_for_selector(at("/parties/1/side") + ":focus")
    page.fill(at("/parties/1/name"), "乙")
    page.click("button[value='/parties/0']")
    page.wait_for_selector(at("/parties/1/name"), state="detached")
    assert page.input_value(at("/parties/0/name")) == "乙"


def test_a_long_list_is_searched(page: Any) -> None:
    page.fill(".pick-find", "第27")
    page.wait_for_function("document.querySelector(\"[name='/org']\").options.length === 2")
    page.press(".pick-find", "Enter")
    assert page.input_value(at("/org")) == "o27"


def test_a_chosen_file_survives_a_button_of_the_form(page: Any) -> None:
    paper = {"name": "借条.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7\n"}
    page.set_input_files(at("/paper") + "[type=file]", files=[paper])
    page.click("button[name='~add']")
    page.wait_for_selector(".kept:has-text('借条.pdf')")
    assert page.locator(".form-row").count() == 2


def test_the_summary_has_the_focus_and_leads_to_the_field(page: Any) -> None:
    page.click("button[name=outcome]")
    page.wait_for_selector("#problems:focus")
    page.click("#problems a >> nth=0")
    page.wait_for_selector("[id='f/name']:focus")


def test_without_a_script_the_buttons_do_the_same(chromium: Any, address: str) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address)
    page.fill(at("/amount"), "300")
    page.click(".form-refresh button")
    assert page.is_visible(at("/more"))
    page.fill(at("/more"), "说明")
    page.click("button[name='~add']")
    assert page.input_value(at("/more")) == "说明"
    context.close()


def test_nothing_for_axe_to_find(page: Any) -> None:
    """axe-core from the browser side's own packages, on the form with problems on it."""
    page.click("button[name=outcome]")
    page.wait_for_selector("#problems")
    page.evaluate(Path("webui/frontend/node_modules/axe-core/axe.min.js").read_text("utf-8"))
    found = page.evaluate("axe.run(document.querySelector('[data-form]'))")
    assert [one["id"] for one in found["violations"]] == []
