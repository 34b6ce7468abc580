"""Repairing a case on pages: grouped incidents, before and after, a second person, and afterwards."""

from __future__ import annotations

import pytest

from engine.facts import POLICY
from engine.layout import layout
from engine.spiff import read_state
from tests.builders import boundary, condition, process, release, xor
from tests.cast import ADMIN, CLERK, SUPERVISOR
from tests.webui.conftest import FILES, XML
from tests.webui.test_moving import PEOPLE

WHY = "步骤走错"
FORWARD = {"verb": "move", "stand": "0", "move_to": "|decide", "reason": WHY}


@pytest.fixture
def case(built):
    """A case of the small procedure, drawn."""
    with built.open_store() as store:
        drawn = release(layout(XML), FILES)
        store.add_release(drawn, "designer", "designer2", built.clock())
    return built.engine.begin(CLERK, "small", {"/dispute/title": "邻里漏水"})


@pytest.fixture
def path(case):
    return f"/cases/{case.id}/repair"


@pytest.fixture
def supervisor(browser, path):
    return browser("supervisor").get(path)


@pytest.fixture
def second(built):
    """The setting asks for a second person: here the administrator."""
    built.engine.set_setting(ADMIN, "repair_needs_second", True, POLICY, "防止误改")
    return "admin"


def open_steps(built, case):
    with built.open_store() as store:
        return [one.place.element for one in read_state(store.case(case.id).state).tasks]


def test_before_and_after_are_drawn_before_anything_moves(supervisor, path, built, case):
    for name in ("move", "restart", "cancel"):
        assert f'name="verb" value="{name}"' in supervisor.page
    preview = supervisor.post(path, **FORWARD, seq=case.seq)
    assert preview.page.count('class="still"') == 2
    assert "随之结束 待办“核查” 由此开始 待办“决定”" in preview.text
    assert open_steps(built, case) == ["screen"]


def test_what_is_confirmed_is_done_and_shown_afterwards(supervisor, path, built, case, browser):
    supervisor.post(path, **FORWARD, seq=case.seq, confirm="1")
    assert open_steps(built, case) == ["decide"]
    assert WHY in supervisor.text
    told = browser("auditor").get(f"/cases/{case.id}/watch/text")
    assert "移动停留位置" in told.text
    entry = told.get(told.link(rf"/cases/{case.id}/watch/\d+"))
    assert entry.page.count('class="still"') == 2
    assert "随之结束 待办“核查”" in entry.text


def test_a_case_begins_again_at_a_step(supervisor, path, built, case):
    supervisor.post(path, **FORWARD, seq=case.seq, confirm="1")
    back = {"verb": "restart", "restart_to": "|screen", "reason": "重新核查"}
    supervisor.get(path).post(path, **back, seq=case.seq + 1, confirm="1")
    assert open_steps(built, case) == ["screen"]


REFUSED = {
    "没有理由": ({"reason": " "}, "请写明理由"),
    "没有选去处": ({"move_to": ""}, "请选择要移动的停留位置"),
    "没有选停留处": ({"stand": "7"}, "请选择要移动的停留位置"),
    "移到开始": ({"move_to": "|start"}, "没有连线通向它"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_cannot_be_is_said_and_what_was_typed_stays(supervisor, path, built, case, what):
    change, sentence = REFUSED[what]
    page = supervisor.post(path, **{**FORWARD, **change}, seq=case.seq)
    assert (page.status, sentence in page.text) == (422, True)
    assert open_steps(built, case) == ["screen"]


def test_a_case_that_moved_meanwhile_is_looked_at_again(supervisor, path, built, case):
    page = supervisor.post(path, **FORWARD, seq=case.seq - 1, confirm="1")
    assert page.status == 409
    assert open_steps(built, case) == ["screen"]


def test_a_second_person_approves_what_one_proposed(second, browser, path, built, case):
    proposer = browser("supervisor").get(path)
    assert "已提出" in proposer.post(path, **FORWARD, seq=case.seq, confirm="1").text
    assert "同意并执行" not in proposer.get(path).text
    zhou = browser(second).get("/incidents")
    assert "等待第二人同意的修复" in zhou.text
    zhou.get(zhou.link(path))
    zhou.post(zhou.link(rf"{path}/\d+"), approve="1")
    assert open_steps(built, case) == ["decide"]


def test_nobody_approves_their_own(second, browser, path, built, case):
    proposer = browser("supervisor").get(path)
    proposer.post(path, **FORWARD, seq=case.seq, confirm="1")
    proposer.get(path)
    refused = proposer.post(proposer.link(rf"{path}/\d+"), approve="1")
    assert (refused.status, "须由另一人同意" in refused.text) == (422, True)
    assert open_steps(built, case) == ["screen"]


def test_a_correction_is_proposed_too(second, browser, built, case):
    path = f"/cases/{case.id}/correct"
    supervisor = browser("supervisor").get(path)
    typed = {"/dispute/title": "楼上漏水", "reason": "案由写错", "confirm": "1", "seq": case.seq}
    assert "已提出" in supervisor.post(path, **typed).text
    zhou = browser(second).get(f"/cases/{case.id}/repair")
    assert "邻里漏水 → 楼上漏水" in zhou.text


def test_a_correction_that_moves_the_case_shows_where_to(browser, built):
    flows = "start -> screen -> end\ngrave -> decide -> end"
    grave = boundary("grave", "screen", condition('dispute.title = "火灾"'))
    with built.open_store() as store:
        drawn = release(layout(process(flows, *PEOPLE, grave, id="small")), FILES)
        store.add_release(drawn, "designer", "designer2", built.clock())
    case = built.engine.begin(CLERK, "small", {"/dispute/title": "漏水"})
    path = f"/cases/{case.id}/correct"
    typed = {"/dispute/title": "火灾", "reason": "案由写错", "seq": case.seq}
    page = browser("supervisor").get(path).post(path, **typed)
    assert "随之结束 待办“核查” 由此开始 待办“决定”" in page.text
    assert page.page.count('class="still"') == 2


# Incidents ------------------------------------------------------------------------------------

STUCK = "start -> screen -> x\nx -> decide if dispute.nothing\nx -> over if dispute.none"


@pytest.fixture
def stuck(built):
    """Three cases that stand still for the same cause."""
    with built.open_store() as store:
        flows = f"{STUCK}\ndecide -> end"
        over = '<endEvent id="over"/>'
        second = release(process(flows, *PEOPLE, xor("x"), over, id="small"), FILES)
        store.add_release(second, "designer", "designer2", built.clock())
    cases = [built.engine.begin(CLERK, "small", {"/dispute/title": "漏水"}) for _ in range(3)]
    for case in cases:
        with built.open_store() as store:
            (task,) = read_state(store.case(case.id).state).tasks
        built.engine.claim(CLERK, task.id)
        built.engine.answer(CLERK, task.id, {"/dispute/facts": "水"}, "accept")
    return cases


def test_a_case_that_stands_still_says_whose_it_is_and_why_and_is_tried_again_there(
    stuck, built, browser
):
    page = browser("supervisor").get(f"/cases/{stuck[0].id}/repair")
    with built.open_store() as store:
        assert store.dossier(stuck[0].dossier).number in page.text
    assert "为什么停住" in page.text
    built.engine.correct(SUPERVISOR, stuck[0].id, {"/dispute/nothing": True}, "补登")
    page.post(page.link(r"/incidents/[^\"]+/retry"), reason="已补登")
    assert open_steps(built, stuck[0]) == ["decide"]


def test_a_case_that_is_over_is_shown_instead(supervisor, path, built, case):
    built.engine.cancel(SUPERVISOR, case.id, "重复登记")
    assert "办件已结束" in supervisor.get(path).text
    assert supervisor.response.request.path == f"/cases/{case.id}"


def test_incidents_of_one_cause_are_one_group_and_retried_together(stuck, built, browser):
    supervisor = browser("supervisor").get("/incidents")
    assert "3 件" in supervisor.text
    ids = [one.split('"')[0] for one in supervisor.page.split('name="incident" value="')[1:]]
    assert supervisor.post("/incidents/retry", incident=ids, reason=" ").status == 422
    for case in stuck[:2]:
        built.engine.correct(SUPERVISOR, case.id, {"/dispute/nothing": True}, "补登")
    supervisor.post("/incidents/retry", incident=ids, reason="已补登")
    assert "重试成功 2 件" in supervisor.text
    assert "仍未通过 1 件" in supervisor.text
