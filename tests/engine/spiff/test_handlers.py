"""Event sub-processes."""

from __future__ import annotations

import pytest

from tests.builders import (
    condition,
    declared,
    end,
    event,
    handler,
    message,
    script,
    start,
    sub,
    throw,
    timer,
    user,
)
from tests.engine.spiff.plain import plain_case
from tests.playing import played

LEFT = event("message", "left")
ROOT = message("left")


def leaving(definition: str, *more: str, interrupting: str = "true") -> str:
    begin = start("begin", definition, isInterrupting=interrupting)
    return handler("leaving", "begin -> close -> end", begin, user("close"), *more)


def test_an_interrupting_handler_ends_everything_else_in_its_scope() -> None:
    case = played("start -> ask -> end", user("ask"), leaving(LEFT), root=ROOT)
    assert [(s.place.element, s.place.scope) for s in case.last.subscriptions] == [
        ("begin", "leaving")
    ]
    case.hear("left")
    assert case.open == ["close"]
    assert case.last.tasks[0].place.scope == "leaving"
    assert case.do("close").last.ended


def test_plain_spiffworkflow_ignores_that_it_interrupts() -> None:
    from SpiffWorkflow.bpmn import BpmnEvent  # noqa: PLC0415
    from SpiffWorkflow.bpmn.specs.event_definitions import MessageEventDefinition  # noqa: PLC0415

    case = plain_case("start -> ask -> end", user("ask"), leaving(LEFT), root=ROOT)
    case.flow.send_event(BpmnEvent(MessageEventDefinition("left")))
    case.flow.do_engine_steps()
    assert "ask" in case.open()


def test_a_handler_that_does_not_interrupt_may_start_often() -> None:
    case = played(
        "start -> ask -> end", user("ask"), leaving(LEFT, interrupting="false"), root=ROOT
    )
    case.hear("left").hear("left")
    assert case.open == ["ask", "close", "close"]
    assert not case.do("ask").last.ended
    assert case.do("close").do("close").last.ended


def test_running_handlers_end_when_a_sibling_interrupts() -> None:
    news = handler(
        "news",
        "heard -> read -> end",
        start("heard", event("signal", "news"), isInterrupting="false"),
        user("read"),
    )
    root = ROOT + declared("signal", "news")
    case = played("start -> ask -> end", user("ask"), news, leaving(LEFT), root=root)
    assert case.send("signal", name="news").open == ["ask", "read"]
    assert case.hear("left").open == ["close"]


def test_a_handler_inside_a_sub_process_leaves_the_rest_alone() -> None:
    inner = sub("inner", "start -> ask -> end", user("ask"), leaving(LEFT))
    case = played("start -> inner -> after -> end", inner, user("after"), root=ROOT).hear("left")
    assert case.last.tasks[0].place.scope == "inner/leaving"
    assert case.do("close").open == ["after"]


@pytest.mark.parametrize("cause", ["error", "escalation"])
def test_a_handler_catches_what_its_scope_throws(cause: str) -> None:
    inner = sub("inner", "start -> bad", end("bad", event(cause, "b")), leaving(event(cause, "b")))
    case = played(
        "start -> inner -> after -> end", inner, user("after"), root=declared(cause, "b", "B")
    )
    assert case.open == ["close"]
    assert case.do("close").open == ["after"]


def test_plain_spiffworkflow_runs_an_error_handler_at_once() -> None:
    root = declared("error", "b", "B")
    case = plain_case("start -> ask -> end", user("ask"), leaving(event("error", "b")), root=root)
    assert "close" in case.open()


def test_an_error_in_a_handler_goes_outwards() -> None:
    inner = sub(
        "inner",
        "start -> ask -> end",
        user("ask"),
        handler("leaving", "begin -> bad", start("begin", LEFT), end("bad", event("error", "b"))),
        handler(
            "mending", "again -> close -> end", start("again", event("error", "b")), user("close")
        ),
    )
    case = played("start -> inner -> end", inner, root=ROOT + declared("error", "b", "B"))
    assert case.hear("left").last.incident


@pytest.mark.parametrize(
    ("interrupting", "open_now"), [("true", ["close"]), ("false", ["ask", "close"])]
)
def test_a_handler_waits_for_a_time(interrupting: str, open_now: list[str]) -> None:
    case = played(
        "start -> ask -> end", user("ask"), leaving(timer("PT1H"), interrupting=interrupting)
    )
    assert case.wait(hours=5).open == open_now


def test_a_handler_waits_for_a_condition() -> None:
    case = played("start -> ask -> end", user("ask"), leaving(condition("left = true")))
    assert case.send("correct", values={"/left": True}).open == ["close"]


def test_a_handler_started_in_one_case_does_not_change_the_next() -> None:
    parts = user("ask"), leaving(LEFT)
    played("start -> ask -> end", *parts, root=ROOT).hear("left")
    assert played("start -> ask -> end", *parts, root=ROOT).open == ["ask"]


def test_a_throw_that_ends_its_own_scope_goes_no_further() -> None:
    inner = sub(
        "inner",
        "start -> up -> never -> end",
        throw("up", event("escalation", "b")),
        script("never", "1"),
    )
    flows = "start -> inner -> end\nout -> after -> end"
    from tests.builders import boundary  # noqa: PLC0415

    out = boundary("out", "inner", event("escalation", "b"))
    case = played(flows, inner, out, user("after"), root=declared("escalation", "b", "B"))
    assert case.open == ["after"]
    assert "never" not in case.data
