"""A browser is killed while a designer draws: what was typed three seconds ago is on the server."""

from __future__ import annotations

import subprocess

import pytest

from engine.diagram import read_diagram
from tests.chromium import FLAGS, find_chromium
from tests.journeys.conftest import Visitor

PICK = "id => { const m = designer.modeler; m.get('selection').select(m.get('elementRegistry').get(id)) }"
NAME = "[data-field=label_en]"


@pytest.fixture
def doomed(chromium, tmp_path):
    """A browser of its own, and the process that it is."""
    told = ["--remote-debugging-port=0", f"--user-data-dir={tmp_path}", "about:blank"]
    process = subprocess.Popen(
        [find_chromium(), *FLAGS, *told],
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
    )
    line = next(line for line in process.stderr if "listening on" in line)
    yield chromium.browser_type.connect_over_cdp(line.split()[-1]), process
    process.kill()
    process.wait()
    process.stderr.close()


def test_a_browser_killed_while_one_types_loses_less_than_three_seconds(doomed, site, visitor):
    browser, process = doomed
    one = Visitor(browser, site, 1366, 768).sign_in("designer", "en").open("/designer/")
    one.page.clock.install()
    one.page.click("form[action*='/video_session/drafts'] button")
    one.page.wait_for_selector("#canvas[data-opened]", state="attached")
    address = one.page.get_attribute("#canvas", "data-file")
    one.page.evaluate(PICK, "book_room")
    one.page.fill(NAME, "")
    with one.page.expect_response(lambda answer: answer.request.method == "PUT") as put:
        for letter in "typing":
            one.page.locator(NAME).press_sequentially(letter)
            one.page.clock.run_for(480)
    assert put.value.ok
    one.page.locator(NAME).press_sequentially(" the last word")
    process.kill()
    process.wait()
    other = visitor("designer", "en")
    kept = read_diagram(other.page.request.get(other.site + address).body())
    assert kept.nodes["book_room"].name["en"].startswith("typin")
