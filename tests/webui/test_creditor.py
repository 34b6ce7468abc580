"""The creditor of an execution settlement: put on record, let in, and what the procedures ask of them."""

from __future__ import annotations

import json

import pytest

from engine.commands.joining import Newcomer
from engine.commands.visiting import Invitee
from engine.model import Release
from engine.package import digest
from engine.spiff import read_state
from engine.story import Stage, tell
from tests.builders import BEGIN
from tests.cast import CLERK, PEOPLE, actor
from tests.webui.test_party import Phone
from webui.wiring import bundled

JUDGE = actor("executor")


@pytest.fixture
def creditor(app, built):
    """``creditor(procedure, scenario, step)``: a story told up to that step in a dossier that knows
    the debtor alone; the case, and the telephone of the creditor, then put on record and let in."""

    def come(procedure, scenario, step):
        files = bundled()[procedure]
        with built.open_store() as store:
            release = Release(procedure, digest(files), files)
            store.add_release(release, "designer", "designer2", BEGIN)
        story = json.loads(files[f"scenarios/{scenario}.json"])
        story["start"]["parties"] = story["start"]["parties"][1:]
        names = [one.get("task", one.get("message", "")) for one in story["steps"]]
        stage = Stage(built.engine, built.open_store, built.clock, list(map(actor, PEOPLE)))
        case = tell(stage, procedure, story, names.index(step))
        with built.open_store() as store:
            dossier = store.case(case).dossier
        party = built.engine.put_on_record(JUDGE, dossier, Newcomer("张守信", "A"), "申请执行人")
        phone = Phone(app)
        return case, phone.come_in(built.engine.invite(JUDGE, dossier, Invitee(party.id)))

    return come


def given(built, case):
    """What the creditor gave of the open task's list, as it is laid before staff."""
    with built.open_store() as store:
        held = store.case(case)
        for task in read_state(held.state).tasks:
            rows = built.engine.rows_given(store, held, store.open_task(task.id))
            if rows:
                return {name: rows[0][name] for name in rows[0] if name not in ("party", "said_at")}
    return None


ASKED = {
    "settlement": (
        ("detention_mediation", "settles", "record_settlement"),
        {"/row/agrees": "true", "/row/remark": "先付一半"},
        {"agrees": True, "remark": "先付一半"},
    ),
    "early release": (
        ("detention_exit", "early_at_three", "verify_early"),
        {"/row/agrees": "false", "/row/remark": "一分未付"},
        {"agrees": False, "remark": "一分未付"},
    ),
    "performance": (
        ("follow_up", "default_and_enforcement", "visit_person"),
        {"/row/performed": "PART", "/row/received": "20000"},
        {"performed": "PART", "received": 20000},
    ),
}


@pytest.mark.parametrize(("told", "typed", "kept"), ASKED.values(), ids=ASKED)
def test_the_creditor_answers_what_is_asked(creditor, built, told, typed, kept):
    case, phone = creditor(*told)
    phone.open_first()
    phone.post(phone.response.request.path, **typed)
    assert "您已填写" in phone.text
    assert given(built, case) == kept


def test_the_creditor_reports_a_default_and_the_judge_reads_it(creditor, built, browser):
    case, phone = creditor("follow_up", "default_and_enforcement", "visit_person")
    phone.get(phone.link(r"/party/tell/[^\"]+/default_reported"))
    path = phone.response.request.path
    assert phone.post(path, reason="").status == 422
    phone.get(path)
    assert "已提交" in phone.post(path, reason="十月二十日应付三万元，未付").text
    with built.open_store() as store:
        tasks = read_state(store.case(case).state).tasks
        entry = [one for one, _ in store.entries(f"case:{case}") if one.verb == "message"][-1]
    assert entry.role == "PARTY_A"
    (task,) = (one.id for one in tasks if one.place.element == "answer_default")
    judge = browser("executor")
    judge.post(f"/tasks/{task}/claim")
    assert "未付" in judge.get(f"/tasks/{task}").text


def test_of_custody_the_creditor_reads_nothing_but_what_is_asked_of_them(creditor):
    _, phone = creditor("detention_exit", "early_at_three", "verify_early")
    assert "核实悔改和改正（轮到您）" in phone.text.replace(" ", "")
    assert "最晚" not in phone.text
    assert "收拘" not in phone.text


def test_a_party_objects_to_a_ruling_and_the_clerk_finds_it_filled_in(built, app, browser):
    files = bundled()["performance"]
    with built.open_store() as store:
        release = Release("performance", digest(files), files)
        store.add_release(release, "designer", "designer2", BEGIN)
    story = json.loads(files["scenarios/default_enforced.json"])
    stage = Stage(built.engine, built.open_store, built.clock, list(map(actor, PEOPLE)))
    case = tell(stage, "performance", story, 0)
    with built.open_store() as store:
        dossier = store.case(case).dossier
        first = store.parties(dossier)[0].id
    phone = Phone(app)
    phone.come_in(built.engine.invite(CLERK, dossier, Invitee(first)))
    phone.get(phone.link(r"/party/tell/[^\"]+/objection_filed"))
    assert "已提交" in phone.post(phone.response.request.path, reason="没有收到传票").text
    with built.open_store() as store:
        state = read_state(store.case(case).state)
    (task,) = (one.id for one in state.tasks if one.place.element == "receive_objection")
    assert (state.data["objection"]["kind"], state.data["objection"]["by"]) == ("PARTY", "张守信")
    clerk = browser("clerk")
    clerk.post(f"/tasks/{task}/claim")
    assert "没有收到传票" in clerk.get(f"/tasks/{task}").text


def test_who_is_on_record_already_is_refused_and_what_was_typed_stays(built, browser, case):
    path = f"/dossiers/{case.dossier}/parties"
    clerk = browser("clerk").get(f"/dossiers/{case.dossier}/invitations")
    typed = {"joining": "王债权", "side": "A", "kind": "LEGAL", "reason": "执行和解"}
    assert "已登记 王债权" in clerk.post(path, **typed).text
    again = clerk.post(path, **typed)
    assert again.status == 422
    assert "没有重复登记" in again.text
    assert 'value="王债权"' in again.page
    with built.open_store() as store:
        assert [one.detail["kind"] for one in store.parties(case.dossier)] == ["LEGAL"]
