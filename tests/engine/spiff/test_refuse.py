"""What the step does not run rightly is refused, element by element, in both languages."""

from __future__ import annotations

import pytest

from engine.diagram import read_diagram
from engine.spiff.refuse import refusals
from engine.texts import text
from tests.builders import (
    boundary,
    catch,
    each,
    element,
    end,
    event,
    handler,
    link,
    message,
    par,
    process,
    repeat,
    script,
    start,
    sub,
    throw,
    timer,
    user,
    xor,
)
from tests.engine.spiff.everything import drawn

ON_ASK = "start -> ask -> end\nx -> end"
THROUGH = "start -> x -> end"

REFUSED = [
    ("element_refused", THROUGH, "<complexGateway id='x'/>"),
    ("element_refused", THROUGH, "<adHocSubProcess id='x'/>"),
    ("event_refused", THROUGH, throw("x", "<compensateEventDefinition/>")),
    ("event_refused", ON_ASK, user("ask") + boundary("x", "ask", "<compensateEventDefinition/>")),
    ("event_refused", "start -> x", end("x", "<compensateEventDefinition/>")),
    ("event_refused", THROUGH, throw("x", timer("PT1H"))),
    ("event_missing", THROUGH, catch("x", "")),
    ("event_multiple", THROUGH, catch("x", timer("PT1H") + timer("PT2H"))),
    ("timer_empty", THROUGH, catch("x", "<timerEventDefinition/>")),
    ("timer_unreadable", THROUGH, catch("x", timer("PT1H30"))),
    ("timer_unreadable", THROUGH, catch("x", timer("PT1H", "timeDate"))),
    ("timer_cycle_refused", THROUGH, catch("x", timer("R3/PT1H", "timeCycle"))),
    ("event_must_interrupt", ON_ASK, user("ask") + boundary("x", "ask", event("error"), False)),
    ("cancel_outside_transaction", ON_ASK, user("ask") + boundary("x", "ask", event("cancel"))),
    ("cancel_outside_transaction", "start -> x", end("x", event("cancel"))),
    ("boundary_host", ON_ASK, xor("ask") + boundary("x", "ask", timer("PT1H"))),
    ("start_missing", "x -> end", user("x")),
    ("start_missing", THROUGH, element("subProcess", "x", user("in"))),
    ("start_several", "start -> end\nx -> end", start("x")),
    ("flow_without_condition", "start -> x\nx -> end if a\nx -> b", xor("x") + end("b")),
    ("flow_condition_refused", "start -> x\nx -> end if a\nx -> b", par("x") + end("b")),
    ("event_gateway_target", "start -> x\nx -> a -> end", "<eventBasedGateway id='x'/>" + user("a")),
    ("link_ends", "start -> x", throw("x", link("nowhere"))),
    ("loop_without_count", THROUGH, user("x", each())),
    ("loop_output_half", THROUGH, user("x", each("a", out=("b", "")))),
    ("loop_without_end", THROUGH, user("x", repeat())),
    ("handler_with_flow", THROUGH, handler("x", "s -> e", start("s", timer("PT1H")), end("e"))),
    ("event_missing", "start -> end", handler("x", "s -> e", start("s"), end("e"))),
    ("event_refused", THROUGH, sub("x", "s -> e", start("s", timer("PT1H")), end("e"))),
    ("event_refused", "x -> end", start("x", timer("PT1H"))),
    ("message_missing", THROUGH, "<receiveTask id='x'/>"),
    ("script_refused", THROUGH, "<scriptTask id='x' scriptFormat='python'><script>1</script></scriptTask>"),
    ("script_empty", THROUGH, script("x", "")),
    ("script_empty", THROUGH, "<businessRuleTask id='x'/>"),
    ("instantiate_refused", THROUGH, element("receiveTask", "x", instantiate="true", messageRef="m")),
]  # fmt: skip


@pytest.mark.parametrize(("code", "flows", "part"), REFUSED)
def test_what_is_refused_says_so_in_both_languages(code: str, flows: str, part: str) -> None:
    found = [
        one
        for one in refusals(read_diagram(process(flows, part, root=message("m"))))
        if one.code == code
    ]
    assert found
    for lang in ("zh", "en"):
        assert text(code, lang, found[0].params)
        assert text(f"{code}_hint", lang, found[0].params)


def test_what_runs_is_not_refused() -> None:
    assert refusals(read_diagram(drawn())) == []
