"""A designer plays a draft by hand: real forms, time, what comes from outside, back to any step."""

from __future__ import annotations

import json
import re

import pytest

from tests.builders import boundary, catch, clock, end, event, extend, process, service, timer, user
from tests.builders import start as begin_at
from tests.webui.test_form_editor import Editor

FAR = process(
    """start -> screen -> number -> wait -> end
    late -> lapsed
    broken -> lapsed""",
    begin_at("start", ld_role="TRIB_CLERK"),
    user("screen", ld_role="TRIB_CLERK", name="核查"),
    boundary("late", "screen", timer("P3D")),
    service("number", series='"review"', result="dispute.number"),
    boundary("broken", "number", event("error", "down"), name="号取不到"),
    user("wait", ld_role="TRIB_JUDGE", name="等待"),
    end("lapsed"),
    id="small",
    root='<error id="down" errorCode="DOWN"/>',
)


class Play:
    """The page of a rehearsal, as a browser without scripts sees it."""

    def __init__(self, browser):
        self.editor = Editor(browser)
        self.browser, self.draft = browser, self.editor.draft
        self.at = f"{self.draft}/play"
        self.look()

    def look(self, **asked):
        return self.took(self.browser.client.get(self.at, query_string=asked))

    def took(self, answer):
        self.page, self.status = answer.text, answer.status_code
        self.browser.page = self.page
        return self

    def send(self, what, **typed):
        seen = re.search(r'name="seen" value="(\w*)"', self.page)[1]
        headers = {"X-CSRF-Token": self.browser.token}
        told, at = {"seen": seen, **typed}, f"{self.at}/{what}"
        return self.took(
            self.browser.client.post(at, data=told, headers=headers, follow_redirects=True)
        )

    def begin(self, **world):
        return self.send("begin", at="2026-03-02T09:00", **world)

    def do(self, outcome, **typed):
        task = re.search(r"/play/tasks/([\w-]+)\"", self.page)[1]
        return self.send(f"tasks/{task}", outcome=outcome, **typed)

    def screen(self):
        return self.do("accept", **{"/dispute/facts": "漏水"})

    def draw(self, xml):
        at = f"{self.draft}/files/process.bpmn"
        seen = self.browser.client.get(at).headers["ETag"]
        headers = {"X-CSRF-Token": self.browser.token, "If-Match": seen}
        assert self.browser.client.put(at, data=xml, headers=headers).status_code == 200
        return self.look()

    @property
    def text(self):
        return self.browser.text

    def marks(self):
        return self.browser.client.get(f"{self.at}/marks.json").json


@pytest.fixture
def play(browser):
    return Play(browser("designer"))


def test_a_case_is_begun_and_shows_who_may_do_what(play):
    assert "在真实引擎上把草稿走一遍" in play.text
    play.begin(**{"/dispute/title": "邻里"})
    assert "2026年3月2日 09:00" in play.text
    assert re.search(r"现在可以办 核查 办理人 立案人员", play.text)
    assert play.marks()["here"] == ["screen"]


def test_a_task_is_done_by_its_real_form(play):
    play.begin().do("accept", **{"/dispute/facts": "漏" * 51})
    assert play.status == 422
    assert "漏" * 51 in play.page
    play.screen()
    assert re.search(r"刚才发生 经过 核查", play.text)
    assert "现在可以办 决定" in play.text


def test_what_was_done_is_there_after_a_reload_and_for_nobody_else(play, browser):
    play.begin().screen()
    assert "现在可以办 决定" in play.look().text
    other = browser("designer2")
    other.get(play.at)
    assert "照情景填写" not in other.page
    assert f'action="{play.at}/begin"' in other.page


def test_going_back_keeps_what_lies_ahead_and_redoing_uses_it(play):
    play.begin().screen().do("confirm")
    assert "办件已结束" in play.text
    play.send("go", at="0")
    assert "现在可以办 核查" in play.text
    assert play.text.count("在前面") == 2
    play.do("refuse", **{"/dispute/facts": "又漏"})
    play.send("go", at="9")
    assert "办件已结束" in play.text


def test_time_is_skipped_to_what_is_due(play):
    play.draw(FAR)
    play.begin()
    due = re.search(r'name="to" value="([^"]+)"', play.page)[1]
    assert "办件已结束" in play.send("step", do="to", to=due).text
    assert "2026年3月5日 09:00" in play.text
    play.send("go", at="0").send("step", do="pass", count="5", unit="hours")
    assert "2026年3月2日 14:00" in play.text
    assert play.send("step", do="pass", count="x", unit="days").status == 422


def test_what_is_done_outside_is_answered_or_fails(play):
    play.draw(FAR)
    play.begin(waits="numbers.next").screen()
    assert "等外部结果" in play.text
    assert '"counter": 1' in play.page.replace("&#34;", '"')
    play.send("step", do="effect", effect="number", how="fails", error="DOWN")
    assert "办件已结束" in play.text
    play.send("go", at="1").send("step", do="effect", effect="number", how="fails", error="ELSE")
    assert "流程暂停" in play.text
    play.send("step", do="effect", effect="number", result='{"number": "1"}')
    assert "现在可以办 等待" in play.text


def test_data_are_mended_as_a_supervisor_would(play):
    play.begin(**{"/dispute/title": "漏水"})
    page = play.browser.client.get(f"{play.at}/correct").text
    assert 'value="漏水"' in page
    assert "没有改动" in play.send("correct", **{"/dispute/title": "漏水"}).text
    play.send("correct", **{"/dispute/title": "渗水"})
    assert "漏水 → 渗水" in play.text
    assert "更正 情况" in play.text


def test_a_case_is_cancelled_with_a_reason(play):
    play.begin().send("step", do="cancel", reason="撤回起诉")
    assert "办件已结束" in play.text
    assert "撤销办件 撤回起诉" in play.text


def test_a_message_arrives_when_somebody_lets_it(play):
    asked = process(
        "start -> hear -> end",
        begin_at("start", ld_role="TRIB_CLERK"),
        catch("hear", event("message", "paid")),
        root='<message id="paid" name="paid" ld:key="case.dossier"/>',
        id="small",
    )
    play.draw(asked)
    assert "现在没有任务" in play.begin().text
    key = re.search(r'name="key" type="text" autocomplete="off" value="([^"]*)"', play.page)[1]
    assert play.send("step", do="message", message="paid", key=key, payload="[").status == 422
    play.send("step", do="message", message="paid", key=key, payload="{}")
    assert "办件已结束" in play.text


def test_a_draft_that_changed_says_where_the_steps_no_longer_fit(play):
    play.begin().screen()
    play.draw(FAR.replace(b'"screen"', b'"look"').replace(b"screen__", b"look__"))
    assert "草稿改过以后，有一步走不下去了" in play.text
    assert "走不下去" in play.text
    play.send("go", without="1")
    assert "走不下去" not in play.text


def test_the_way_becomes_a_scenario_that_is_played(play):
    play.begin().screen().do("confirm")
    named = {"zh": "同意", "en": "Accepted", "name": "accepted"}
    assert play.send("save", **{**named, "en": ""}).status == 422
    play.send("save", **named, expect="/dispute/facts")
    assert "在草稿上如所述结束" in play.text
    told = json.loads(play.browser.client.get(f"{play.draft}/files/scenarios/accepted.json").data)
    assert told["expect"] == {"ended": "end", "data": {"/dispute/facts": "漏水"}}
    assert play.look().send("save", **named).status == 409


def test_a_scenario_is_taken_up_at_any_step_and_fills_in_forms(play):
    play.begin().screen().do("confirm").send("save", zh="同意", en="Accepted", name="accepted")
    play.look().send("like", scenario="accepted", at="0")
    assert "现在可以办 核查" in play.text
    task = re.search(r'name="task" value="([^"]+)"', play.page)[1]
    assert 'value="漏水"' in play.look(task=task, like="accepted:0").page


def test_another_window_is_noticed(play):
    play.begin()
    first = play.page
    play.screen()
    play.page = first
    assert play.screen().status == 409
    assert "已在另一个窗口继续" in play.text


def test_what_no_scenario_passes_is_told(play):
    play.begin().screen().do("confirm")
    assert "没有情景走过" in play.look(compare="1").text


def test_a_draft_that_cannot_run_is_told(play):
    play.begin()
    assert "走不起来" in play.draw(b"<broken").text


def test_an_element_that_was_done_leads_back_to_before_it(play):
    play.begin().screen()
    assert "“核查”是第 1 步办的" in play.look(element="screen").text
    assert "步办的" not in play.look(element="decide").text


def test_a_step_that_is_redone_holds_what_was_typed_before(play):
    play.begin().screen().send("go", at="0")
    assert 'value="漏水"' in play.page


def test_a_period_is_stopped_extended_and_goes_on(play):
    counted = user(
        "screen", extend(clock("file_or_refuse_suit", starts="enter")), ld_role="TRIB_CLERK"
    )
    play.draw(process("start -> screen -> end", begin_at("start"), counted, id="small"))
    play.begin()
    first = re.search(r"(\d+)月(\d+)日 00:00 .{0,60}到期，流程不变", play.text)[0]
    play.send("step", do="clock", clock="file_or_refuse_suit", how="pause")
    assert "没有定时和期限在等" in play.text
    play.send("step", do="clock", clock="file_or_refuse_suit", how="resume")
    assert first in play.text
    play.send(
        "step", do="clock", clock="file_or_refuse_suit", how="extend", until="2026-05-01T00:00"
    )
    assert "2026年5月1日 00:00" in play.text


@pytest.mark.parametrize(
    "typed",
    [
        {"do": "to", "to": "2026-02-30T09:00"},
        {"do": "to", "to": "9999-12-31T23:59"},
        {"do": "pass", "count": "0", "unit": "days"},
        {"do": "message", "message": "nobody", "payload": "[]"},
        {"do": "message", "message": "nobody", "payload": '{"a": "\\ud800"}'},
        {"do": "message", "message": "nobody", "payload": '{"a": {"$n": "x"}}'},
        {"do": "signal", "signal": "s", "payload": "[" * 5000},
        {"do": "effect", "effect": "none", "result": '"\\ud800"'},
        {"do": "clock", "clock": "none", "how": "burn"},
        {"do": "retry"},
    ],
)
def test_what_cannot_be_is_refused_in_words(play, typed):
    play.begin().send("step", **typed)
    assert play.status == 422
    assert 'class="note late" role="alert"' in play.page
    assert "现在可以办 核查" in play.look().text


def test_a_strange_beginning_is_refused_in_words(play):
    assert play.begin(by="NOBODY").status == 422
    assert play.send("begin", at="2026-13-01T09:00").status == 422
    assert play.send("begin", at="2026-03-02T09:00", message="x", parties="{}").status == 422
    assert play.begin().send("go", without="-3", at="0").status == 200
