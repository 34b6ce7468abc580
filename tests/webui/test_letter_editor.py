"""Letters of a draft are edited on their page and drawn beside it with what a scenario says."""

from __future__ import annotations

import re

import pytest

from engine.package import read_package
from tests.webui.test_form_editor import Editor
from webui.registers import SHARED

VIDEO = read_package(SHARED.parent / "video_session")
NAME = "letters/video_record.typ"
BEFORE = VIDEO[NAME]


class Letter(Editor):
    """The editor of a letter of the video session."""

    def __init__(self, browser, at="letters/video_record"):
        self.browser = browser
        browser.get("/designer/")
        browser.post("/designer/video_session/drafts")
        self.draft = browser.response.request.path
        self.at = f"{self.draft}/{at}"
        self.open()

    def raw(self):
        return self.browser.client.get(f"{self.draft}/files/{NAME}").data


@pytest.fixture
def letter(browser, built):
    built.engine.install({"video_session": VIDEO})
    return Letter(browser("designer"))


def test_a_letter_is_drawn_with_the_data_of_a_scenario_and_says_what_it_may_name(letter):
    beside = letter.page.partition("data-preview")[2]
    assert 'src="data:image/png;base64,' in beside
    assert 'data-name="video.scheduled_at"' in beside
    assert "parties.*" not in beside
    other = re.search(r'<option value="(\w+)" *>', letter.page)[1]
    assert (
        f'<option value="{other}" selected>'
        in letter.browser.client.get(f"{letter.at}?scenario={other}").text
    )


def test_text_and_head_are_typed_and_nothing_else_is_written(letter):
    text = BEFORE.decode()
    body = text.partition("#import")[1] + text.partition("#import")[2]
    typed = {"head:title.en": "Record of a call", "body:text": body.replace("进出记录", "进出时间")}
    assert letter.send(typed).status_code == 302
    told = text.replace('en = "Record of an online session"', 'en = "Record of a call"')
    assert letter.raw().decode() == told.replace("进出记录", "进出时间")


def test_what_is_wrong_is_told_by_its_line_or_left_to_the_file(letter):
    letter.send({"body:text": '#import "/shared/letters/paper.typ": *\n\n#nothing()\n'})
    assert "正文第 3 行：" in letter.open().page
    assert b"#nothing()" in letter.raw()
    letter.send({"head:fields": "/video /partys", "head:title.zh": ""})
    found = letter.open().page.partition("data-findings")[2].partition("</section>")[0]
    assert "/partys" in found
    assert found.count("finding-line") == 2
    typed = {"base": letter.base, "seen": letter.base, "file": "//: kind = \n"}
    headers = {"X-CSRF-Token": letter.browser.token}
    letter.browser.client.post(f"{letter.at}/file", data=typed, headers=headers)
    assert 'id="body-text"' not in letter.open().page
    assert 'id="file-text"' in letter.page


def test_who_saved_meanwhile_is_told_and_nothing_typed_is_lost(letter):
    letter.send({"head:title.en": "First"})
    late = letter.send({"head:title.en": "Second"})
    assert late.status_code == 412
    assert 'value="Second"' in late.text
    over = re.search(r'name="~over" value="(\w+)"', late.text)[1]
    letter.send({"head:title.en": "Second", "~over": over})
    assert b'en = "Second"' in letter.raw()


def test_a_new_letter_begins_with_a_template_and_others_change_nothing(letter, browser):
    named = letter.browser.get(f"{letter.draft}/letters?id=promise")
    assert named.response.request.path.endswith("/letters/promise")
    assert "#show: committee-letter" in named.page
    assert letter.browser.get(f"{letter.draft}/letters?id=../x").status == 404
    other = browser("designer2")
    assert "readonly" in other.client.get(letter.at).text
    typed = {"base": letter.base, "seen": letter.base, "head:title.en": "Theirs"}
    sent = other.client.post(letter.at, data=typed, headers={"X-CSRF-Token": other.token})
    assert (sent.status_code, letter.raw()) == (403, BEFORE)
