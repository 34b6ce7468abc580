"""More of what plain SpiffWorkflow 3.2.0 does silently; each is mended beside its construct's tests."""

from __future__ import annotations

import pytest
from SpiffWorkflow.bpmn import BpmnEvent, BpmnWorkflow
from SpiffWorkflow.bpmn.specs.event_definitions import (
    MessageEventDefinition,
    SignalEventDefinition,
)

from tests.builders import (
    boundary,
    call,
    catch,
    condition,
    declared,
    end,
    event,
    handler,
    message,
    par,
    process,
    start,
    timer,
    user,
)
from tests.engine.spiff.plain import PlainCase, parsed, plain_case

ROOT = message("told")
TOLD = BpmnEvent(MessageEventDefinition("told"))


def tell(case: PlainCase) -> None:
    case.flow.send_event(TOLD)
    case.flow.do_engine_steps()


def test_a_condition_on_a_flow_out_of_a_task_is_ignored() -> None:
    case = plain_case("start -> ask -> never -> end if False", user("ask"), user("never"))
    assert case.do("ask").open() == ["never"]


def test_an_abstract_task_waits_like_a_person() -> None:
    assert plain_case("start -> note -> end", '<task id="note"/>').open() == ["note"]


def test_a_standard_duration_is_evaluated_as_python() -> None:
    with pytest.raises(Exception, match="PT5M"):
        plain_case("start -> nap -> end", catch("nap", timer("PT5M")))


def test_a_message_boundary_that_does_not_interrupt_fires_once() -> None:
    news = boundary("news", "ask", event("message", "told"), interrupting=False)
    parts = user("ask"), news, user("read"), end("known")
    case = plain_case("start -> ask -> end\nnews -> read -> known", *parts, root=ROOT)
    tell(case)
    with pytest.raises(Exception, match="not waiting"):
        tell(case)


def test_a_condition_is_not_judged_when_data_changes_elsewhere() -> None:
    parts = par("fork"), user("ask"), catch("ready", condition("x > 10")), user("go")
    case = plain_case(
        "start -> set -> fork\nfork -> ask -> end\nfork -> ready -> go -> end",
        '<scriptTask id="set"><script>x = 1</script></scriptTask>',
        *parts,
    )
    assert "go" not in case.do("ask", x=11).open()


def test_a_handler_that_started_in_one_case_changes_the_shared_diagram() -> None:
    begin = start("begin", event("message", "told"))
    case = plain_case(
        "start -> ask -> end",
        user("ask"),
        handler("h", "begin -> read -> end", begin, user("read")),
        root=ROOT,
    )
    before = len(BpmnWorkflow(case.flow.spec, case.flow.subprocess_specs).tasks)
    tell(case)
    after = len(BpmnWorkflow(case.flow.spec, case.flow.subprocess_specs).tasks)
    assert after > before


def test_two_timers_behind_an_event_gateway_tell_no_time() -> None:
    case = plain_case(
        "start -> first\nfirst -> one -> end\nfirst -> two -> end",
        "<eventBasedGateway id='first'/>",
        *(catch(name, timer(f'"PT{hours}H"')) for name, hours in (("one", 3), ("two", 2))),
    )
    (waits,) = case.flow.waiting_events()
    assert (waits.event_type, waits.value) == ("MultipleEventDefinition", None)


def test_a_failing_script_goes_past_its_error_boundary() -> None:
    work, bad = (
        '<scriptTask id="work"><script>1/0</script></scriptTask>',
        boundary("bad", "work", event("error", "x")),
    )
    root = declared("error", "x", "X")
    with pytest.raises(Exception, match="division by zero"):
        plain_case("start -> work -> end\nbad -> mend -> end", work, bad, user("mend"), root=root)


def test_a_handler_lives_on_when_its_sibling_interrupts() -> None:
    heard = start("heard", event("signal", "news"), isInterrupting="false")
    news = handler("news", "heard -> read -> end", heard, user("read"))
    left = start("left", event("message", "told"), isInterrupting="true")
    leaving = handler("leaving", "left -> close -> end", left, user("close"))
    root = ROOT + declared("signal", "news")
    case = plain_case("start -> ask -> end", user("ask"), news, leaving, root=root)
    case.flow.send_event(BpmnEvent(SignalEventDefinition("news")))
    tell(case)
    assert case.open() == ["ask", "close", "read"]


def test_an_assignment_of_a_data_association_is_ignored() -> None:
    into = "<assignment><from>a + 1</from><to>b</to></assignment>"
    inside = f"<dataInputAssociation>{into}</dataInputAssociation>"
    told = '<scriptTask id="set"><script>a = 1</script></scriptTask>', user("ask", inside)
    assert plain_case("start -> set -> ask -> end", *told).task("ask").data == {"a": 1}


def test_a_procedure_that_calls_itself_goes_on_and_on() -> None:
    spec = parsed(process("start -> again -> end", call("again", "p")))
    flow = BpmnWorkflow(*spec)

    def stop(_: object) -> None:
        if len(flow.subprocesses) > 60:
            raise TimeoutError

    with pytest.raises(TimeoutError):
        flow.do_engine_steps(will_complete_task=stop)
