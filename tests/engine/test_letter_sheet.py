"""A letter's template is edited part by part: what nobody touches stays byte for byte."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.authoring import BLANK_LETTER, LetterSheet
from engine.errors import Invalid
from engine.letters import read_letter

BPMN = Path(__file__).parent.parent.parent / "bpmn"
LISTS = ("needs", "fields", "tasks", "basis")


def typed(sheet, **over):
    """What a page sends that shows all of it; ``over``: in ``body`` or the head."""
    words = {f"title.{lang}": sheet.title.get(lang, "") for lang in ("zh", "en")}
    lists = {key: "\r\n".join(sheet.listed(key)) for key in LISTS}
    body = over.pop("body", sheet.body.replace("\n", "\r\n"))
    head = {"kind": sheet.head["kind"], **words, **lists, **over}
    return {"head": head, "body": {"text": body}}


def test_sending_what_stands_there_changes_not_one_byte():
    for path in sorted(BPMN.glob("[a-r]*/letters/*.typ")):
        sheet = LetterSheet(path.read_bytes())
        sheet.say(typed(sheet))
        assert sheet.content == path.read_bytes(), path


HEAD = (
    '//: kind = "甲"\n//: title = { zh = "甲", en = "A" } # as signed\n'
    '//: fields = [\n//:   "/a",\n//: ]\n'
)


def test_only_the_line_that_is_said_anew_is_written_anew():
    sheet = LetterSheet(f"{HEAD}body\n".encode())
    sheet.say(typed(sheet, basis="S1-2 S1-3"))
    assert sheet.content.decode() == f'{HEAD}//: basis = ["S1-2", "S1-3"]\nbody\n'
    sheet.say(typed(sheet, fields="/a /b", basis="", body="new"))
    assert sheet.content.decode().splitlines()[2:] == ['//: fields = ["/a", "/b"]', "new"]


def test_lines_that_end_as_on_windows_go_on_ending_so():
    sheet = LetterSheet(f"{HEAD}one\ntwo\n".replace("\n", "\r\n").encode())
    sheet.say(typed(sheet, body="one\r\nthree\r\n"))
    assert sheet.content.endswith(b"one\r\nthree\r\n")


def test_what_is_typed_with_quotes_stays_a_text():
    sheet = LetterSheet(BLANK_LETTER)
    sheet.say(typed(sheet, kind='所谓"协议"\\', **{"title.zh": "甲", "title.en": "A"}))
    assert read_letter("x", sheet.content).kind == '所谓"协议"\\'


@pytest.mark.parametrize("content", [b"\xff", b"//: kind = \n", b"text\n//: kind = 1\n"])
def test_what_cannot_be_taken_apart_is_left_to_the_file(content):
    with pytest.raises(Invalid, match="authoring_not_a_letter"):
        LetterSheet(content)
