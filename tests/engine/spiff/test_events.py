"""Messages, signals, errors, escalations, conditions, and who catches them."""

from __future__ import annotations

import pytest

from engine.errors import Conflict
from tests.builders import (
    boundary,
    catch,
    condition,
    declared,
    each,
    element,
    end,
    event,
    extend,
    message,
    par,
    rule,
    script,
    service,
    sub,
    throw,
    timer,
    user,
)
from tests.engine.spiff.plain import plain_case
from tests.playing import played

PAID = event("message", "paid")
CALLED = event("signal", "called")


def test_a_message_wakes_the_event_with_its_key() -> None:
    flows = "start -> fork\nfork -> one -> end\nfork -> two -> end"
    events = catch("one", PAID), catch("two", PAID, ld_result="got")
    case = played(flows, par("fork"), *events, root=message("paid", key="no"), no="7")
    assert [(s.name, s.key) for s in case.last.subscriptions] == [("paid", "7"), ("paid", "7")]
    case.hear("paid", "7", sum=5)
    assert case.passed("fired") == ["one"]
    assert case.hear("paid", "7", sum=5).data["got"] == {"sum": 5}


def test_a_message_nobody_waits_for_is_refused() -> None:
    case = played("start -> one -> end", catch("one", PAID), root=message("paid", key='"a"'))
    for name, key in (("paid", "b"), ("other", "a")):
        with pytest.raises(Conflict, match="nobody_waits"):
            case.hear(name, key)


def test_thrown_messages_carry_key_and_payload() -> None:
    root = message("paid", key='"D" + "1"', sum="1 + 1")
    case = played(
        "start -> tell -> ask -> done",
        throw("tell", PAID),
        user("ask"),
        end("done", PAID),
        root=root,
    )
    (sent,) = case.last.messages
    assert (sent.name, sent.key, sent.payload) == ("paid", "D1", {"sum": 2})
    assert case.do("ask").last.messages == (sent,)


def test_send_and_receive_tasks_are_messages() -> None:
    tasks = (
        element("sendTask", "tell", messageRef="paid"),
        element("receiveTask", "hear", messageRef="paid"),
    )
    case = played("start -> tell -> hear -> end", *tasks, root=message("paid"))
    assert [m.name for m in case.last.messages] == ["paid"]
    assert case.hear("paid").last.ended


@pytest.mark.parametrize("last", [throw("tell", CALLED), end("tell", CALLED)])
def test_a_signal_reaches_everybody_in_the_case_and_the_world(last: str) -> None:
    flows = "start -> fork\nfork -> ask -> tell\nfork -> one -> end\nfork -> two -> end"
    flows += "" if "end" in last[:4] else "\ntell -> end"
    parts = par("fork"), user("ask"), catch("one", CALLED), catch("two", CALLED), last
    case = played(flows, *parts, root=declared("signal", "called"))
    assert case.do("ask").last.ended
    assert [(m.kind, m.name) for m in case.last.messages] == [("signal", "called")]


def test_plain_spiffworkflow_ignores_a_signal_end() -> None:
    flows = "start -> fork\nfork -> ask -> tell\nfork -> one -> end"
    parts = par("fork"), user("ask"), catch("one", CALLED), end("tell", CALLED)
    case = plain_case(flows, *parts, root=declared("signal", "called")).do("ask")
    assert not case.flow.is_completed()


def test_a_message_boundary_ends_its_task() -> None:
    flows = "start -> ask -> end\nwithdrawn -> close -> gone"
    parts = (
        user("ask"),
        boundary("withdrawn", "ask", PAID, ld_result="why"),
        user("close"),
        end("gone"),
    )
    case = played(flows, *parts, root=message("paid")).hear("paid", note="x")
    assert case.open == ["close"]
    assert case.data == {"why": {"note": "x"}}
    assert not case.last.subscriptions


def test_a_message_boundary_that_does_not_interrupt_fires_again_and_again() -> None:
    flows = "start -> ask -> end\nnews -> read -> known"
    parts = (
        user("ask"),
        boundary("news", "ask", PAID, interrupting=False),
        user("read"),
        end("known"),
    )
    case = played(flows, *parts, root=message("paid"))
    case.hear("paid").hear("paid").hear("paid")
    assert case.open == ["ask", "read", "read", "read"]
    assert case.do("ask").open == ["read"] * 3


def test_a_service_failure_reaches_its_error_boundary() -> None:
    flows = "start -> send -> end\nfailed -> post -> end"
    caught = boundary("failed", "send", event("error", "unreachable"), ld_result="why")
    root = declared("error", "unreachable", "GONE")
    case = played(flows, service("send"), caught, user("post"), root=root)
    assert case.break_effect("GONE", "no phone").open == ["post"]
    assert case.data["why"] == {"code": "GONE", "reason": "no phone"}


def test_another_error_is_an_incident_and_the_effect_stays() -> None:
    flows = "start -> send -> end\nfailed -> end"
    caught = boundary("failed", "send", event("error", "unreachable"))
    case = played(flows, service("send"), caught, root=declared("error", "unreachable", "GONE"))
    case.break_effect("OTHER")
    assert case.last.incident
    assert case.last.incident.code == "uncaught_error"
    assert case.last.effects


def test_a_failing_script_and_decision_reach_the_error_boundary() -> None:
    for part in (script("work", "[1..", "x"), rule("work", "missing", "x")):
        flows = "start -> work -> end\nfailed -> mend -> end"
        case = played(flows, part, boundary("failed", "work", event("error")), user("mend"))
        assert case.open == ["mend"]


def test_an_error_end_leaves_its_sub_process() -> None:
    inner = sub(
        "inner",
        "start -> fork\nfork -> a -> wrong\nfork -> b -> end",
        par("fork"),
        user("a"),
        user("b"),
        end("wrong", event("error", "bad")),
    )
    flows = "start -> inner -> end\nother -> end\nfailed -> mend -> end"
    events = (
        boundary("failed", "inner", event("error", "bad")),
        boundary("other", "inner", event("error", "else")),
    )
    root = declared("error", "bad", "B") + declared("error", "else", "E")
    case = played(flows, inner, *events, user("mend"), root=root).do("a")
    assert case.open == ["mend"]


def test_an_uncaught_error_end_is_an_incident() -> None:
    flows = "start -> ask -> wrong"
    root = declared("error", "bad", "B")
    case = played(flows, user("ask"), end("wrong", event("error", "bad")), root=root).do("ask")
    assert case.last.incident
    assert case.last.incident.params["error"] == "B"
    assert case.open == ["ask"]


@pytest.mark.parametrize(("interrupting", "open_now"), [(True, ["look"]), (False, ["look", "b"])])
def test_an_escalation_is_seen_outside(interrupting: bool, open_now: list[str]) -> None:
    inner = sub(
        "inner",
        "start -> a -> up -> b -> end",
        user("a"),
        throw("up", event("escalation", "risk")),
        user("b"),
    )
    flows = "start -> inner -> end\nrisky -> look -> seen"
    seen = boundary("risky", "inner", event("escalation", "risk"), interrupting)
    case = played(
        flows, inner, seen, user("look"), end("seen"), root=declared("escalation", "risk", "R")
    )
    assert sorted(case.do("a").open) == sorted(open_now)


def test_an_escalation_nobody_minds_changes_nothing() -> None:
    flows = "start -> up -> b -> end"
    root = declared("escalation", "risk", "R")
    assert played(flows, throw("up", event("escalation", "risk")), user("b"), root=root).open == [
        "b"
    ]


def test_a_cancelled_transaction_leaves_by_its_cancel_event() -> None:
    deal = sub(
        "deal", "start -> a -> undo", user("a"), end("undo", event("cancel")), tag="transaction"
    )
    flows = "start -> deal -> end\nundone -> mend -> end"
    case = played(flows, deal, boundary("undone", "deal", event("cancel")), user("mend"))
    assert case.do("a").open == ["mend"]


def test_a_condition_is_judged_whenever_data_changes() -> None:
    flows = "start -> fork\nfork -> ask -> end\nfork -> ready -> go -> end"
    case = played(
        flows, par("fork"), user("ask"), catch("ready", condition("sum > 10")), user("go")
    )
    assert case.send("correct", values={"/sum": 11}).open == ["ask", "go"]


def test_a_condition_that_holds_at_once_does_not_wait() -> None:
    case = played(
        "start -> ready -> go -> end", catch("ready", condition("sum > 1")), user("go"), sum=2
    )
    assert case.open == ["go"]


def test_a_condition_boundary_fires_each_time_it_becomes_true() -> None:
    flows = "start -> ask -> end\nrisky -> look -> seen"
    event_ = boundary("risky", "ask", condition('risk = "high"'), interrupting=False)
    case = played(flows, user("ask"), event_, user("look"), end("seen"))
    for risk in ("high", "high", "low", "high"):
        case.send("correct", values={"/risk": risk})
    assert case.open == ["ask", "look", "look"]


def test_the_first_event_behind_an_event_gateway_wins() -> None:
    flows = "start -> first\nfirst -> one -> paid1 -> end\nfirst -> two -> late -> end\nfirst -> three -> end"
    parts = (
        "<eventBasedGateway id='first'/>",
        catch("one", PAID),
        catch("two", timer("PT2H")),
        catch("three", timer("PT3H")),
        user("paid1"),
        user("late"),
    )
    case = played(flows, *parts, root=message("paid"))
    assert [t.place.element for t in case.last.timers] == ["two", "three"]
    assert case.wait(hours=2).open == ["late"]
    assert not case.last.subscriptions
    assert not case.last.timers


def test_a_key_that_is_not_known_yet_is_told_later() -> None:
    case = played(
        "start -> fork\nfork -> ask -> end\nfork -> one -> end",
        par("fork"),
        user("ask"),
        catch("one", PAID),
        root=message("paid", key="dispute.number"),
    )
    assert not case.last.subscriptions
    case.do("ask", dispute={"number": "D7"})
    assert [one.key for one in case.last.subscriptions] == ["D7"]
    assert case.hear("paid", "D7").last.ended


def test_a_condition_is_judged_when_its_event_is_reached() -> None:
    flows = "start -> ask -> ready -> go -> end"
    case = played(flows, user("ask"), catch("ready", condition("sum > 1")), user("go"), sum=2)
    assert case.do("ask").open == ["go"]


def test_plain_spiffworkflow_goes_on_after_an_uncaught_error() -> None:
    inner = sub("inner", "start -> bad", end("bad", event("error", "b")))
    case = plain_case(
        "start -> inner -> after -> end", inner, user("after"), root=declared("error", "b", "B")
    )
    assert case.open() == ["after"]


def test_each_item_of_a_repeated_service_has_its_effect() -> None:
    told = element(
        "serviceTask",
        "tell",
        extend() + each("parties", "p", ("got", "answers")),
        ld_operation="notify",
        ld_result="got",
    )
    case = played("start -> tell -> end", told, parties=["A", "B"])
    assert [one.place.item for one in case.last.effects] == [0, 1]
    assert case.effect("yes").effect("no").last.ended
    assert case.data["answers"] == ["yes", "no"]
