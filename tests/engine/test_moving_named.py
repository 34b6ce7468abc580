"""A case goes on under a release that names, offers and counts otherwise; or misses a field, and stays."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine.counterparts import pair
from engine.model import Input
from engine.spiff import move
from tests.builders import (
    boundary,
    each,
    end,
    event,
    extend,
    handler,
    message,
    par,
    process,
    release,
    start,
    sub,
    timer,
    user,
    xor,
)
from tests.cast import CLERK
from tests.engine.test_moving import COUNTED, FLOWS, ROLE, SPLIT, Moving
from tests.engine.whatif.living import FILES, RULES, drawn, form


@pytest.fixture
def moving(desk, store, clock):
    """``moving(first)``: a case on a release; ``.to(second, names)`` publishes and moves."""
    return lambda first=None: Moving(desk, store, clock, first)


SHORT, LONG = b'received" }\nlength = 3\n', b'received" }\nlength = 30\n'
LONGER = RULES.replace(SHORT, LONG)
JUDGES = {"ld_role": "TRIB_JUDGE"}
A, B = user("a", **ROLE), user("b", **ROLE)
LEFT = message("left")


def redrawn(flows, *parts, root="", **forms):
    """Nothing in it but what is named."""
    changed = {f"forms/{name}.json": content for name, content in forms.items()}
    xml = process(flows, start("start", ld_role="TRIB_CLERK"), *parts, root=root)
    return release(xml, {**FILES, **changed})


ASKED = user("ask", name="询问", **ROLE)
RENAMED = redrawn("start -> ask -> b -> end", ASKED, B, ask=form("facts"))


def named(first, second):
    return pair(first.files, second.files)


def test_a_renamed_step_is_found_by_its_form_and_the_case_goes_on_there(moving):
    case = moving()
    task = case.tasks["a"]
    found = named(drawn(), RENAMED)
    assert [(one.path, one.to, one.why) for one in found.asked] == [("a", "ask", "form")]
    assert case.to(RENAMED, found.names)
    assert case.tasks == {"ask": task}
    case.work({"/dispute/facts": "漏水"})
    assert (list(case.tasks), case.verdict().same) == (["b"], True)


def test_the_journal_keeps_which_names_were_held_for_the_same(moving):
    case = moving()
    case.to(RENAMED, {"a": "ask"})
    with case.store() as opened:
        *_, (_, payload) = opened.entries(f"case:{case.id}")
        assert opened.open_task(case.tasks_of(opened)["ask"]).task.place.element == "ask"
    assert payload.data["names"] == {"a": "ask"}


def test_what_two_steps_fit_equally_is_left_to_a_person():
    two = redrawn(
        "start -> x1 -> x2 -> end",
        user("x1", name="甲", **ROLE),
        user("x2", name="乙", **ROLE),
        x1=form("facts"),
        x2=form("facts"),
    )
    found = named(drawn(FLOWS, user("a", name="丙", **ROLE), b=form("other")), two)
    assert {(one.path, one.to) for one in found.asked} == {("a", ""), ("b", "")}
    assert pair(drawn().files, two.files, {"a": "x2"}).names == {"a": "x2"}


def test_a_renamed_sub_process_takes_what_lies_in_it_along(moving):
    inner = "start -> a -> end", user("a", **ROLE)
    first = drawn("start -> s -> b -> end", sub("s", *inner))
    second = drawn("start -> part -> b -> end", sub("part", *inner))
    case = moving(first)
    assert case.to(second, {"s": "part"})
    assert case.state.tasks[0].place.scope == "part"
    case.work({"/dispute/facts": "漏水"})
    assert (list(case.tasks), case.verdict().same) == (["b"], True)


def test_half_a_join_is_found_again_by_where_its_flows_lead(moving):
    first, second = (
        drawn(SPLIT, par("p"), par("j")),
        drawn(SPLIT.replace("j", "k"), par("p"), par("k")),
    )
    case = moving(first)
    case.desk.claim(CLERK, case.tasks["a"])
    case.desk.answer(CLERK, case.tasks["a"], {"/dispute/facts": "漏水"})
    names = pair(first.files, second.files, {"j": "k"}).names
    assert case.to(second, names)
    assert case.work({}).case.status == "ended"


def both(first, second, names=None):
    """What a person would find suggested for two drawings, with what they chose besides."""
    return pair(first.files, second.files, names).names


def test_items_and_a_timer_under_other_names_go_on_as_they_were(moving):
    flows = "start -> a -> b -> end\nlate -> over"
    items, late = user("a", each("[1, 2, 3]"), **ROLE), boundary("late", "a", timer("P5D"))
    first = redrawn(flows, items, late, B, end("over"))
    renamed = user("ask", each("[1, 2, 3]"), **ROLE), boundary("overdue", "ask", timer("P1D"))
    again = flows.replace("a -> b", "ask -> b").replace("late", "overdue")
    second = redrawn(again, *renamed, B, end("over"), ask=form("facts"))
    case = moving(first)
    before = case.state
    assert case.to(second, both(first, second))
    after = case.state
    assert [one.id for one in after.tasks] == [one.id for one in before.tasks]
    assert {(one.id, one.due) for one in after.timers} == {(o.id, o.due) for o in before.timers}
    assert after.timers[0].place.element == "overdue"
    assert case.verdict().same


def test_an_event_sub_process_under_another_name_still_listens(moving):
    begin = start("begin", event("message", "left"), isInterrupting="true")
    first = redrawn(
        FLOWS, A, B, handler("leaving", "begin -> c -> end", begin, user("c", **ROLE)), root=LEFT
    )
    second = redrawn(
        FLOWS, A, B, handler("quit", "begin -> c -> end", begin, user("c", **ROLE)), root=LEFT
    )
    case = moving(first)
    assert case.to(second, both(first, second, {"leaving": "quit"}))
    assert [one.place.scope for one in case.state.subscriptions] == ["quit"]
    assert case.verdict().same


def test_a_moved_task_is_offered_to_whom_the_new_version_says(moving):
    case = moving()
    case.desk.claim(CLERK, case.tasks["a"])
    case.desk.keep_draft(CLERK, case.tasks["a"], {"/dispute/facts": ["漏"]})
    assert case.to(drawn(FLOWS, user("a", **JUDGES)))
    with case.store() as opened:
        (task,) = case.tasks_of(opened).values()
        claimed = opened.open_task(task)
        assert (claimed.task.role, claimed.holder) == ("TRIB_JUDGE", "")
        assert opened.drafts(task, CLERK.person) == {"/dispute/facts": ["漏"]}
    assert case.verdict().same


def test_a_period_is_counted_by_the_new_rule_from_its_old_start(moving):
    case = moving(drawn(FLOWS, user("a", extend(COUNTED), **ROLE)))
    (before,) = case.state.clocks
    xml = drawn(FLOWS, user("a", extend(COUNTED), **ROLE)).files["process.bpmn"]
    assert case.to(release(xml, {**FILES, "shared/rules.toml": LONGER}))
    (after,) = case.state.clocks
    assert after.started_at == before.started_at
    assert after.due - before.due > timedelta(days=20)


def test_a_period_the_new_version_begins_there_begins_with_the_move(moving):
    case = moving()
    assert case.to(drawn(FLOWS, user("a", extend(COUNTED), **ROLE)))
    (begun,) = case.state.clocks
    assert begun.started_at == case.clock()


def test_a_period_that_nothing_ends_any_more_ends(moving):
    case = moving(drawn(FLOWS, user("a", extend(COUNTED), **ROLE)))
    assert case.to(drawn(FLOWS, user("a", **ROLE)))
    assert case.state.clocks[0].ended_at == case.clock()


def test_a_move_recorded_before_step_3_replays_as_it_was(moving):
    first, second = drawn(), drawn(FLOWS, user("a", **JUDGES))
    case = moving(first)
    cause = Input(case.id, 1, "move", case.clock(), case.clock(), data={"from": first.digest})
    with case.store() as opened:
        facts = opened.current_facts()
    roles = [move((first, second), facts, case.case.state, cause, n).tasks[0].role for n in (2, 3)]
    assert roles == ["TRIB_CLERK", "TRIB_JUDGE"]


# A form that lost a field -----------------------------------------------------------------------

ASKS = "start -> a -> b -> x\nx -> over if dispute.amount > 3\nx -> end"
GATE = (xor("x", default="x__end"), end("over"))


def test_a_case_that_will_need_a_field_its_form_lost_stays_and_says_which(moving):
    first = drawn(ASKS, *GATE, a=form("facts", "amount"))
    case = moving(first)
    second = drawn(ASKS, *GATE, a=form("facts"), start=form("amount"))
    assert case.stays(second) == "move_data_missing"


def test_a_field_that_a_later_step_still_asks_for_is_not_missed(moving):
    case = moving(drawn(ASKS, *GATE, a=form("facts", "amount")))
    assert case.to(drawn(ASKS, *GATE, a=form("facts"), b=form("amount")))


def test_a_value_that_is_there_already_is_not_missed(moving):
    case = moving(drawn(ASKS, *GATE, a=form("facts", "amount")))
    case.work({"/dispute/facts": "漏水", "/dispute/amount": "5"})
    assert case.to(drawn(ASKS, *GATE, a=form("facts"), start=form("amount")))
