"""Gateways, implicit splits, links and drawn loops."""

from __future__ import annotations

import pytest

from tests.builders import (
    catch,
    end,
    event,
    inc,
    link,
    message,
    par,
    script,
    start,
    sub,
    throw,
    user,
    xor,
)
from tests.engine.spiff.plain import plain_case
from tests.playing import played

LOOP = """start -> init -> again
again -> work -> more
more -> again if i < n
more -> end"""


def test_several_flows_out_of_a_task_split() -> None:
    case = played("start -> a\na -> b -> end\na -> c -> end", *map(user, "abc")).do("a")
    assert case.open == ["b", "c"]
    assert not case.do("b").last.ended
    assert case.do("c").last.ended


def test_plain_spiffworkflow_refuses_the_implicit_split() -> None:
    with pytest.raises(Exception, match="outgoing"):
        plain_case("start -> a\na -> b -> end\na -> c -> end", *map(user, "abc"))


@pytest.mark.parametrize(("amount", "open_now"), [(5, ["small"]), (50, ["big", "copy"])])
def test_conditional_flows_out_of_a_task(amount: int, open_now: list[str]) -> None:
    flows = """start -> a
    a -> big if amount > 10
    a -> copy if amount > 20
    a -> small
    big -> end
    copy -> end
    small -> end"""
    parts = user("a", default="a__small"), user("big"), user("copy"), user("small")
    assert played(flows, *parts, amount=amount).do("a").open == open_now


def test_a_token_goes_through_a_link() -> None:
    flows = "start -> away\nback -> after -> end"
    case = played(flows, throw("away", link("x")), catch("back", link("x")), user("after"))
    assert case.open == ["after"]


def test_plain_spiffworkflow_ends_at_the_link() -> None:
    flows = "start -> away\nback -> after -> end"
    case = plain_case(flows, throw("away", link("x")), catch("back", link("x")), user("after"))
    assert case.flow.is_completed()


def test_a_parallel_join_waits_for_every_flow() -> None:
    flows = "start -> fork\nfork -> a -> join\nfork -> b -> join\njoin -> after -> end"
    case = played(flows, par("fork"), par("join"), *map(user, ["a", "b", "after"]))
    assert case.do("b").open == ["a"]
    assert case.do("a").open == ["after"]


def test_a_parallel_join_in_a_loop_pairs_tokens() -> None:
    flows = """start -> meet -> fork
    fork -> a -> join
    fork -> b -> join
    join -> more
    more -> meet if again
    more -> end"""
    gateways = xor("meet"), par("fork"), par("join"), xor("more", default="more__end")
    case = played(flows, *gateways, user("a"), user("b"), again=True)
    case.do("a").do("b")
    assert case.open == ["a", "b"]
    assert case.do("b").do("a", again=False).last.ended


def test_without_a_join_each_token_goes_on() -> None:
    flows = "start -> fork\nfork -> a -> meet\nfork -> b -> meet\nmeet -> after -> end"
    case = played(flows, par("fork"), xor("meet"), *map(user, ["a", "b", "after"]))
    assert case.do("a").do("b").open == ["after", "after"]


INCLUSIVE = """start -> some
some -> a -> join if x > 0
some -> b -> join if x > 1
some -> c -> join
join -> after -> end"""


@pytest.mark.parametrize(("x", "open_now"), [(0, ["c"]), (1, ["a"]), (2, ["a", "b"])])
def test_an_inclusive_gateway_takes_every_true_flow(x: int, open_now: list[str]) -> None:
    flows = INCLUSIVE.replace("a -> join if x > 0", "a if x > 0\na -> join").replace(
        "b -> join if x > 1", "b if x > 1\nb -> join"
    )
    gateways = inc("some", default="some__c"), inc("join")
    case = played(flows, *gateways, *map(user, ["a", "b", "c", "after"]), x=x)
    assert case.open == open_now
    for name in open_now:
        case.do(name)
    assert case.open == ["after"]


def test_an_inclusive_join_waits_only_for_what_can_still_come() -> None:
    flows = """start -> some
    some -> a if true
    some -> b if true
    a -> join
    b -> left
    left -> join if b.outcome = "join"
    left -> end
    join -> after -> end"""
    gateways = inc("some"), xor("left", default="left__end"), inc("join")
    case = played(flows, *gateways, *map(user, ["a", "b", "after"]))
    assert case.do("a").open == ["b"]
    assert case.do("b", outcome="leave").open == ["after"]


def test_a_drawn_loop_of_a_thousand_rounds_finishes() -> None:
    parts = script("init", "0", "i"), xor("again"), script("work", "i + 1", "i")
    case = played(LOOP, *parts, xor("more", default="more__end"), n=1000)
    assert case.last.ended
    assert case.data["i"] == 1000


def test_plain_spiffworkflow_forgets_the_end_of_a_deep_loop() -> None:
    parts = script("init", "i, n = 0, 400"), xor("again"), script("work", "i = i + 1")
    case = plain_case(LOOP, *parts, xor("more", default="more__end"))
    assert case.flow.is_completed()
    assert "i" not in case.flow.data


def test_a_loop_that_never_waits_is_an_incident() -> None:
    case = played("start -> meet -> note -> meet", xor("meet"), '<task id="note"/>')
    assert case.last.incident
    assert case.last.incident.code == "runaway"


def test_a_join_that_nobody_can_reach_is_an_incident_not_an_end() -> None:
    flows = "start -> one\none -> join if true\none -> other\nother -> join -> end"
    case = played(flows, xor("one", default="one__other"), par("join"), user("other"))
    assert case.last.incident
    assert case.last.incident.code == "standstill"


def test_terminate_ends_its_scope_and_nothing_around_it() -> None:
    inner = sub(
        "inner",
        "start -> fork\nfork -> a -> stop\nfork -> b -> end",
        par("fork"),
        user("a"),
        user("b"),
        end("stop", event("terminate")),
    )
    case = played("start -> inner -> after -> end", inner, user("after"))
    assert case.do("a").open == ["after"]
    assert case.passed("cancelled") == ["b"]


def test_terminate_ends_the_case() -> None:
    flows = "start -> fork\nfork -> a -> stop\nfork -> b -> end"
    case = played(flows, par("fork"), user("a"), user("b"), end("stop", event("terminate")))
    assert case.do("a").last.ended


def test_elements_may_be_called_like_spiffworkflows_own() -> None:
    case = played("Start -> End -> Root", start("Start"), user("End"), end("Root"))
    assert case.do("End").last.ended


def test_a_case_may_begin_at_a_message() -> None:
    root = message("filed")
    case = played(
        "begin -> ask -> end", start("begin", event("message", "filed")), user("ask"), root=root
    )
    assert case.open == ["ask"]


def test_a_sub_process_ends_when_all_its_tokens_have() -> None:
    inner = sub(
        "inner",
        "start -> fork\nfork -> a -> end\nfork -> b -> end",
        par("fork"),
        user("a"),
        user("b"),
    )
    case = played("start -> inner -> after -> end", inner, user("after"))
    assert case.do("a").open == ["b"]
    assert case.do("b").open == ["after"]


def test_a_loop_that_splits_without_joining_is_an_incident() -> None:
    flows = "start -> meet -> fork\nfork -> meet\nfork -> join\nfork -> again -> meet"
    flows += "\njoin -> end\nagain -> join"
    case = played(flows, xor("meet"), par("fork"), par("again"), par("join"))
    assert case.last.incident
    assert case.last.incident.code == "runaway"
