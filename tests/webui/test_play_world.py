"""What a rehearsal is played in, and what becomes of it: the office's registers, its end, an old one."""

from __future__ import annotations

import json
from io import BytesIO

import pytest

from engine.commands.registers import Change
from tests.builders import BEGIN
from tests.cast import ADMIN, DESIGNER
from tests.webui.test_play import Play
from webui.registers import office_registers


@pytest.fixture
def play(browser):
    return Play(browser("designer"))


COUNTING = {
    "schema": {
        "type": "object",
        "properties": {"n": {"type": "integer"}, "facts": {"type": "string"}},
    },
    "ui": {
        "order": ["/n", "/facts"],
        "fields": {
            "/n": {
                "label": {"zh": "在册", "en": "on it"},
                "compute": 'count(registers.mediators[status = "ACTIVE"])',
            },
            "/facts": {"label": {"zh": "情况", "en": "Facts"}},
        },
    },
}


@pytest.fixture
def counting(play, built):
    """The form of the clerk's step counts the mediators of the office's register: there is one."""
    told = {"/person": ["mediator"], "/org": ["shiqiao-committee"], "/status": ["ACTIVE"]}
    change = Change({**told, "/invited": ["false"]}, BEGIN.date())
    built.engine.record(ADMIN, office_registers()["mediators"], change)
    put(play, "screen", COUNTING)
    return play.look()


def put(play, task, form):
    """Another form for a task of the draft."""
    at = f"{play.draft}/files/forms/{task}.json"
    headers = {"If-Match": play.browser.client.get(at).headers["ETag"]}
    headers["X-CSRF-Token"] = play.browser.token
    assert play.browser.client.put(at, data=json.dumps(form), headers=headers).status_code == 200


def test_the_registers_of_the_office_are_taken_in_as_of_the_day_it_begins(counting):
    assert 'name="rosters" value="1" checked' in counting.page
    day = f"{BEGIN:%Y-%m-%d}T09:00"
    counting.send("begin", at=day, rosters="1")
    assert "调解员名册 · 1 条" in counting.text
    counting.do("")
    assert "在册 1" in counting.text
    counting.send("world", at=day, **{"register.mediators": "[]"})
    assert "在册 0" in counting.text
    counting.send("world", at="2020-01-06T09:00", rosters="1")
    assert "调解员名册 · 0 条" in counting.text


def test_entries_that_are_no_entries_are_refused_in_words(counting):
    counting.begin()
    for wrong in ("{}", "[1]", '[{"valid_from": "2026-01-01"}]'):
        assert (
            counting.send("world", at="2026-03-02T09:00", **{"register.mediators": wrong}).status
            == 422
        )
    assert "现在可以办 核查" in counting.look().text


def test_a_later_step_sees_of_a_file_what_it_would_see_of_any(play, built):
    paper = {"$ref": "shared/types.json#/$defs/file"}
    schema = {"type": "object", "properties": {"paper": paper}}
    fields = {"/paper": {"label": {"zh": "材料", "en": "Paper"}}}
    for task in ("screen", "decide"):
        put(play, task, {"schema": schema, "ui": {"order": ["/paper"], "fields": fields}})
    play.look().begin().do("", **{"/paper": (BytesIO(b"%PDF-1.7 sham"), "借条.pdf")})
    assert "现在可以办 决定" in play.text
    assert "借条.pdf" in play.page.partition('id="do"')[2]
    assert list(built.blobs.digests()) == []


def test_a_rehearsal_that_this_version_cannot_read_says_why_and_begins_anew(play, built):
    play.begin()
    draft = play.draft.rpartition("/")[2]
    with built.open_store() as store:
        store.save_rehearsal(draft, "designer", {"told": {"title": {}, "steps": []}, "way": 1})
    assert "以前的版本留下的" in play.look().text
    assert play.send("step", do="retry").status == 422
    assert f'action="{play.at}/begin"' in play.look().send("go", anew="1").page


def test_a_rehearsal_ends_with_its_draft(play, built):
    play.begin()
    built.engine.drop_draft(DESIGNER, play.draft.rpartition("/")[2])
    with built.open_store() as store:
        assert store.rehearsal(play.draft.rpartition("/")[2], "designer") is None
    page = play.look()
    assert "它的试走随之结束" in page.text
    assert page.browser.link('[^"]*/small/drafts')
    play.page = 'name="seen" value=""'
    assert play.begin().status == 409
