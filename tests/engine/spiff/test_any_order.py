"""Whatever happens in whatever order to the case that has everything: it stays whole."""

from __future__ import annotations

from datetime import timedelta
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import Conflict, Invalid
from engine.spiff import read_state
from tests.engine.spiff.everything import begun
from tests.playing import Played, feel

PAYLOADS = (None, 1, "x", {"sum": 5}, [1])


def happen(case: Played, choose: Random) -> None:
    """Something that people, services, time or other cases could do now."""
    value = feel(choose.choice(PAYLOADS))
    last = case.last
    ids = [one.id for one in (*last.tasks, *last.effects, *last.timers)] or ["nothing"]
    verb, data = choose.choice(
        [
            ("complete", {"values": {f"/{choose.choice('abn')}": value}, "outcome": "yes"}),
            ("complete", {"values": {"/amount": feel(choose.choice([1, 50, 500]))}}),
            ("complete", {}),
            ("effect_returned", {"result": value}),
            ("effect_failed", {"error": choose.choice(["B", "X"]), "reason": "because"}),
            ("fire", {}),
            ("message", {"name": "paid", "key": choose.choice(["k5", "k1", ""]), "payload": value}),
            ("signal", {"name": "all", "payload": value}),
            ("facts_changed", {}),
            ("clock_paused", {"rule": "accept"}),
            ("clock_resumed", {"rule": "accept"}),
            ("correct", {"values": {"/withdrawn": choose.random() < 0.05}}),
        ]
    )
    case.now += timedelta(hours=choose.randrange(40))
    if verb == "fire" and last.timers:
        timer = min(last.timers, key=lambda one: one.due)
        case.now, ids = max(case.now, timer.due), [timer.id]
    case.send(verb, choose.choice(ids), **data)


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_a_case_stays_whole_whatever_happens(seed: int) -> None:
    case, choose = begun(), Random(seed)
    for _ in range(40):
        if case.last.ended:
            break
        try:
            happen(case, choose)
        except (Conflict, Invalid):
            continue
        seen = read_state(case.last.state)
        assert (seen.tasks, seen.timers, seen.data) == (
            case.last.tasks,
            case.last.timers,
            case.last.data,
        )
        assert case.last.ended or seen.tasks or seen.timers or seen.effects or seen.subscriptions
    assert case.again().state == case.state
