"""Tokens that a person moves to another step: what ends with them, what goes on, what is refused."""

from __future__ import annotations

import pytest

from engine.errors import Conflict
from engine.facts import build_facts
from engine.spiff import standing
from tests.builders import (
    boundary,
    catch,
    clock,
    each,
    element,
    end,
    event,
    extend,
    handler,
    message,
    par,
    process,
    release,
    script,
    start,
    sub,
    timer,
    user,
)
from tests.conftest import BPMN
from tests.playing import Played, played

PLAIN = ("start -> a -> b -> c -> end", user("a"), user("b"), user("c"))
SPLIT = "start -> p -> a -> j -> c -> end\np -> b -> j"
PARTS = (par("p"), par("j"), user("a"), user("b"), user("c"))
RULES = {"shared/rules.toml": (BPMN / "shared/rules.toml").read_bytes()}
COUNT = "accept_referral"


def put(case, to, *elements):
    """Move what stands at these elements (all that is open, if none is named)."""
    here = [one.place for one in standing(case.state)]
    named = [one for one in here if not elements or one.element in elements]
    plain = [
        {"element": p.element, "scope": p.scope, "item": p.item, "occurrence": p.occurrence}
        for p in named
    ]
    return case.send("relocate", **{"from": plain, "to": to})


def refused(case, to, *elements):
    with pytest.raises(Conflict) as conflict:
        put(case, to, *elements)
    return conflict.value.code


def test_a_token_goes_on_at_another_step_forward_and_back():
    case = played(*PLAIN)
    assert put(case, "c").open == ["c"]
    assert put(case, "a").do("a").open == ["b"]


def test_what_waits_on_a_step_goes_with_it():
    late = boundary("late", "a", timer("P5D"))
    case = played(f"{PLAIN[0]}\nlate -> c", *PLAIN[1:], late)
    assert case.last.timers
    assert put(case, "b").last.timers == ()
    assert [one.what for one in case.last.trace] == ["cancelled", "entered"]


def test_steps_that_compute_run_on_from_where_it_is_put():
    case = played("start -> a -> s -> b -> end", user("a"), user("b"), script("s", "1 + 1"))
    assert put(case, "s").open == ["b"]
    assert case.last.data["s"] == 2


def test_open_branches_are_brought_together_behind_their_join():
    case = put(played(SPLIT, *PARTS).do("a"), "c")
    assert case.open == ["c"]
    assert case.do("c").last.ended


def test_a_branch_moved_back_stays_a_branch():
    case = played(SPLIT.replace("p -> b", "p -> x -> b"), *PARTS, user("x")).do("x", n=1)
    assert put(case, "x", "b").open == ["a", "x"]
    assert case.do("x", n=2).do("b").do("a").open == ["c"]


def test_every_item_of_a_repeated_step_ends_with_it():
    case = played("start -> a -> b -> end", user("a", each("[1, 2, 3]")), user("b"))
    assert len(case.open) == 3
    assert put(case, "b").open == ["b"]
    assert len(put(case, "a").open) == 3


def test_inside_a_sub_process_only_what_lies_there_moves():
    inner = sub("s", "start -> a -> b -> end", user("a"), user("b"))
    case = played("start -> s -> c -> end", inner, user("c"))
    assert put(case, "b", "a").open == ["b"]
    assert (refused(case, "c", "b"), refused(case, "b", "s")) == ("relocate_elsewhere",) * 2
    assert put(case, "c", "s").open == ["c"]


def test_one_of_two_events_waited_for_takes_the_other_with_it():
    gate = element("eventBasedGateway", "which")
    flows = "start -> which -> paid -> a -> end\nwhich -> late -> b -> end"
    parts = (gate, catch("paid", event("message", "paid")), catch("late", timer("P1D")))
    case = played(flows, *parts, user("a"), user("b"), root=message("paid"))
    assert refused(case, "late", "paid") == "relocate_race"
    assert put(case, "b", "paid").open == ["b"]
    assert (case.last.subscriptions, case.last.timers) == ((), ())


REFUSED = {
    "relocate_begins": "start",
    "relocate_join": "j",
    "relocate_elsewhere": "nowhere",
}


@pytest.mark.parametrize("code", REFUSED)
def test_nothing_is_put_where_no_flow_leads_or_where_several_meet(code):
    assert refused(played(SPLIT, *PARTS), REFUSED[code], "a") == code


def test_two_scopes_are_not_moved_at_once():
    inner = sub("s", "start -> a -> end", user("a"))
    case = played("start -> p -> s -> j -> end\np -> b -> j", par("p"), par("j"), inner, user("b"))
    assert refused(case, "b", "a", "b") == "relocate_apart"


def test_what_no_longer_stands_there_is_not_moved():
    case = played(*PLAIN).do("a")
    place = {"element": "a", "scope": "", "item": None, "occurrence": 0}
    with pytest.raises(Conflict, match="relocate_gone"):
        case.send("relocate", **{"from": [place], "to": "c"})


def test_an_event_sub_process_still_listens_after_a_restart():
    begin = start("begin", event("message", "left"), isInterrupting="true")
    leaving = handler("leaving", "begin -> close -> end", begin, user("close"))
    case = played(*PLAIN, leaving, root=message("left")).do("a")
    assert put(case, "a").hear("left").open == ["close"]


# Clocks ---------------------------------------------------------------------------------------


def counted(flows, *parts):
    return Played(release(process(flows, *parts), RULES), build_facts(BPMN / "shared")).start()


def running(case):
    return [one.rule for one in case.last.clocks if one.ended_at is None]


BEGUN = user("a", extend(clock(COUNT, starts="enter", ends="done")))


def test_a_clock_ends_with_the_step_that_alone_would_have_ended_it():
    case = counted(PLAIN[0], BEGUN, *PLAIN[2:])
    assert running(case) == [COUNT]
    assert running(put(case, "b")) == []


def test_a_clock_runs_on_while_a_step_ahead_ends_it():
    ends = user("b", extend(clock(COUNT, ends="done")))
    begun = user("a", extend(clock(COUNT, starts="enter")))
    case = counted(PLAIN[0], begun, ends, user("c"))
    assert running(put(case, "b")) == [COUNT]
    assert running(put(case, "c")) == []


def test_a_clock_that_ends_with_the_case_runs_on():
    begun = user("a", extend(clock(COUNT, starts="enter")))
    case = counted(PLAIN[0], begun, *PLAIN[2:])
    assert running(put(case, "c")) == [COUNT]


def test_a_step_begun_anew_begins_its_clock_anew():
    case = counted(PLAIN[0], BEGUN, *PLAIN[2:]).do("a")
    assert running(put(case, "a")) == [COUNT]


def test_moving_to_the_end_ends_the_case():
    case = played("start -> a -> over", user("a"), end("over"))
    assert put(case, "over").last.ended
