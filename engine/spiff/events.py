"""Events: what a token waits for, what it throws, and who catches what."""

from __future__ import annotations

from typing import Any

from SpiffWorkflow.util.task import TaskState

from engine.errors import Conflict, Invalid
from engine.lexical import format_datetime

from .run import Run
from .timers import Timing, next_timing, timing
from .tokens import Path, Scope, Token

FREE: Path = ()
"""What runs beside its host is on no branch: it may overwrite what branches wrote."""

# Waiting --------------------------------------------------------------------------------------


def set_boundary(run: Run, host: Token, spec: Any) -> None:
    """Let a boundary event of an activity wait."""
    token = run.spawn(host, spec)
    token.item = host.item
    _set_event(run, token)


def set_start(run: Run, scope: Scope, spec: Any) -> None:
    """Let the start of an event sub-process wait in the scope around it."""
    token = run.spawn(scope.task_tree, spec)
    token.note["within"] = spec.within
    _set_event(run, token)


def _set_event(run: Run, token: Token) -> None:
    token.role = "event"
    place = run.place(token)
    token.occurrence = run.occurrences.get(f"{place.scope}/{place.element}", 0)
    arm(run, token)
    token._set_state(TaskState.WAITING)


def arm(run: Run, token: Token) -> None:
    """Work out what exactly a token waits for: the due time, the message's key."""
    event = token.task_spec.event
    if event.kind == "timer":
        _arm_timer(run, token)
    elif event.kind in ("message", "signal"):
        run.name(token)
        message = token.task_spec.message
        key = key_of(run, token, message.key) if message else ""
        token.note.update(kind=event.kind, name=event.name, key=key)
    elif event.kind == "conditional":
        run.is_changed = True  # so that it is judged before the step ends


def _arm_timer(run: Run, token: Token) -> None:
    clock = token.task_spec.event.clock
    if clock:
        token.note["clock"] = run.periods.named(run, token, clock)
        rearm(run, token)
    else:
        _set_timing(run, token, timing(run, token))


def _set_timing(run: Run, token: Token, when: Timing) -> None:
    token.public = ""
    run.name(token)
    token.note["due"] = format_datetime(when.due)
    if when.left:
        token.note.update(left=when.left, every=when.every)
    else:
        token.note.pop("left", None)


def rearm(run: Run, token: Token) -> None:
    """Bring a timer that follows a clock to where that clock ends now."""
    due = run.periods.due(token.note["clock"], run.place(token))
    if due is None:
        token.note.pop("due", None)
    else:
        run.name(token)
        token.note["due"] = format_datetime(due)


def follow_clocks(run: Run) -> None:
    """Re-arm every timer bound to a clock after clocks have changed."""
    run.periods.is_changed = False
    for token in run.live(lambda token: "clock" in token.note):
        rearm(run, token)


def find_keys(run: Run) -> None:
    """Try again for messages whose key could not be told yet when their event began to wait."""
    for token in run.live(lambda one: "key" in one.note and one.note["key"] is None):
        token.note["key"] = key_of(run, token, token.task_spec.message.key)


def key_of(run: Run, token: Token, text: str) -> str | None:
    """The key of a message: text or a number; None while the data it needs is missing."""
    value = run.evaluate(token, text) if text else ""
    if isinstance(value, bool | dict | list):
        raise Invalid("message_key", element=token.task_spec.name, key=text)
    return None if value is None else str(value)


# Happening ------------------------------------------------------------------------------------


def fire(run: Run, token: Token, payload: Any = None) -> None:
    """What a token waited for has happened."""
    if token.role != "event":
        _fire_catch(run, token, payload)
    elif token.task_spec.opens is not None:
        _fire_handler(run, token, payload)
    else:
        _fire_boundary(run, token, payload)


def _fire_catch(run: Run, token: Token, payload: Any) -> None:
    race = token.note.get("race")
    if race is not None:
        for rival in run.live(lambda one: one.note.get("race") == race and one is not token):
            run.cancel(rival)
        run.flowed(token.note["came"], token)
    run.passed("fired", token)
    _keep(run, token, payload)
    token.note = {}
    token._set_state(TaskState.READY)
    run.agenda.append(token)


def _keep(run: Run, token: Token, payload: Any) -> None:
    if payload is not None:
        run.write_result(token, payload)


def _fire_boundary(run: Run, token: Token, payload: Any) -> None:
    host = token.parent
    branch = run.spawn(host.parent, token.task_spec)
    branch.path, branch.frame, branch.item = host.path, run.outer_frame(host), token.item
    if token.task_spec.node.interrupting:
        run.cancel(host)
    else:
        branch.path = FREE
        _again(run, token)
    branch.task_spec._update(branch)
    _keep(run, branch, payload)


def _fire_handler(run: Run, token: Token, payload: Any) -> None:
    scope, spec = token.workflow, token.task_spec
    run.passed("fired", token)
    _keep(run, token, payload)
    if spec.node.interrupting:
        run.clear(scope)
    else:
        _again(run, token)
    handler = run.spawn(scope.task_tree, spec.opens)
    if not spec.node.interrupting:
        handler.path = FREE
    handler.task_spec._update(handler)


def _again(run: Run, token: Token) -> None:
    """An event that does not interrupt waits on; a timer only while its cycle lasts."""
    if "left" in token.note:
        _set_timing(run, token, next_timing(token.note))
    elif token.task_spec.event.kind == "timer":
        run.cancel(token)
    elif token.task_spec.event.kind == "conditional":
        token.note["last"] = True


def receiver(run: Run, name: str, key: str) -> Token:
    """The event that has waited longest for a message of this name and key; Conflict if none."""
    found = run.live(lambda one: _waits(one, "message", name) and one.note["key"] == key)
    if not found:
        raise Conflict("nobody_waits", name=name)
    return found[0]


def broadcast(run: Run, name: str, payload: Any) -> None:
    """Give a signal to every event of this case that waits for it."""
    for token in run.live(lambda one: _waits(one, "signal", name)):
        if token.is_live:
            fire(run, token, payload)


def _waits(token: Token, kind: str, name: str) -> bool:
    event = token.task_spec.event
    return (
        token._state == TaskState.WAITING
        and event is not None
        and event.kind == kind
        and token.note.get("name") == name
    )


def watch_conditions(run: Run) -> bool:
    """Judge every waiting condition on the data as it is now; whether one has become true."""
    has_fired = False
    for token in run.live(lambda one: one._state == TaskState.WAITING):
        event = token.task_spec.event
        if event is None or event.kind != "conditional" or not token.is_live:
            continue
        is_true = run.evaluate(token, event.condition) is True
        if is_true and not token.note.get("last"):
            fire(run, token)
            has_fired = True
        elif not is_true:
            token.note.pop("last", None)
    return has_fired
