"""What elements throw, and which event around them catches it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from engine.errors import Failed, Invalid
from engine.model import Message

from . import events
from .errors import BpmnError
from .run import Run
from .tokens import ScopeWorkflow, Token


def throw(run: Run, token: Token) -> None:
    """Throw what a throw event, send task or end event is drawn with."""
    event = token.task_spec.event
    if event is None:
        return
    run.passed("thrown", token, {"kind": event.kind, "name": event.name or event.code})
    if event.kind in ("message", "signal"):
        _send(run, token, event)
    elif event.kind == "escalation":
        _escalate(run, token, _code(event))
    elif event.kind == "terminate":
        run.clear(token.workflow, keep=token)
    elif event.kind in ("error", "cancel"):
        raise BpmnError(_code(event), kind=event.kind)
    else:
        raise Failed("element_not_run", element=token.task_spec.name, kind=event.kind)


def _send(run: Run, token: Token, event: Any) -> None:
    message = token.task_spec.message
    texts = message.payload if message else {}
    payload = {name: run.evaluate(token, text) for name, text in texts.items()}
    key = events.key_of(run, token, message.key) if message else ""
    if key is None:
        raise Invalid("message_key", element=token.task_spec.name, key=message.key)
    run.messages.append(Message(event.kind, event.name, key, payload))
    if event.kind == "signal":
        events.broadcast(run, event.name, payload)


def _code(event: Any) -> str:
    return str(event.code or event.name)


def _escalate(run: Run, token: Token, code: str) -> None:
    """The nearest event outside that catches the escalation; if none does, the flow just goes on."""
    for waiting in _catchers(token):
        event = waiting.task_spec.event
        if event.kind == "escalation" and _code(event) in ("", code):
            events.fire(run, waiting, {"code": code})
            return


def catch_error(run: Run, token: Token, error: BpmnError) -> bool:
    """Give a BPMN error to the nearest event that catches it; whether one did."""
    for waiting in _catchers(token):
        event = waiting.task_spec.event
        if event.kind == error.kind and _code(event) in ("", error.code):
            events.fire(run, waiting, {"code": error.code, "reason": error.reason})
            return True
    return False


def _catchers(token: Token) -> Iterator[Token]:
    """Boundary events and event sub-processes around a token, the nearest first."""
    at: Token | None = token
    while at is not None:
        yield from _exact_first(child for child in at.children if child.role == "event")
        if at.role == "item":
            at = at.parent
            continue
        scope = at.workflow
        roots = scope.task_tree.children
        yield from _exact_first(child for child in roots if child.role == "event")
        at = scope.host if isinstance(scope, ScopeWorkflow) else None


def _exact_first(tokens: Iterator[Token]) -> list[Token]:
    waiting = [token for token in tokens if token.task_spec.event is not None]
    return sorted(waiting, key=lambda token: (not _code(token.task_spec.event), token.id))
