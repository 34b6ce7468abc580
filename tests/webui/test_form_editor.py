"""A designer changes a form without touching its file: saved over what was seen, nothing typed lost."""

from __future__ import annotations

import json
import re

import pytest

from tests.webui.conftest import FILES

NAME = "forms/screen.json"


class Editor:
    """The editor of one file of a draft, as a browser without scripts sees it."""

    def __init__(self, browser, at="forms/screen"):
        self.browser = browser
        browser.get("/designer/")
        browser.post("/designer/small/drafts")
        self.draft = browser.response.request.path
        self.at = f"{self.draft}/{at}"
        self.open()

    def open(self):
        self.page = self.browser.client.get(self.at).text
        self.base = re.search(r'name="base" value="(\w*)"', self.page)[1]
        return self

    def send(self, over=None, **more):
        typed = {"base": self.base, "seen": self.base, **(over or {}), **more}
        headers = {"X-CSRF-Token": self.browser.token}
        return self.browser.client.post(self.at, data=typed, headers=headers)

    def told(self):
        return json.loads(self.raw())

    def raw(self):
        return self.browser.client.get(f"{self.draft}/files/{NAME}").data


@pytest.fixture
def editor(browser):
    return Editor(browser("designer"))


def test_words_are_typed_in_both_languages_and_the_preview_shows_them(editor):
    sent = editor.send({"0:label.zh": "纠纷经过", "0:label.en": "What happened"})
    assert sent.status_code == 302
    assert editor.told()["ui"]["fields"]["/dispute/facts"]["label"]["en"] == "What happened"
    assert "纠纷经过" in editor.open().page.partition("data-preview")[2]


def test_sending_what_stands_there_changes_not_one_byte(editor):
    editor.send({"0:label.zh": "情况", "0:label.en": "Facts", "0:required": "", "0:most": "50"})
    assert editor.raw() == FILES[NAME]


def test_a_field_comes_moves_and_goes(editor):
    sent = editor.send(
        {"~do": "add", "add:kind": "field", "add:path": "dispute.seen_at", "add:type": "date"}
    )
    assert sent.location.endswith("#line-2")
    editor.open().send({"~do": "up 2"})
    order = ["/dispute/facts", "/dispute/seen_at", "/dispute/related_cases"]
    assert editor.told()["ui"]["order"] == order
    editor.open().send({"~do": "remove 1"})
    assert editor.told() == json.loads(FILES[NAME])


def test_what_is_wrong_stands_beside_its_field(editor):
    editor.send({"1:show": "1 +"})
    line = editor.open().page.partition('id="line-1"')[2].partition("</li>")[0]
    assert 'class="finding-line"' in line


def test_a_path_that_is_taken_is_refused_and_what_was_typed_stays(editor):
    sent = editor.send({"~do": "add", "add:path": "dispute.facts", "0:label.zh": "经过"})
    assert sent.status_code == 422
    assert 'value="经过"' in sent.text
    assert 'value="dispute.facts"' in sent.text


def test_who_saved_meanwhile_is_told_and_nothing_typed_is_lost(editor):
    editor.send({"0:label.zh": "先保存的"})
    words = {"0:label.zh": "情况", "0:label.en": "Typed late"}
    late = editor.send(words)
    assert late.status_code == 412
    assert 'value="Typed late"' in late.text
    over = re.search(r'name="~over" value="(\w+)"', late.text)[1]
    assert editor.send({**words, "~over": over}).status_code == 302
    assert editor.told()["ui"]["fields"]["/dispute/facts"]["label"] == {
        "zh": "情况",
        "en": "Typed late",
    }


def test_a_task_without_a_form_gets_one(browser):
    fresh = Editor(browser("designer"), at="forms/later")
    assert fresh.send({"~do": "add", "add:kind": "note"}).status_code == 302
    made = fresh.browser.client.get(f"{fresh.draft}/files/forms/later.json")
    assert json.loads(made.data)["ui"]["order"] == [{"text": {}}]


def test_a_file_that_is_no_form_is_mended_as_text(editor):
    at = f"{editor.at}/file"
    typed = {"base": editor.base, "seen": editor.base, "file": "[]"}
    editor.browser.client.post(at, data=typed, headers={"X-CSRF-Token": editor.browser.token})
    assert editor.raw() == b"[]"
    assert 'id="file-text"' in editor.open().page
    assert 'id="line-0"' not in editor.page


def test_others_read_and_change_nothing(editor, browser):
    other = browser("designer2")
    assert 'name="~do"' not in other.client.get(editor.at).text
    typed = {"base": editor.base, "seen": editor.base, "0:label.zh": "别人"}
    sent = other.client.post(editor.at, data=typed, headers={"X-CSRF-Token": other.token})
    assert sent.status_code == 403
    assert editor.raw() == FILES[NAME]


def test_the_preview_keeps_step_with_what_is_typed_into_it(editor):
    editor.send({"1:show": 'dispute.facts = "更多"'})
    at = f"{editor.at}/preview"
    sent = editor.browser.client.post(
        at, data={"/dispute/facts": "更多"}, headers={"X-CSRF-Token": editor.browser.token}
    )
    assert 'data-at="/dispute/related_cases">' in sent.text
    assert 'data-at="/dispute/related_cases" hidden' in editor.browser.client.get(at).text


STRANGE = ["up", "up o9", "up oX", "remove o7", "up 9", "up 0/x", "before 0", "before 0 o0"]
STRANGE += [
    "column 0",
    "option-up 0 x",
    "option-up 0 \u00b2",
    "remove",
    "nothing at all",
    "up \u00b2",
]


@pytest.mark.parametrize("asked", STRANGE)
def test_buttons_that_no_page_has_change_nothing(editor, asked):
    assert editor.send({"~do": asked}).status_code in (302, 422)
    assert editor.raw() == FILES[NAME]


DEEP = b'{"schema": {"type": "object", "properties": {}}, "ui": ' + b"[" * 900 + b"]" * 900 + b"}"
HALF = rb'{"schema": {"type": "object"}, "ui": {"order": [], "title": {"zh": "\ud800", "en": "x"}}}'


@pytest.mark.parametrize("content", [b"\xff\xfe", DEEP, HALF, b"null", b'{"schema": 1, "ui": []}'])
def test_whatever_lies_in_the_file_the_page_opens(editor, content):
    headers = {"X-CSRF-Token": editor.browser.token, "If-Match": f'"{editor.base}"'}
    at = f"{editor.draft}/files/{NAME}"
    assert editor.browser.client.put(at, data=content, headers=headers).status_code == 200
    assert 'id="file-text"' in editor.open().page
