"""A person moves tokens to another step of their scope: what hangs on them ends, they go on there.

One token moved, or every open one brought together to begin again at a step, is the same thing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from engine.errors import Conflict, Invalid
from engine.model import Place

from . import joins
from .ahead import end_forlorn, endable
from .run import Run
from .tokens import Token

BEGINS = frozenset({"startEvent", "boundaryEvent"})
"""Elements that a flow never leads to: nobody is put there."""


def find_places(run: Run) -> Token:
    """The first of the tokens an input names by place. Raises Conflict (relocate_*), Invalid."""
    tokens = _tokens(run)
    scope, to = tokens[0].workflow, str(run.cause.data.get("to", ""))
    if any(token.workflow is not scope for token in tokens):
        raise Conflict("relocate_apart")
    code = _refusal(scope.spec.task_specs.get(to)) or _doubled(tokens, to)
    if code:
        raise Conflict(code, element=to)
    return tokens[0]


def relocate(run: Run, first: Token) -> None:
    """End the tokens with their timers, messages and all inside them; one begins at ``to``."""
    tokens, scope = _tokens(run), first.workflow
    clocks = endable(run)
    for token in tokens:
        run.cancel(token)
    spec = scope.spec.task_specs[run.cause.data["to"]]
    arrived = run.spawn(scope.task_tree, spec)
    arrived.path = joins.unite(run, tokens)
    arrived.task_spec._update(arrived)
    end_forlorn(run, clocks)


def _tokens(run: Run) -> list[Token]:
    """All that are meant, with the rivals of an event that is waited for: the choice is one."""
    named = [_standing(run, place_of(one)) for one in run.cause.data.get("from") or ()]
    if not named:
        raise Invalid("relocate_nothing")
    races = {token.note["race"] for token in named if "race" in token.note}
    rivals = run.live(lambda one: one.note.get("race") in races and one not in named)
    return list(dict.fromkeys([*named, *rivals]))


def _standing(run: Run, place: Place) -> Token:
    at = run.live(lambda one: one.role in ("", "loop") and run.place(one) == place)
    if not at:
        raise Conflict("relocate_gone", element=place.element)
    return at[0]


def place_of(plain: Mapping[str, Any]) -> Place:
    """A place as an input names it."""
    item = plain.get("item")
    return Place(
        str(plain["element"]),
        str(plain.get("scope", "")),
        None if item is None else int(item),
        int(plain.get("occurrence", 0)),
    )


def _doubled(moved: Sequence[Token], to: str) -> str:
    """Somebody else's token already stands there: the step would be done twice."""
    others = (one for one in moved[0].workflow.tokens() if one not in moved)
    there = any(one.task_spec.name == to and one.role in ("", "loop") for one in others)
    return "relocate_double" if there else ""


def _refusal(spec: Any) -> str:
    """Why no token can be put at an element; "" if it can."""
    if spec is None:
        return "relocate_elsewhere"
    if spec.node.type in BEGINS or spec.node.triggered_by_event:
        return "relocate_begins"
    if spec.joins and len(spec.node.incoming) > 1:
        return "relocate_join"
    before = spec._wf_spec.task_specs.values()
    rivals = (one for one in before if one.node.type == "eventBasedGateway")
    if any(flow.target == spec.name for one in rivals for flow in one.flows):
        return "relocate_race"
    return ""
