"""Sub-processes and called procedures: how they begin, and what data goes in and comes out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from engine.errors import Invalid

from . import events
from .data import Frame, pointer_of
from .run import Run
from .tokens import Scope, ScopeWorkflow, Token

DEEPEST = 40
"""Sub-processes and calls nested deeper than this can only be a procedure that calls itself."""


def open_scope(run: Run, host: Token, inner: Any) -> None:
    """Begin a sub-process: its event sub-processes wait, its start event is entered."""
    scope = ScopeWorkflow(inner, host)
    if scope.depth > DEEPEST:
        raise Invalid("calls_too_deep", element=host.task_spec.name, most=DEEPEST)
    begin(run, scope)


def begin(run: Run, scope: Scope, entry: Any = None) -> None:
    """Enter a scope at its start event, or at another one of it."""
    spec = scope.spec
    for waiting in spec.handlers:
        events.set_start(run, scope, waiting)
    run.touched[id(scope)] = scope
    start = run.spawn(scope.task_tree, entry or spec.entry)
    start.task_spec._update(start)


def carry_in(run: Run, token: Token) -> None:
    """Data associations into an element: a layer of its own, sealed for a called procedure."""
    node = token.task_spec.node
    if not node.associations:
        return
    values: dict[str, Any] = {}
    for target, text in assignments(node, "in"):
        values[target] = run.evaluate(token, text)
    own = run.data.frames.get(token.id)
    is_call = node.type == "callActivity"
    if own is not None:
        own.values.update(values)
        own.isolated = is_call
    elif values or is_call:
        run.data.frames[token.id] = Frame(token.frame, tuple(values), is_call, values=values)
        token.frame = token.id


def carry_out(run: Run, token: Token) -> None:
    """Data associations out of an element; its own layer ends."""
    node = token.task_spec.node
    out = [(t, run.evaluate(token, text)) for t, text in assignments(node, "out")]
    if token.role != "item" and token.id in run.data.frames:
        token.frame = run.data.frames.pop(token.id).parent
    for target, value in out:
        run.write(token, pointer_of(target), value)


def assignments(node: Any, direction: str) -> Iterator[tuple[str, str]]:
    """(target, FEEL text) of every value an element's data associations carry."""
    for one in node.associations:
        if one.direction != direction:
            continue
        if one.assignments:
            for text, target in one.assignments:
                yield target, text
        elif one.transformation:
            yield one.target, one.transformation
        elif node.type == "callActivity" and len(one.sources) == 1:
            yield one.target, one.sources[0]
