"""The pure step: one input moves one case from one state to the next."""

from __future__ import annotations

from engine.errors import Conflict, EngineError, Invalid
from engine.model import Facts, Incident, Input, Outcome, Place, Release

from .driving import drive
from .outcome import State, outcome, unmoved
from .program import Program, program_of
from .run import Run
from .state import load_plain, unpack
from .tokens import Token
from .verbs import VERBS, Verb

STEP = 3
"""Raised by every change that alters an outcome; the old way stays behind ``step < n``.

2: the clocks of a multi-instance activity's items are kept apart.
3: a case moved to another release takes its candidates and its periods (moving.py).
"""


def advance(
    release: Release, facts: Facts, state: bytes | State | None, cause: Input, step: int = STEP
) -> Outcome:
    """Play one input. Pure: the same arguments give the same outcome, byte for byte.

    Raises Conflict when the input came too late or too early (task_closed, timer_not_waiting,
    timer_not_due, effect_not_open, nobody_waits, clock_not_running, case_ended, case_started) and
    Invalid when it makes no sense (unknown_verb, pointer_malformed, ...). What fails on the way
    gives an outcome with ``incident``, the old state and all that was open before: the input waits
    to be played again. ``state``: the stored bytes, or what was read of them already. ``step`` is the
    STEP of a recorded input that is played again.
    """
    program = program_of(release)
    verb = VERBS.get(cause.verb)
    if verb is None:
        raise Invalid("unknown_verb", verb=cause.verb)
    before = read_state(state) if isinstance(state, bytes) and state else state or None
    run = _begin(program, facts, before, cause)
    run.periods.keeps_items_apart = step >= 2
    if run.has_ended:
        raise Conflict("case_ended")
    try:
        return _play(run, verb)
    except Failure as failure:
        return unmoved(before, failure.incident)


def read_state(state: bytes) -> State:
    """What a stored case holds. Invalid (state_format, state_broken)."""
    return State(unpack(state), state)


class Failure(Exception):
    """The input is sound, but playing it failed."""

    def __init__(self, incident: Incident) -> None:
        super().__init__(incident.code)
        self.incident = incident


def _begin(program: Program, facts: Facts, before: State | None, cause: Input) -> Run:
    if before is None:
        return Run(program, facts, cause)
    return load_plain(program, facts, cause, before.plain, before.data)


def _play(run: Run, verb: Verb) -> Outcome:
    token = verb.find(run)
    try:
        verb.act(run, token)
        drive(run)
        return outcome(run)  # a value that cannot be stored fails here
    except EngineError as error:
        raise Failure(Incident(error.code, _where(run, token), error.params)) from error


def _where(run: Run, token: Token | None) -> Place | None:
    """Where a step failed: at the last thing that happened, else at what the input answers."""
    if run.trace and run.trace[-1].place.element:
        return run.trace[-1].place
    return run.place(token) if token else None
