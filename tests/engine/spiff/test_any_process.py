"""Any well-nested process, worked off in any order: every task is done as often as drawn, nothing is lost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.builders import inc, par, process, release, script, sub, user, xor
from tests.playing import Played


@dataclass
class Sketch:
    """A process being drawn: its parts and flows, and how often each task must be done."""

    parts: list[str] = field(default_factory=list)
    flows: list[str] = field(default_factory=list)
    wanted: Counter[str] = field(default_factory=Counter)
    count: int = 0

    def fresh(self, kind: str) -> str:
        self.count += 1
        return f"{kind}{self.count}"


Block = tuple  # (kind, argument, inner blocks)


def draw(sketch: Sketch, block: Block, times: int) -> tuple[str, str]:
    """Draw a block; the names of its first and last element."""
    kind, argument, inner = block
    return DRAW[kind](sketch, argument, inner, times)


def draw_task(sketch: Sketch, _: int, __: list[Block], times: int) -> tuple[str, str]:
    name = sketch.fresh("t")
    sketch.parts.append(user(name))
    sketch.wanted[name] += times
    return name, name


def draw_chain(sketch: Sketch, _: int, inner: list[Block], times: int) -> tuple[str, str]:
    ends = [draw(sketch, one, times) for one in inner]
    sketch.flows += [f"{a[1]} -> {b[0]}" for a, b in pairwise(ends)]
    return ends[0][0], ends[-1][1]


def draw_split(
    gateway: Callable[[str], str], taken: Callable[[int, int], bool], is_conditional: bool
) -> Callable[..., tuple[str, str]]:
    def one(sketch: Sketch, choice: int, inner: list[Block], times: int) -> tuple[str, str]:
        first, last = sketch.fresh("g"), sketch.fresh("g")
        sketch.parts += [gateway(first), gateway(last)]
        for at, block in enumerate(inner):
            goes = taken(at, choice)
            begin, stop = draw(sketch, block, times if goes else 0)
            feel = (" if true" if goes else " if false") if is_conditional else ""
            sketch.flows += [f"{first} -> {begin}{feel}", f"{stop} -> {last}"]
        return first, last

    return one


def draw_loop(sketch: Sketch, rounds: int, inner: list[Block], times: int) -> tuple[str, str]:
    zero, meet, count, more = (sketch.fresh(kind) for kind in ("z", "m", "c", "x"))
    begin, stop = draw(sketch, inner[0], times * (rounds + 1))
    sketch.parts += [script(zero, "0", count), xor(meet), xor(more, default=f"{more}__{more}o")]
    sketch.parts += [script(count, f"{count} + 1", count), f'<task id="{more}o"/>']
    sketch.flows += [f"{zero} -> {meet} -> {begin}", f"{stop} -> {count} -> {more} -> {more}o"]
    sketch.flows.append(f"{more} -> {meet} if {count} <= {rounds}")
    return zero, f"{more}o"


def draw_sub(sketch: Sketch, _: int, inner: list[Block], times: int) -> tuple[str, str]:
    name, own = sketch.fresh("s"), Sketch(count=sketch.count)
    begin, stop = draw(own, inner[0], times)
    lines = "\n".join([f"start -> {begin}", *own.flows, f"{stop} -> end"])
    sketch.parts.append(sub(name, lines, *own.parts))
    sketch.wanted += own.wanted
    sketch.count = own.count
    return name, name


DRAW = {
    "task": draw_task,
    "chain": draw_chain,
    "all": draw_split(par, lambda at, choice: True, False),
    "one": draw_split(xor, lambda at, choice: at == choice % 2, True),
    "some": draw_split(inc, lambda at, choice: bool((choice + 1) >> at & 1), True),
    "loop": draw_loop,
    "sub": draw_sub,
}
TASK = st.just(("task", 0, []))
BLOCK = st.recursive(
    TASK,
    lambda inner: st.one_of(
        st.tuples(st.just("chain"), st.just(0), st.lists(inner, min_size=1, max_size=3)),
        st.tuples(st.sampled_from(["all", "one", "some"]), st.integers(0, 2),
                  st.lists(inner, min_size=2, max_size=2)),
        st.tuples(st.sampled_from(["loop", "sub"]), st.integers(0, 2),
                  st.lists(inner, min_size=1, max_size=1)),
    ),
    max_leaves=8,
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(block=BLOCK, seed=st.integers(0, 999))
def test_any_process_does_what_is_drawn(block: Block, seed: int) -> None:
    sketch = Sketch()
    begin, stop = draw(sketch, block, 1)
    lines = "\n".join([f"start -> {begin}", *sketch.flows, f"{stop} -> end"])
    case = Played(release(process(lines, *sketch.parts))).start()
    choose = Random(seed)
    while not case.last.ended:
        assert case.last.incident is None
        name = choose.choice(case.open)
        case.do(name, **{name: {"by": "somebody"}})
    done = Counter(name for name in case.passed("done") if name.startswith("t"))
    assert done == +sketch.wanted
    assert {name for name in case.data if name.startswith("t")} == set(done)
    assert case.again().state == case.state
