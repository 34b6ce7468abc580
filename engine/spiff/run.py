"""One step while it runs: what the tokens share, and SpiffWorkflow's script engine (FEEL only)."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Protocol
from uuid import UUID, uuid5

from SpiffWorkflow.util.task import TaskState

from engine.clocks import Rule
from engine.decisions import Decided
from engine.errors import EngineError, Invalid
from engine.facts import for_case
from engine.feel import parse
from engine.model import Data, Facts, Input, Message, Passed, Place
from engine.workdays import local_day

from .data import CaseData, pointer_of
from .periods import Periods
from .tokens import ROOT, CaseWorkflow, Scope, ScopeWorkflow, Token

TASK_IDS = UUID("5d2c2d0e-6a0b-5f0c-9d57-1f0f2a6d6c11")
MOST_MOVES = 50_000
"""A step that moves more tokens than this runs in circles."""
MOST_LIVE = 1_000
"""More tokens side by side in one scope (multi-instance items do not count) only come from a loop
that splits without ever joining."""


class Runaway(EngineError):
    """The procedure runs in circles without ever waiting."""


class Ready(Protocol):
    """What a step needs of a release that was made ready (program.py)."""

    main: Any
    specs: Any  # by name, for SpiffWorkflow
    has_conditions: bool
    has_inclusive: bool
    named: dict[str, set[str]]  # by element: the rules of the periods it begins or ends

    @property
    def rules(self) -> Mapping[str, Rule]: ...

    def decide(
        self, decision: str, home: str, context: Mapping[str, Any], now: datetime
    ) -> Decided: ...


class Run:
    """The case in memory during one step. Everything in it is thrown away when the step fails."""

    def __init__(self, program: Ready, facts: Facts, cause: Input) -> None:
        self.program = program
        self.facts = facts
        self.cause = cause
        self.now = cause.received_at.astimezone(UTC)
        self.data = CaseData()
        self.periods = Periods(program.rules, facts)
        self.agenda: deque[Token] = deque()
        self.trace: list[Passed] = []
        self.messages: list[Message] = []
        self.touched: dict[int, Scope] = {}
        self.occurrences: dict[str, int] = {}
        self.next_key = 1
        self.next_split = 1
        self.is_changed = False
        self.has_ended = False
        self._ordinals: dict[str, int] = {}
        self._moves = 0
        self._around = {"settings": facts.settings, "registers": facts.registers}
        self.top = CaseWorkflow(program.main, program.specs, self)

    def settle_in(self) -> None:
        """Once the case's own data is there: see the settings of its organisation on this day."""
        self.periods.case = self.data.values.get("case")
        facts = for_case(self.facts, self.periods.case, local_day(self.now))
        self._around["settings"] = facts.settings

    # What SpiffWorkflow asks of a script engine -------------------------------------------------

    def evaluate(
        self, token: Token, expression: str, extra: Mapping[str, Any] | None = None
    ) -> Any:
        """The FEEL value of an expression as this token sees the case."""
        context = {**self.data.context(token.frame), **self._around, **(extra or {})}
        return parse(expression).evaluate(context, self.now)

    def context(self, token: Token) -> dict[str, Any]:
        return {**self.data.context(token.frame), **self._around}

    # Tokens -------------------------------------------------------------------------------------

    def spawn(self, parent: Token, spec: Any, scope: Scope | None = None) -> Token:
        """A new token below ``parent``; it has not entered its element yet."""
        token = Token(scope or parent.workflow, spec, parent, self.next_key)
        self.next_key += 1
        self._moves += 1
        beside = len(token.workflow.task_tree._children)
        if self._moves > MOST_MOVES or beside > MOST_LIVE:
            raise Runaway(element=spec.name, most=MOST_MOVES)
        return token

    def split(self) -> int:
        """The number of a new split of the flow."""
        self.next_split += 1
        return self.next_split - 1

    def enter(self, token: Token, how: str = "entered") -> None:
        """Count, trace and clock that a token has reached its element."""
        key = f"{token.workflow.place}/{token.task_spec.name}"
        if token.role != "item":
            token.occurrence = self.occurrences.get(key, 0)
            self.occurrences[key] = token.occurrence + 1
        self.passed(how, token)
        self._mark(token, "enter")

    def done(self, token: Token) -> None:
        self.passed("done", token)
        self._mark(token, "done")

    def _mark(self, token: Token, moment: str) -> None:
        node = token.task_spec.node
        if node.clocks and token.role != "item":
            self.periods.mark(self, token, moment)

    def name(self, token: Token) -> str:
        """The id by which the world knows this token, made when first asked for (conventions 1)."""
        if not token.public:
            place = self.place(token)
            key = f"{place.scope}/{place.element}"
            ordinal = self._ordinals.get(key, 0)
            self._ordinals[key] = ordinal + 1
            of = (self.cause.case, self.cause.seq, place.scope, place.element, ordinal)
            token.public = str(uuid5(TASK_IDS, "\n".join(map(str, of))))
        return token.public

    def place(self, token: Token) -> Place:
        seat = token.seat
        if seat and (seat.item, seat.occurrence) == (token.item, token.occurrence):
            return seat
        spec = token.task_spec
        scope = token.workflow.place
        if spec.within:
            scope = f"{scope}/{spec.within}" if scope else spec.within
        token.seat = Place(spec.name, scope, token.item, token.occurrence)
        return token.seat

    def passed(self, what: str, token: Token, detail: Data | None = None) -> None:
        self.trace.append(Passed(what, self.place(token), detail or {}))

    def flowed(self, flow_id: str, token: Token) -> None:
        self.trace.append(Passed("flow", Place(flow_id, token.workflow.place, token.item)))

    def outer_frame(self, token: Token) -> int:
        """The layer around a token's own one."""
        own = self.data.frames.get(token.id)
        return own.parent if own else token.frame

    # Ending -------------------------------------------------------------------------------------

    def cancel(self, token: Token, tell: bool = True) -> None:
        """End a token and everything that hangs on it."""
        for child in token.below():
            self.cancel(child, tell)
        inner = self.top.subprocesses.get(token.id)
        if inner is not None:
            self.close(inner, tell)
        if tell and token.role != "event" and token._state & TaskState.DEFINITE_MASK:
            self.passed("cancelled", token)
        token._set_state(TaskState.CANCELLED)
        self.data.frames.pop(token.id, None)
        self.touched[id(token.workflow)] = token.workflow
        token.drop()

    def clear(self, scope: Scope, keep: Token | None = None, tell: bool = True) -> None:
        """End every token of a scope but one."""
        for token in scope.tokens():
            if token is not keep and token.id in scope.tasks and token.parent.id == ROOT:
                self.cancel(token, tell)

    def close(self, scope: ScopeWorkflow, tell: bool = True) -> None:
        """End a sub-process with all its tokens; its host stays."""
        self.clear(scope, tell=tell)
        self.touched.pop(id(scope), None)
        del self.top.subprocesses[scope.host.id]

    # Data ---------------------------------------------------------------------------------------

    def write(self, token: Token, pointer: str, value: Any) -> None:
        """Write a value where this token may, note who did, and say so in the trace."""
        where = (token.frame, token.path, token.task_spec.name)
        self.data.write(where, pointer, value)
        self.is_changed = True
        self.passed("wrote", token, {pointer: value})

    def write_result(self, token: Token, value: Any) -> None:
        path = token.task_spec.node.result
        if path:
            self.write(token, pointer_of(path), value)

    def write_outcome(self, token: Token, outcome: str) -> None:
        """What a person chose; below a multi-instance item it belongs to the item."""
        name = token.task_spec.name
        self.data.keep_outcomes(token.frame, name)
        self.write(token, f"/{name}/outcome", outcome)

    def live(self, wanted: Callable[[Token], bool]) -> list[Token]:
        """The tokens of the whole case that meet a condition, oldest first."""
        found = [
            token
            for scope in self.top.scopes()
            for token in scope.tasks.values()
            if token.id != ROOT and token.is_live and wanted(token)
        ]
        return sorted(found, key=lambda token: token.id)

    def named(self, public: str) -> Token | None:
        """The live token with this public id."""
        if not public:
            raise Invalid("no_task_named")
        return next(iter(self.live(lambda token: token.public == public)), None)


def run_of(token: Token) -> Run:
    """The step a token moves in: SpiffWorkflow carries it as its script engine."""
    run: Run = token.workflow.script_engine
    return run
