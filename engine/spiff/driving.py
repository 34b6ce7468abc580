"""Moves tokens until every one of them waits: the flat driver of a step."""

from __future__ import annotations

from SpiffWorkflow.util.task import TaskState

from engine.errors import Failed, Invalid

from . import events, joins, throwing
from .errors import BpmnError
from .run import Run
from .tokens import CaseWorkflow, Scope, Token


def drive(run: Run) -> None:
    """Run what is ready, then conditions, finished scopes and inclusive joins, until all is still."""
    while True:
        while run.agenda:
            token = run.agenda.popleft()
            if token.is_live and token._state == TaskState.READY:
                _move(run, token)
        if run.is_changed and _react(run):
            continue
        if not _close_scopes(run) and not joins.open_inclusive(run):
            break
    joins.forget_splits(run)
    if run.periods.is_changed:
        events.follow_clocks(run)
    if not run.has_ended:
        _refuse_standstill(run)


def _react(run: Run) -> bool:
    """Data has changed: keys may be known now and conditions true; whether an event happened."""
    run.is_changed = False
    events.find_keys(run)
    return run.program.has_conditions and events.watch_conditions(run)


def _move(run: Run, token: Token) -> None:
    try:
        token.run()
    except BpmnError as error:
        fail(run, token, error)


def fail(run: Run, token: Token, error: BpmnError) -> None:
    """Hand a BPMN error to whoever catches it; otherwise the step fails with what lay behind it."""
    if throwing.catch_error(run, token, error):
        return
    if error.origin is not None:
        raise error.origin
    raise Failed(
        "uncaught_error", element=token.task_spec.name, error=error.code, reason=error.reason
    )


def _close_scopes(run: Run) -> bool:
    """Finish the sub-processes in which nothing is left, the innermost first; whether one was."""
    has_closed = False
    while run.touched:
        touched = sorted(run.touched.values(), key=_inner_first)
        run.touched.clear()
        for scope in (one for one in touched if one.is_done):
            if isinstance(scope, CaseWorkflow):
                finish(run)
            elif scope.host.id in run.top.subprocesses:
                scope.host.task_spec.close(scope.host, scope)
                has_closed = True
    return has_closed


def _inner_first(scope: Scope) -> tuple[int, int]:
    return (0, 0) if isinstance(scope, CaseWorkflow) else (-scope.depth, scope.host.id)


def finish(run: Run) -> None:
    """The case is over: nothing waits any more, its clocks end with it."""
    run.clear(run.top, tell=False)
    run.touched.clear()
    run.periods.end_all(run.now)
    run.has_ended = True


def _refuse_standstill(run: Run) -> None:
    """Nobody and nothing could ever move this case again: say so instead of calling it done."""
    if run.live(lambda token: token.is_waiting):
        return
    stuck = run.live(lambda token: token.task_spec.joins and token._state == TaskState.WAITING)
    if stuck:
        raise Invalid("standstill", element=stuck[0].task_spec.name)
