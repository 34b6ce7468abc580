"""Multi-instance and loop activities, and called procedures."""

from __future__ import annotations

import pytest

from tests.builders import (
    boundary,
    call,
    each,
    event,
    message,
    process,
    release,
    repeat,
    script,
    sub,
    user,
)
from tests.playing import Played, played

PARTIES = [{"name": "A"}, {"name": "B"}, {"name": "C"}]


def asked(*, sequential: bool = False, done: str = "") -> Played:
    loop = each("parties", "party", ("answer", "answers"), done, sequential)
    return played("start -> ask -> after -> end", user("ask", loop), user("after"), parties=PARTIES)


def test_everybody_is_asked_at_once() -> None:
    case = asked()
    assert [(t.place.item, t.local["party"]["name"]) for t in case.last.tasks] == [
        (0, "A"),
        (1, "B"),
        (2, "C"),
    ]
    case.do("ask", item=2, answer="no").do("ask", item=0, answer="yes").do(
        "ask", item=1, answer="no"
    )
    assert case.open == ["after"]
    assert case.data == {"parties": PARTIES, "answers": ["yes", "no", "no"]}


def test_one_is_asked_after_the_other() -> None:
    case = asked(sequential=True)
    for item, name in enumerate("ABC"):
        assert [(t.place.item, t.local["party"]["name"]) for t in case.last.tasks] == [(item, name)]
        case.do("ask", answer=name)
    assert case.data["answers"] == ["A", "B", "C"]


@pytest.mark.parametrize("sequential", [False, True])
def test_asking_stops_when_the_condition_holds(sequential: bool) -> None:
    case = asked(sequential=sequential, done='ask.outcome = "refuse"')
    case.do("ask", "accept", item=0, answer="yes").do("ask", "refuse", item=1, answer="no")
    assert case.open == ["after"]
    assert case.data["answers"] == ["yes", "no"]


def test_an_empty_list_asks_nobody() -> None:
    loop = each("parties", "party", ("answer", "answers"))
    case = played("start -> ask -> after -> end", user("ask", loop), user("after"), parties=[])
    assert case.open == ["after"]
    assert case.data["answers"] == []


def test_items_may_hold_null_and_repeat() -> None:
    case = played(
        "start -> ask -> end", user("ask", each("list", "x", sequential=True)), list=[None, 1, None]
    )
    for _ in range(3):
        case.do("ask")
    assert case.last.ended


def test_no_list_is_an_incident() -> None:
    case = played("start -> ask -> end", user("ask", each("nothing")))
    assert case.last.incident
    assert case.last.incident.code == "loop_no_list"


def test_a_number_of_times() -> None:
    loop = each(count="1 + 1", out=("loopCounter", "counts"))
    case = played("start -> ask -> end", user("ask", loop)).do("ask").do("ask")
    assert case.last.ended
    assert case.data["counts"] == [1, 2]


def test_two_items_writing_one_leaf_of_the_case_is_an_incident() -> None:
    case = asked().do("ask", item=0, answer=1, shared="x")
    assert case.do("ask", item=1, answer=1, shared="y").last.incident


def test_a_boundary_event_belongs_to_the_whole() -> None:
    flows = "start -> ask -> end\nleft -> close -> end"
    parts = (
        user("ask", each("parties", "p")),
        boundary("left", "ask", event("message", "left")),
        user("close"),
    )
    case = played(flows, *parts, root=message("left"), parties=PARTIES)
    assert len(case.last.subscriptions) == 1
    assert case.do("ask", item=1).hear("left").open == ["close"]


def test_a_repeated_sub_process_keeps_each_item_apart() -> None:
    body = script("greet", '"hello " + p.name', "text"), user("say")
    inner = sub(
        "inner",
        "start -> greet -> say -> end",
        *body,
        inside=each("parties", "p", ("text", "texts")),
    )
    case = played("start -> inner -> end", inner, parties=PARTIES)
    assert [t.local["text"] for t in case.last.tasks] == ["hello A", "hello B", "hello C"]
    for item in (1, 0, 2):
        case.do("say", "yes" if item else "no", item=item)
    assert case.last.ended
    assert case.data["texts"] == ["hello A", "hello B", "hello C"]


def test_a_thousand_items_at_once_finish() -> None:
    inner = script("twice", "x * 2", "y", each("for i in 1..1000 return i", "x", ("y", "ys")))
    case = played("start -> twice -> end", inner)
    assert case.last.ended
    assert case.data["ys"][-1] == 2000


def test_a_loop_repeats_while_its_condition_holds() -> None:
    case = played("start -> ask -> end", user("ask", repeat("more = true")))
    case.do("ask", more=True).do("ask", more=True).do("ask", more=False)
    assert case.last.ended
    assert [
        t.item for t in (p.place for p in case.trace if p.what == "done") if t.element == "ask"
    ] == [0, 1, 2, None]


@pytest.mark.parametrize(
    ("loop", "times"), [(repeat(maximum="3"), 3), (repeat("false"), 1), (repeat("false", True), 0)]
)
def test_how_often_a_loop_runs(loop: str, times: int) -> None:
    case = played("start -> count -> end", script("count", "n + 1", "n", loop), n=0)
    assert case.data["n"] == times


SESSION = process("start -> meet -> end", user("meet"), id="session")


def calling(inside: str = "", **values: object) -> Played:
    flows = "start -> talk -> after -> end"
    xml = process(flows, call("talk", "session", inside), user("after"))
    return Played(release(xml, {"call/session/process.bpmn": SESSION})).start(**values)


def test_a_called_procedure_is_the_same_case() -> None:
    case = calling(a=1)
    assert (case.open, case.last.tasks[0].place.scope) == (["meet"], "talk")
    assert case.do("meet", "held", b=2).open == ["after"]
    assert case.data == {"a": 1, "b": 2, "meet": {"outcome": "held"}}


def test_data_associations_seal_a_called_procedure() -> None:
    inside = (
        "<dataInputAssociation><assignment><from>a + 1</from><to>b</to></assignment></dataInputAssociation>"
        "<dataOutputAssociation><assignment><from>c</from><to>kept.c</to></assignment></dataOutputAssociation>"
    )
    case = calling(inside, a=1)
    assert case.last.tasks[0].local == {"b": 2}
    assert case.do("meet", a=7, c=8).data == {"a": 1, "kept": {"c": 8}}


def test_a_missing_callee_is_refused() -> None:
    xml = process("start -> talk -> end", call("talk", "nothing"))
    with pytest.raises(Exception, match="no_process"):
        Played(release(xml)).start()


def test_a_procedure_that_calls_itself_is_an_incident() -> None:
    own = process("start -> again -> end", call("again", "p"))
    case = Played(release(own, {"call/p/process.bpmn": own})).start()
    assert case.last.incident
    assert case.last.incident.code == "calls_too_deep"


def test_a_loop_may_ask_what_was_chosen_last() -> None:
    case = played("start -> ask -> end", user("ask", repeat('ask.outcome = "again"')))
    assert case.do("ask", "again").open == ["ask"]
    assert case.do("ask", "enough").last.ended
    assert case.data == {"ask": {"outcome": "enough"}}


def test_an_assignment_gives_one_task_data_of_its_own() -> None:
    into = "<assignment><from>a + 1</from><to>b</to></assignment>"
    out = "<assignment><from>b * 2 + 0 * string length(ask.outcome)</from><to>c</to></assignment>"
    inside = f"<dataInputAssociation>{into}</dataInputAssociation>"
    inside += f"<dataOutputAssociation>{out}</dataOutputAssociation>"
    case = played("start -> ask -> end", user("ask", inside), a=1)
    assert case.last.tasks[0].local == {"b": 2}
    assert case.do("ask", "done", b=5).data == {"a": 1, "ask": {"outcome": "done"}, "c": 10}


def test_what_repeats_may_call_a_procedure() -> None:
    flows, loop = "start -> talk -> end", each("parties", "p", ("meet.outcome", "met"))
    files = {"call/session/process.bpmn": SESSION}
    case = Played(release(process(flows, call("talk", "session", loop)), files)).start(
        parties=PARTIES
    )
    for item in (2, 1, 0):
        case.do("meet", f"held {item}", item=item)
    assert case.data["met"] == ["held 0", "held 1", "held 2"]
