"""What a case does on the plain road: wait, go on, end; and what it refuses."""

from __future__ import annotations

import pytest

from engine.errors import Conflict, Invalid
from engine.spiff import read_state
from tests.builders import Played, played, process, release, rule, script, service, sub, user, xor

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
