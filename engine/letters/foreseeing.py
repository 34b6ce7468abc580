"""What completing a task would issue: played on the pure step with stand-ins for numbers, kept nowhere."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from engine.letters.making import RECORD
from engine.model import Data, Effect, Facts, Input, Outcome, Release
from engine.scenario.answers import Answers
from engine.spiff import advance

MOST = 30
"""Effects in a row after one input; more would be a loop, which is another check's business."""
STAND_IN = {"number": "（签发时编号）", "series": "", "year": 0, "org": "", "counter": 0}


@dataclass(frozen=True, slots=True)
class Foreseen:
    """One document on its way: its recording effect and the case's data at that moment."""

    effect: Effect
    data: Data


def foresee(
    release: Release, facts: Facts, state: bytes, cause: Input, org: str = ""
) -> Iterator[Foreseen]:
    """Every document that follows from an input before anybody else has to act. Pure."""
    told = {"numbers.next": STAND_IN, "court.number": {**STAND_IN, "source": "TYPED", "reason": ""}}
    answers = Answers(told, org, cause.at)
    outcome = advance(release, facts, state, cause)
    for seq in range(cause.seq + 1, cause.seq + MOST):
        effect = _next(outcome, answers)
        if effect is None:
            return
        if effect.operation == RECORD:
            yield Foreseen(effect, outcome.data)
        data = {"result": answers.give(effect)}
        back = Input(
            cause.case, seq, "effect_returned", cause.received_at, cause.at, effect.id, data
        )
        outcome = advance(release, facts, outcome.state, back)


def _next(outcome: Outcome, answers: Answers) -> Effect | None:
    if outcome.incident:
        return None
    return next((one for one in outcome.effects if answers.knows(one)), None)
