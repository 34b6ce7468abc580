"""Soundness: each kind of fault is found with the way to it, what is sound is said to be, and no more."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings

from engine.checks.soundness import Proof, prove
from engine.diagram import read_diagram
from tests.builders import (
    boundary,
    declared,
    end,
    event,
    inc,
    link,
    par,
    process,
    sub,
    throw,
    timer,
    user,
    xor,
)
from tests.engine.spiff.test_any_process import BLOCK, Block, Sketch, draw

BPMN = Path(__file__).parents[3] / "bpmn"
PROCEDURES = sorted(one.parent.name for one in BPMN.glob("*/process.bpmn"))


def proved(flows: str, *parts: str, root: str = "", most: int = 20_000) -> Proof:
    return prove(read_diagram(process(flows, *parts, root=root)), most)


def faults(flows: str, *parts: str, root: str = "") -> list[tuple[str, str]]:
    return [(one.kind, one.element) for one in proved(flows, *parts, root=root).faults]


@pytest.mark.parametrize("procedure", PROCEDURES)
def test_every_bundled_procedure_is_proved_sound(procedure: str) -> None:
    proof = prove(read_diagram((BPMN / procedure / "process.bpmn").read_bytes()))
    assert proof.is_sound, proof.faults


@settings(max_examples=40, deadline=None)
@given(block=BLOCK)
def test_whatever_is_well_nested_gives_no_alarm(block: Block) -> None:
    sketch = Sketch()
    begin, stop = draw(sketch, block, 1)
    lines = "\n".join([f"start -> {begin}", *sketch.flows, f"{stop} -> end"])
    proof = proved(lines, *sketch.parts)
    assert proof.is_sound, proof


def test_one_arm_of_a_choice_never_fills_a_parallel_join() -> None:
    proof = proved(
        "start -> x -> a -> j -> end\nx -> b -> j", xor("x"), user("a"), user("b"), par("j")
    )
    assert [(one.kind, one.element, one.path) for one in proof.faults] == [
        ("deadlock", "j", ("start", "x", "a", "j"))
    ]


def test_two_parallel_ways_that_meet_in_a_choice_do_the_rest_twice() -> None:
    found = faults(
        "start -> s -> a -> m -> c -> end\ns -> b -> m", par("s"), xor("m"), *map(user, "abc")
    )
    assert found == [("unsynchronised", "m")]


def test_two_ways_of_different_length_are_seen_to_meet() -> None:
    flows = "start -> s -> a -> b -> c -> last -> end\ns -> last"
    assert ("unsynchronised", "last") in faults(
        flows, par("s"), *map(user, ("a", "b", "c", "last"))
    )


def test_a_split_that_ends_once_for_each_way_is_told() -> None:
    assert faults("start -> s -> a -> end\ns -> b -> end", par("s"), *map(user, "ab")) == [
        ("completion", "end")
    ]


def test_ends_of_their_own_are_sound() -> None:
    flows = "start -> s -> a -> end\ns -> b -> other"
    assert not faults(flows, par("s"), *map(user, "ab"), end("other"))


def test_an_inclusive_join_waits_for_what_can_still_come() -> None:
    flows = "start -> s\ns -> a if x\ns -> b if y\na -> j\nb -> j -> end"
    assert proved(flows, inc("s"), inc("j"), *map(user, "ab")).is_sound


def test_a_reminder_that_does_not_interrupt_is_sound_beside_its_task() -> None:
    flows = "start -> a -> x -> end\nx -> a\nlate -> remind -> told"
    late = boundary("late", "a", timer("P1D"), interrupting=False)
    assert proved(flows, user("a"), late, user("remind"), xor("x"), end("told")).is_sound


def test_a_reminder_that_joins_the_main_course_would_do_it_twice() -> None:
    flows = "start -> a -> b -> end\nlate -> b"
    late = boundary("late", "a", timer("P1D"), interrupting=False)
    assert ("unsynchronised", "b") in faults(flows, user("a"), late, user("b"))


def test_a_way_that_a_deadline_leaves_starves_the_join() -> None:
    flows = "start -> s -> a -> j -> end\ns -> b -> j\nlate -> over"
    late = boundary("late", "a", timer("P1D"))
    assert ("deadlock", "j") in faults(
        flows, par("s"), par("j"), user("a"), user("b"), late, end("over")
    )


def test_a_terminating_end_takes_the_other_ways_with_it() -> None:
    flows = "start -> s -> a -> j -> end\ns -> x -> j\nx -> over"
    parts = (par("s"), par("j"), user("a"), xor("x"), end("over", event("terminate")))
    assert proved(flows, *parts).is_sound


def test_an_error_that_nothing_throws_is_never_caught() -> None:
    root = declared("error", "gone", "GONE") + declared("error", "lost", "LOST")
    inner = sub("s", "start -> t -> bad", user("t"), end("bad", event("error", "gone")))
    caught = boundary("caught", "s", event("error", "lost"))
    found = faults("start -> s -> end\ncaught -> mended", inner, caught, user("mended"), root=root)
    assert ("dead", "caught") in found
    assert ("dead", "mended") in found


def test_a_fault_inside_a_sub_process_is_found_there() -> None:
    inner = sub(
        "s", "start -> x -> a -> j -> end\nx -> b -> j", xor("x"), par("j"), *map(user, "ab")
    )
    assert faults("start -> s -> end", inner) == [("deadlock", "j")]


def test_links_carry_the_token_on() -> None:
    caught = f'<intermediateCatchEvent id="in">{link("L")}</intermediateCatchEvent>'
    assert proved(
        "start -> out\nin -> a -> end", throw("out", link("L")), caught, user("a")
    ).is_sound


def test_what_is_too_large_is_never_called_sound() -> None:
    flows = "\n".join(
        f"start -> s -> a{n} -> j -> end" if n == 0 else f"s -> a{n} -> j" for n in range(9)
    )
    big = proved(flows, par("s"), par("j"), *(user(f"a{n}") for n in range(9)), most=5)
    assert (big.is_sound, big.undecided) == (False, ("p",))


def test_many_ways_at_once_stay_few_markings() -> None:
    flows = "start -> s\nj -> end\n" + "\n".join(
        f"s -> x{n} -> j\nx{n} -> y{n} -> x{n}" for n in range(12)
    )
    parts = [part for n in range(12) for part in (xor(f"x{n}"), user(f"y{n}"))]
    proof = proved(flows, par("s"), par("j"), *parts)
    assert proof.is_sound
    assert proof.states < 500
