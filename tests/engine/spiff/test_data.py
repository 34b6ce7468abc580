"""One context per case: what plain SpiffWorkflow loses, shares or cannot restore."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable

import pytest

from engine.spiff import read_state
from tests.builders import boundary, end, event, inc, message, par, script, sub, user
from tests.engine.spiff.plain import plain_case
from tests.playing import Played, played

SPLIT = """start -> init -> fork
fork -> a -> join
fork -> b -> join
join -> after -> end"""


def forked(gateway: Callable[[str], str] = par) -> Played:
    """Two people at work side by side."""
    tasks = user("a"), user("b"), user("after")
    return played(SPLIT, script("init", '"old"', "x"), gateway("fork"), gateway("join"), *tasks)


@pytest.mark.parametrize("order", ["ab", "ba"])
@pytest.mark.parametrize("gateway", [par, inc])
def test_a_join_keeps_what_every_branch_wrote(gateway: Callable[[str], str], order: str) -> None:
    case = forked(gateway)
    for name in order:
        case.do(name, **({"x": "new"} if name == "a" else {"y": 1}))
    assert case.data == {"x": "new", "y": 1}


@pytest.mark.parametrize("gateway", [par, inc])
def test_plain_spiffworkflow_loses_the_update(gateway: Callable[[str], str]) -> None:
    case = plain_case(
        SPLIT,
        script("init", 'x = "old"'),
        par("fork"),
        gateway("join"),
        user("a"),
        user("b"),
        user("after"),
    )
    case.do("a", x="new").do("b", y=1)
    assert case.task("after").data["x"] == "old"


def test_two_branches_writing_different_values_is_an_incident() -> None:
    case = forked().do("a", dispute={"type": "noise"})
    case.do("b", dispute={"type": "water"})
    assert case.last.incident
    assert case.last.incident.code == "data_conflict"
    assert case.last.incident.params == {"leaf": "/dispute/type", "one": "a", "other": "b"}
    assert case.last.incident.place == case.last.tasks[0].place


def test_two_branches_writing_the_same_value_agree() -> None:
    assert forked().do("a", x="same").do("b", x="same").open == ["after"]


def test_replacing_what_another_branch_wrote_below_is_a_conflict() -> None:
    case = forked().do("a", dispute={"type": "noise"})
    assert case.do("b", dispute={"place": "x"}).last.incident


def test_after_the_join_anybody_may_write() -> None:
    case = forked().do("a", x="one").do("b", y=1)
    assert case.do("after", x="two", y=2).last.ended
    assert case.data == {"x": "two", "y": 2}


def test_a_branch_that_ended_still_counts_as_concurrent() -> None:
    case = played(
        "start -> fork\nfork -> a -> end\nfork -> b -> end", par("fork"), user("a"), user("b")
    )
    assert case.do("a", x=1).do("b", x=2).last.incident


def test_two_of_three_branches_joined_are_still_beside_the_third() -> None:
    flows = """start -> fork
    fork -> a -> first
    fork -> b -> first
    first -> d -> last
    fork -> c -> last
    last -> end"""
    case = played(flows, par("fork"), par("first"), par("last"), *map(user, "abcd"))
    case.do("a", x=1).do("b").do("d", y=1)
    assert case.do("c", y=2).last.incident
    assert case.do("c", x=2).last.incident
    assert case.do("c", x=1).last.ended


def test_names_do_not_share_one_object() -> None:
    case = played(
        "start -> first -> copy -> change -> end",
        script("first", "{a: {b: 1}}", "one"),
        script("copy", "one", "other"),
        script("change", "2", "other.a.b"),
    )
    assert case.data == {"one": {"a": {"b": 1}}, "other": {"a": {"b": 2}}}


def test_plain_spiffworkflow_shares_nested_data() -> None:
    case = plain_case(
        "start -> first -> change -> ask -> end",
        script("first", 'x = {"y": {"z": 1}}'),
        script("change", 'x["y"]["z"] = 2'),
        user("ask"),
    )
    assert case.finished("first").data == {"x": {"y": {"z": 2}}}


def test_a_list_is_replaced_whole() -> None:
    case = played("start -> ask -> end", user("ask"), items=[1, 2, 3])
    assert case.do("ask", items=[4, 4, 1]).data["items"] == [4, 4, 1]


def test_plain_spiffworkflow_merges_lists_like_sets() -> None:
    case = plain_case("start -> ask -> end", user("ask"))
    assert case.merge({"items": [1, 2, 3]}, {"items": [4, 1, 1]})["items"] != [4, 1, 1]


def test_any_key_may_be_used_and_is_restored() -> None:
    odd = {"typename": "Car", "$n": "1", "data": {"typename": "x"}, "💥": None}
    case = played("start -> ask -> end", user("ask"), odd=odd)
    assert read_state(case.last.state).data["odd"] == odd
    assert case.do("ask").last.ended


def test_plain_spiffworkflow_cannot_load_the_key_typename() -> None:
    case = plain_case("start -> ask -> then -> end", user("ask"), user("then"))
    case.do("ask", car={"typename": "Car"})
    with pytest.raises((TypeError, ValueError, KeyError)):
        case.reload()


def test_the_order_of_stored_keys_means_nothing() -> None:
    case = forked().do("a", x="new")
    lines = zlib.decompress(case.last.state[1:]).splitlines()
    turned = [json.dumps(dict(reversed(json.loads(line).items()))) for line in lines]
    case.state = case.last.state[:1] + zlib.compress("\n".join(turned).encode())
    assert case.do("b", y=1).open == ["after"]
    assert case.data == {"x": "new", "y": 1}


def test_plain_spiffworkflow_loses_data_when_keys_are_sorted() -> None:
    case = plain_case("start -> ask -> then -> end", user("ask"), user("then"))
    kept = [case.do("ask", x=1).reload(sort_keys=True).task("then").data]
    for _ in range(20):  # its task ids are random, and their order decides
        case = plain_case("start -> ask -> then -> end", user("ask"), user("then"))
        kept.append(case.do("ask", x=1).reload(sort_keys=True).task("then").data)
    assert {} in kept


def test_a_sub_process_reads_and_writes_the_same_context() -> None:
    case = played(
        "start -> inner -> then -> end",
        sub("inner", "start -> twice -> end", script("twice", "n * 2", "n")),
        user("then"),
        n=2,
    )
    assert case.data == {"n": 4}


def test_values_may_be_written_inside_a_list() -> None:
    case = played("start -> ask -> end", user("ask"), people=[{"a": 1}])
    case.send("complete", case.task("ask"), values={"/people/0/b": "x", "/people/1": {"a": 2}})
    assert case.data["people"] == [{"a": 1, "b": "x"}, {"a": 2}]


@pytest.mark.parametrize("first", ["b", "news"])
def test_a_handler_beside_its_task_may_overwrite(first: str) -> None:
    flows = (
        "start -> fork\nfork -> a -> join\nfork -> b -> join\njoin -> end\nnews -> note -> noted"
    )
    news = boundary("news", "a", event("message", "told"), interrupting=False)
    parts = (
        par("fork"),
        par("join"),
        user("a"),
        user("b"),
        news,
        script("note", "1", "x"),
        end("noted"),
    )
    case = played(flows, *parts, root=message("told"))
    for one in (first, "news" if first == "b" else "b"):
        case.do("b", x=2) if one == "b" else case.hear("told")
        assert case.last.incident is None
