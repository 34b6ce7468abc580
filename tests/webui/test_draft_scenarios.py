"""The stories of a draft on a page: listed, told, played on the draft, and what they leave out."""

from __future__ import annotations

import json

import pytest

from tests.webui.test_form_editor import Editor

STORY = {
    "title": {"zh": "同意并确认", "en": "Accepted and confirmed"},
    "start": {"at": "2026-03-02T09:00", "by": "TRIB_CLERK", "data": {}},
    "steps": [
        {"task": "screen", "outcome": "accept", "data": {"/dispute/facts": "经过"}},
        {"task": "decide", "outcome": "confirm"},
    ],
    "expect": {"ended": "end"},
}


@pytest.fixture
def stories(browser):
    found = Editor(browser("designer"), "scenarios/accepted")
    found.send({"file": json.dumps(STORY)})
    return found


def play_all(stories):
    return stories.browser.client.get(f"{stories.draft}/scenarios?play=1").text


def test_a_story_is_kept_told_and_played_on_the_draft(stories):
    page = stories.open().page
    assert "同意并确认" in page
    assert "在草稿上如所述结束" in page


def test_all_are_played_and_what_they_pass_is_counted(stories):
    page = play_all(stories)
    assert "1 个情景都如所述结束" in page
    assert "覆盖 100 %" in page


def test_a_story_that_ends_otherwise_says_at_which_step(stories):
    late = {**STORY, "steps": STORY["steps"][:1]}
    stories.open().send({"file": json.dumps(late)})
    assert "没有如所述结束" in play_all(stories)
    marks = stories.browser.client.get(f"{stories.draft}/scenarios/marks.json").json
    assert "end" in marks["wrong"]
    assert "screen" in marks["past"]


def test_what_is_no_story_is_told_and_kept(stories):
    half = json.dumps({**STORY, "title": {"zh": "\ud800", "en": "x"}})
    stories.open().send({"file": half})
    assert "读不出来" in play_all(stories)
    stories.open().send({"file": "{"})
    assert "读不出来" in play_all(stories)
    assert 'id="file-text"' in stories.open().page


def test_what_is_wrong_is_told_at_its_line_as_typed_and_as_kept(stories):
    wrong = json.dumps({**STORY, "steps": [{"task": "screem"}]}, indent=1)
    said = "第 13 行</b> 规程里没有任务“screem”，最接近的是“screen”。"
    headers = {"X-CSRF-Token": stories.browser.token}
    typed = stories.browser.client.post(f"{stories.at}/faults", data=wrong, headers=headers)
    assert [one["line"] for one in typed.json] == [13]
    assert typed.json[0]["text"] in said
    stories.open().send({"file": wrong})
    assert said in stories.open().page


def test_a_diagram_that_cannot_run_is_told_instead_of_played(stories):
    at = f"{stories.draft}/files/process.bpmn"
    seen = stories.browser.client.get(at).headers["ETag"]
    headers = {"X-CSRF-Token": stories.browser.token, "If-Match": seen}
    stories.browser.client.put(at, data=b"<broken", headers=headers)
    sent = stories.browser.client.get(f"{stories.draft}/scenarios?play=1")
    assert sent.status_code == 200
    assert 'role="alert"' in sent.text
    assert stories.browser.client.get(stories.at).status_code == 200
