"""The second pure function: a case goes on under another release, everything that waits as it stands.

Only where each live token finds its element again, by id or by the names the input brings: the same
type, scope, repetition, boundary events and handlers. Timers keep their start, drafts and items stay;
since STEP 3 tasks take the candidates and clocks the rules and marks of the new release.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.diagram import MultiInstance
from engine.errors import Conflict, EngineError
from engine.model import Facts, Input, Outcome, Release

from . import events
from .ahead import end_forlorn, endable
from .outcome import outcome
from .program import Program, program_of
from .renaming import Names, path, renamed
from .run import Run
from .state import load, load_plain, unpack
from .tokens import ROOT, Scope, Token

Both = tuple[Release, Release]
"""The release a case is on and the one it goes to."""
TAKES_NEW = 3
"""The STEP from which a moved case takes candidates and clocks of its new release."""


@dataclass(frozen=True, slots=True)
class Misfit:
    """Why a case cannot be moved: a code, the element (or rule) it is about, and what else is told."""

    code: str
    element: str
    params: Mapping[str, Any] = field(default_factory=dict)


def misfit(both: Both, facts: Facts, state: bytes, cause: Input) -> Misfit | None:
    """The first thing that keeps a case on its release; None: ``move`` goes through."""
    try:
        move(both, facts, state, cause)
    except EngineError as refused:
        return Misfit(refused.code, str(refused.params.get("element", "")), refused.params)
    return None


def move(both: Both, facts: Facts, state: bytes, cause: Input, step: int = TAKES_NEW) -> Outcome:
    """The case on the new release. Pure. ``cause.data["names"]``: renamed paths with their new ids.

    Raises Conflict with a Misfit's code, or case_ended; Invalid where new candidates cannot be told.
    """
    old, new = map(program_of, both)
    names = cause.data.get("names", {})
    run = load(old, facts, cause, state)
    if run.has_ended:
        raise Conflict("case_ended")
    wrong = next(_Fit(run, new, names).misfits(), None)
    if wrong:
        raise Conflict(wrong.code, element=wrong.element)
    moved = load_plain(new, facts, cause, renamed(unpack(state), names))
    if step >= TAKES_NEW:
        _take_new(run, moved)
    return outcome(moved)


def _take_new(old: Run, new: Run) -> None:
    """Candidates and clocks as the new release has them; what something ended before ends if nothing does."""
    ended_before = [old.periods.clocks.index(one) for one in endable(old)]
    new.periods.recompute()
    end_forlorn(new, [new.periods.clocks[n] for n in ended_before])
    was = {token.id: token for token in old.live(lambda _: True)}
    for token in new.live(lambda one: one.role != "event"):
        if token.is_task:
            token.task_spec.address(new, token)
        if token.role != "item" and not token.task_spec.joins:
            _begin_clocks(new, token, was[token.id].task_spec)
    if new.periods.is_changed:
        events.follow_clocks(new)


def _begin_clocks(run: Run, token: Token, before: Any) -> None:
    """A period that only the new release begins on entering the step begins with the move."""
    had = {mark.rule for mark in before.node.clocks if mark.starts == "enter"}
    fresh = [m for m in token.task_spec.node.clocks if m.starts == "enter" and m.rule not in had]
    for mark in fresh:
        run.periods.begin(run, token, mark)


class _Fit:
    """A case beside the program it shall go to; ``names``: what bears another id there."""

    def __init__(self, run: Run, program: Program, names: Names) -> None:
        self.run = run
        self.program = program
        self.names = names
        self.specs: dict[int, Any] = {ROOT: program.main}  # new specs by the token that holds them

    def misfits(self) -> Iterator[Misfit]:
        for scope in self.run.top.scopes():
            key = ROOT if scope is self.run.top else scope.host.id
            yield from self._of_scope(scope, self.specs[key])
        for clock in self.run.periods.clocks:
            if clock.ended_at is None and clock.rule not in self.program.rules:
                yield Misfit("move_rule_gone", clock.rule)

    def _of_scope(self, scope: Scope, spec: Any) -> Iterator[Misfit]:
        called = _Called(scope.place, self.names)
        if called.handlers(scope.spec) != SAME.handlers(spec):
            yield Misfit("move_handlers", scope.place.rpartition("/")[2] or spec.name)
        for token in scope.tokens():
            old = token.task_spec
            counterpart = spec.task_specs.get(called.inside(old.within).id(old.name))
            code = self._differs(called, token, counterpart)
            if code:
                yield Misfit(code, old.name)
                return  # what is inside it has no place to be looked for
            self.specs[token.id] = counterpart.inner

    def _differs(self, called: _Called, token: Token, new: Any) -> str:
        """The code of the first difference between a token's element and its counterpart; "" for none."""
        if new is None:
            return "move_element_gone"
        if "race" in token.note and called.id(token.note["came"]) not in _flows(new):
            return "move_join"
        old = token.task_spec
        return next((code for code, of in ALIKE.items() if of(called, old) != of(SAME, new)), "")


@dataclass(frozen=True, slots=True)
class _Called:
    """What lies in an old scope is called in the new release."""

    scope: str = ""
    names: Names = field(default_factory=dict)

    def id(self, name: str) -> str:
        return self.names.get(path(self.scope, name), name)

    def inside(self, within: str) -> _Called:
        return _Called(path(self.scope, within), self.names) if within else self

    def events(self, specs: Any) -> set[tuple[Any, ...]]:
        return {
            (self.inside(one.within).id(one.name), one.node.interrupting, *_waits_for(self, one))
            for one in specs
        }

    def handlers(self, spec: Any) -> set[tuple[Any, ...]]:
        return {(self.id(one.within), *key) for one in spec.handlers for key in self.events([one])}


SAME = _Called()


def _kind(called: _Called, spec: Any) -> tuple[str, ...]:
    return (spec.node.type, called.id(spec.within))


def _repeats(_: _Called, spec: Any) -> tuple[Any, ...]:
    loop = spec.node.loop
    return (type(loop), isinstance(loop, MultiInstance) and loop.sequential)


def _waits_for(_: _Called, spec: Any) -> tuple[str, ...]:
    event = spec.event
    return (event.kind, event.name, event.code, event.clock) if event else ()


def _boundary(called: _Called, spec: Any) -> set[tuple[Any, ...]]:
    return called.events(spec.boundary)


def _arriving(called: _Called, spec: Any) -> frozenset[str]:
    return frozenset(map(called.id, spec.node.incoming) if spec.joins else ())


def _work(_: _Called, spec: Any) -> tuple[str, ...]:
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
