"""The second pure function: a case goes on under another release, everything that waits as it stands.

Only where each live token finds its element again by id: the same type, scope, repetition, boundary
events and handlers. Timers keep their start, tasks their candidates, drafts and items; clocks run on.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from engine.diagram import MultiInstance
from engine.errors import Conflict
from engine.model import Facts, Input, Outcome, Release

from .outcome import outcome
from .program import Program, program_of
from .run import Run
from .state import load
from .tokens import ROOT, Scope, Token


@dataclass(frozen=True, slots=True)
class Misfit:
    """Why a case cannot be moved: a code of texts/moving.toml, and the element (or rule) it is about."""

    code: str
    element: str


def misfit(old: Release, new: Release, facts: Facts, state: bytes, cause: Input) -> Misfit | None:
    """The first thing that has no counterpart in the new release; None: it can be moved."""
    run = load(program_of(old), facts, cause, state)
    return next(_misfits(run, program_of(new)), None)


def move(old: Release, new: Release, facts: Facts, state: bytes, cause: Input) -> Outcome:
    """The case on the new release. Pure. Raises Conflict with a Misfit's code, or case_ended."""
    run = load(program_of(old), facts, cause, state)
    if run.has_ended:
        raise Conflict("case_ended")
    wrong = next(_misfits(run, program_of(new)), None)
    if wrong:
        raise Conflict(wrong.code, element=wrong.element)
    return outcome(load(program_of(new), facts, cause, state))


def _misfits(run: Run, program: Program) -> Iterator[Misfit]:
    specs: dict[int, Any] = {ROOT: program.main}
    for scope in run.top.scopes():
        key = ROOT if scope is run.top else scope.host.id
        yield from _of_scope(scope, specs[key], specs)
    for clock in run.periods.clocks:
        if clock.ended_at is None and clock.rule not in program.rules:
            yield Misfit("move_rule_gone", clock.rule)


def _of_scope(scope: Scope, spec: Any, specs: dict[int, Any]) -> Iterator[Misfit]:
    """Fills ``specs`` with the new specs of the scopes inside, by the token that holds them."""
    if _handlers(scope.spec) != _handlers(spec):
        yield Misfit("move_handlers", scope.place.rpartition("/")[2] or spec.name)
    for token in scope.tokens():
        name = token.task_spec.name
        counterpart = spec.task_specs.get(name)
        code = _differs(token, counterpart)
        if code:
            yield Misfit(code, name)
            return  # what is inside it has no place to be looked for
        specs[token.id] = counterpart.inner


def _differs(token: Token, new: Any) -> str:
    """The code of the first difference between a token's element and its counterpart; "" for none."""
    if new is None:
        return "move_element_gone"
    if "race" in token.note and token.note["came"] not in _flows(new):
        return "move_join"
    return next((code for code, of in ALIKE.items() if of(token.task_spec) != of(new)), "")


def _kind(spec: Any) -> tuple[str, ...]:
    return (spec.node.type, spec.within)


def _repeats(spec: Any) -> tuple[Any, ...]:
    loop = spec.node.loop
    return (type(loop), isinstance(loop, MultiInstance) and loop.sequential)


def _waits_for(spec: Any) -> tuple[str, ...]:
    event = spec.event
    return (event.kind, event.name, event.code, event.clock) if event else ()


def _events(specs: Any) -> set[tuple[Any, ...]]:
    return {(one.name, one.node.interrupting, *_waits_for(one)) for one in specs}


def _handlers(spec: Any) -> set[tuple[Any, ...]]:
    return {(one.within, *key) for one in spec.handlers for key in _events([one])}


def _boundary(spec: Any) -> set[tuple[Any, ...]]:
    return _events(spec.boundary)


def _arriving(spec: Any) -> frozenset[str]:
    return frozenset(spec.node.incoming if spec.joins else ())


def _work(spec: Any) -> tuple[str, ...]:
    return (spec.node.operation, spec.node.called)


ALIKE = {
    "move_type": _kind,
    "move_repeats": _repeats,
    "move_boundary": _boundary,
    "move_event": _waits_for,
    "move_join": _arriving,
    "move_work": _work,
}
"""What must be the same of an element that a token waits at, with the code of its difference."""


def _flows(spec: Any) -> set[str]:
    """Every flow of the scope that an element lies in."""
    return {flow.id for one in spec._wf_spec.task_specs.values() for flow in one.flows}
