"""The verbs: one verb, one transaction, one journal entry, and exact refusals."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from engine.errors import Conflict, Invalid, NotAllowed
from engine.replay import judge
from engine.spiff import read_state
from tests.builders import boundary, process, release, service, timer, user
from tests.builders import start as begin_at
from tests.cast import AUDITOR, CLERK, COMMITTEE, MEDIATOR, SUPERVISOR, actor

OTHER = actor("mediator2")


def form(*outcomes, **fields):
    """A form with text fields under /dispute, and its outcomes."""
    text = {"label": {"zh": "字段", "en": "field"}}
    outcome = {"label": {"zh": "完成", "en": "Done"}}
    body = {
        "schema": {
            "type": "object",
            "properties": {
                "dispute": {
                    "type": "object",
                    "properties": {
                        name: {"type": "string", **rest} for name, rest in fields.items()
                    },
                }
            },
        },
        "ui": {
            "order": [f"/dispute/{name}" for name in fields],
            "fields": {f"/dispute/{name}": text for name in fields},
            "outcomes": [{"id": id, **outcome} for id in outcomes],
        },
    }
    return json.dumps(body).encode()


XML = process(
    """start -> number -> mediate -> sign -> end
    late -> expired
    withdraw -> withdrawn""",
    begin_at("start", ld_role="TRIB_CLERK"),
    service("number", result="dispute.number", series='"调"'),
    user("mediate", ld_role="MEDIATOR", ld_org='"shiqiao-committee"'),
    user("sign", ld_role="MED_ORG", ld_org='"shiqiao-committee"'),
    boundary("late", "mediate", timer("P30D")),
    user("withdraw", ld_role="TRIB_CLERK"),
    "<endEvent id='expired'/><endEvent id='withdrawn'/>",
)


@pytest.fixture
def case(desk, store):
    """A dispute of two neighbours that waits for its mediator."""
    files = {
        "forms/start.json": form(title={}),
        "forms/mediate.json": form("settle", "refuse", facts={"maxLength": 200}),
        "forms/sign.json": form("settle", facts={}),
        "shared/rules.toml": b"",
    }
    with store() as opened:
        opened.add_release(release(XML, files), "designer", "designer2", desk.clock())
    started = desk.begin(CLERK, "p", {"/dispute/title": "邻里漏水"})
    while effects := read_state(now(store, started).state).effects:
        desk.perform(effects[0].id)
    return started


def now(store, case):
    with store() as opened:
        return opened.case(case.id)


def task(store, case):
    return read_state(now(store, case).state).tasks[0].id


def verbs(store, case):
    with store() as opened:
        return [entry.verb for entry, _ in opened.entries(f"case:{case.id}")]


def test_a_case_goes_from_start_to_end_and_replays_the_same(desk, store, case):
    desk.answer(MEDIATOR, task(store, case), {"/dispute/facts": "水管老化"}, "settle")
    desk.answer(COMMITTEE, task(store, case), {}, "settle")
    assert verbs(store, case) == ["start", "effect_returned", "complete", "complete"]
    with store() as opened:
        ended = opened.case(case.id)
        chain = list(opened.entries(f"case:{case.id}"))
        verdict = judge(chain, opened.release, opened.facts, ended.state)
    assert (ended.status, verdict.same, verdict.replayed) == ("ended", True, 4)


def test_what_nobody_held_is_claimed_and_done_at_once_and_replays(desk, store, case):
    desk.complete(MEDIATOR, task(store, case), {}, "settle")
    desk.complete(COMMITTEE, task(store, case), {}, "settle")
    assert verbs(store, case)[2:] == ["claim", "complete", "claim", "complete"]
    with store() as opened:
        chain = list(opened.entries(f"case:{case.id}"))
        assert judge(chain, opened.release, opened.facts, opened.case(case.id).state).same


def test_a_number_is_given_once(desk, store, case):
    assert read_state(now(store, case).state).data["dispute"]["number"]["counter"] == 1


def test_only_a_candidate_may_complete(desk, store, case):
    for somebody in (CLERK, COMMITTEE, AUDITOR):
        with pytest.raises(NotAllowed, match="not_candidate"):
            desk.answer(somebody, task(store, case), {}, "settle")


def test_of_two_hands_one_wins_and_the_other_reads_who_and_when(desk, store, case):
    wanted = task(store, case)
    desk.answer(MEDIATOR, wanted, {}, "settle")
    with pytest.raises(Conflict) as refused:
        desk.answer(OTHER, wanted, {}, "settle")
    assert (refused.value.code, refused.value.params["who"]) == ("task_done", "李和平")


def test_a_claimed_task_is_its_holders(desk, store, case):
    desk.claim(MEDIATOR, task(store, case))
    with pytest.raises(Conflict, match="held_by_other"):
        desk.claim(OTHER, task(store, case))
    desk.release(MEDIATOR, task(store, case), "休假")
    desk.claim(OTHER, task(store, case))
    assert verbs(store, case)[2:] == ["claim", "release", "claim"]


def test_delegating_needs_a_reason_and_a_colleague_who_may(desk, store, case):
    with pytest.raises(NotAllowed, match="reason_needed"):
        desk.delegate(MEDIATOR, task(store, case), OTHER.person, " ")
    with pytest.raises(NotAllowed, match="colleague_may_not"):
        desk.delegate(MEDIATOR, task(store, case), CLERK.person, "熟悉案情")
    desk.delegate(MEDIATOR, task(store, case), OTHER.person, "熟悉案情")
    with pytest.raises(Conflict, match="held_by_other"):
        desk.claim(MEDIATOR, task(store, case))


def test_a_wrong_field_is_named_and_nothing_moves(desk, store, case):
    with pytest.raises(Invalid) as refused:
        desk.answer(MEDIATOR, task(store, case), {"/dispute/facts": "长" * 201}, "settle")
    assert [problem.pointer for problem in refused.value.problems] == ["/dispute/facts"]
    assert verbs(store, case) == ["start", "effect_returned"]


def test_a_draft_is_kept_apart_and_gone_once_done(desk, store, case):
    wanted = task(store, case)
    desk.keep_draft(MEDIATOR, wanted, {"/dispute/facts": "写到一半"})
    with store() as opened:
        assert opened.drafts(wanted, "mediator") == {"/dispute/facts": "写到一半"}
    desk.answer(MEDIATOR, wanted, {}, "settle")
    with store() as opened:
        assert opened.drafts(wanted, "mediator") is None


def test_a_task_completed_after_its_timer_was_due_is_too_late(desk, store, case, clock):
    wanted = task(store, case)
    clock.move(clock.now + timedelta(days=30, hours=5))
    with pytest.raises(Conflict, match="task_cancelled"):
        desk.answer(MEDIATOR, wanted, {}, "settle")
    assert verbs(store, case)[-1] == "fire"
    assert now(store, case).status == "ended"


def test_a_supervisor_mends_with_a_reason(desk, store, case):
    with pytest.raises(NotAllowed, match="reason_needed"):
        desk.correct(SUPERVISOR, case.id, {"/dispute/title": "漏水"}, "")
    desk.correct(SUPERVISOR, case.id, {"/dispute/title": "楼上漏水"}, "案由写错")
    assert read_state(now(store, case).state).data["dispute"]["title"] == "楼上漏水"
    desk.cancel(SUPERVISOR, case.id, "重复登记")
    with pytest.raises(Conflict, match="case_over"):
        desk.cancel(SUPERVISOR, case.id, "重复登记")
