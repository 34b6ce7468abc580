"""What a case does on the plain road: wait, go on, end; and what it refuses."""

from __future__ import annotations

from itertools import pairwise

import pytest

from engine.errors import Conflict, Invalid
from engine.spiff import read_state
from tests.builders import (
    boundary,
    end,
    event,
    handler,
    message,
    par,
    process,
    release,
    rule,
    script,
    service,
    start,
    sub,
    timer,
    user,
    xor,
)
from tests.engine.spiff.everything import play
from tests.playing import Played, played

ASK = ("start -> ask -> end", user("ask"))


def test_a_case_waits_for_a_person_and_ends() -> None:
    case = played(*ASK)
    assert case.open == ["ask"]
    case.do("ask", outcome="accept", dispute={"type": "noise"})
    assert case.last.ended
    assert case.data == {"dispute": {"type": "noise"}, "ask": {"outcome": "accept"}}
    assert case.passed("flow") == ["start__ask", "ask__end"]


def test_a_gateway_takes_the_first_true_flow() -> None:
    case = played(
        """start -> big
        big -> mediate if amount > 100
        big -> advise
        mediate -> end
        advise -> end""",
        xor("big", default="big__advise"),
        user("mediate"),
        user("advise"),
        amount=500,
    )
    assert case.open == ["mediate"]


def test_a_script_and_an_abstract_task_pass_without_a_person() -> None:
    case = played("start -> note -> sum -> end", '<task id="note"/>', script("sum", "1 + 1", "a.b"))
    assert case.last.ended
    assert case.data == {"a": {"b": 2}}


def test_a_service_task_leaves_an_effect_and_takes_its_result() -> None:
    numbered = service("number", "numbers.next", "dispute.number", series='"a" + "b"')
    case = played("start -> number -> end", numbered)
    (effect,) = case.last.effects
    assert (effect.operation, effect.params) == ("numbers.next", {"series": "ab"})
    assert case.effect("A-1").last.ended
    assert case.data == {"dispute": {"number": "A-1"}}


def test_candidates_come_from_feel() -> None:
    task = user("ask", ld_org='"org-" + unit', ld_person="null")
    (open_task,) = played("start -> ask -> end", task, unit="7").last.tasks
    assert (open_task.org, open_task.person) == ("org-7", "")


def test_the_state_says_what_pages_need() -> None:
    case = played("start -> inner -> end", sub("inner", "start -> ask -> end", user("ask")), a=1)
    state = read_state(case.last.state)
    assert state.tasks == case.last.tasks
    assert state.tasks[0].place.scope == "inner"
    assert state.data == {"a": 1}


def test_a_completed_task_is_refused() -> None:
    case = played("start -> ask -> then -> end", user("ask"), user("then"))
    done = case.task("ask")
    case.do("ask")
    with pytest.raises(Conflict, match="task_closed"):
        case.send("complete", done)


def test_nothing_happens_to_an_ended_case() -> None:
    case = played(*ASK).do("ask")
    with pytest.raises(Conflict, match="case_ended"):
        case.send("correct", values={"/a": 1})


def test_a_cancelled_case_ends_with_everything_in_it() -> None:
    case = played(*ASK).send("cancel")
    assert case.last.ended
    assert not case.last.tasks
    assert case.passed("cancelled") == ["ask"]


def test_an_unknown_verb_is_refused() -> None:
    with pytest.raises(Invalid, match="unknown_verb"):
        played(*ASK).send("dance")


def test_a_failing_step_moves_nothing_and_says_why() -> None:
    case = played("start -> ask -> which -> end\nwhich -> end if 1 > 2", user("ask"), xor("which"))
    before = case.state
    case.do("ask", a=1)
    assert case.last.incident
    assert case.last.incident.code == "no_flow"
    assert (case.last.state, case.open, case.data) == (before, ["ask"], {})


def test_a_mended_case_plays_the_held_input() -> None:
    case = played("start -> ask -> which -> end\nwhich -> end if x = 1", user("ask"), xor("which"))
    held = case.task("ask")
    assert case.do("ask").last.incident
    case.send("correct", values={"/x": 1})
    assert case.send("complete", held).last.ended


def test_a_missing_decision_is_an_incident() -> None:
    case = Played(release(process("start -> judge -> end", rule("judge", "dt", "x")))).start()
    assert case.last.incident
    assert case.last.incident.code == "no_decision"
    assert case.last.state == b""


def test_a_value_that_cannot_be_stored_is_an_incident() -> None:
    case = played("start -> odd -> end", script("odd", "function(x) x", "f"))
    assert case.last.incident
    assert case.last.incident.code == "value_unstorable"


def test_a_state_of_another_format_is_refused() -> None:
    for broken, code in ((b"\x63abc", "state_format"), (b"\x01abc", "state_broken")):
        with pytest.raises(Invalid, match=code):
            read_state(broken)


def test_ids_do_not_change_when_something_is_drawn_elsewhere() -> None:
    flows = "start -> fork\nfork -> a -> end\nfork -> b -> end"
    one = played(flows, par("fork"), user("a"), user("b"))
    late = (
        boundary("late", "a", timer("PT1H")),
        handler("h", "s -> e", start("s", timer("P1D")), end("e")),
    )
    other = played(flows + "\nlate -> end", par("fork"), user("a"), user("b"), *late)
    assert [task.id for task in one.last.tasks] == [task.id for task in other.last.tasks]


def test_a_message_starts_a_case_with_its_payload() -> None:
    begin = start("begin", event("message", "filed"), ld_result="claim")
    case = Played(
        release(process("begin -> ask -> end", begin, user("ask"), root=message("filed")))
    )
    case.send("start", payload={"sum": 5})
    assert case.data == {"claim": {"sum": 5}}


def test_a_chain_of_two_thousand_elements_runs() -> None:
    names = [f"n{i}" for i in range(2000)]
    flows = "\n".join(f"{a} -> {b}" for a, b in pairwise(["start", *names, "end"]))
    assert played(flows, *(f'<task id="{name}"/>' for name in names)).last.ended


def test_the_step_reads_no_clock_and_draws_no_random_number(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def never(*_: object) -> None:
        raise AssertionError("the step is pure")

    for name in ("time.time", "time.time_ns", "uuid.uuid4", "os.urandom", "random.random"):
        monkeypatch.setattr(name, never)
    monkeypatch.setattr("SpiffWorkflow.task.uuid4", never)
    assert play().last.ended
