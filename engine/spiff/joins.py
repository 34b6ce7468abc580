"""Where the flow splits and comes together: which flows are taken, which tokens wait for which."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from SpiffWorkflow.util.task import TaskState

from engine.diagram import Flow
from engine.errors import Invalid

from .run import Run, run_of
from .tokens import Path, Scope, Token

# Splitting ------------------------------------------------------------------------------------


def holds(token: Token, text: str) -> bool:
    """Whether a FEEL condition is true; null counts as false, anything else is an error."""
    value = run_of(token).evaluate(token, text)
    if value is None or isinstance(value, bool):
        return bool(value)
    raise Invalid("condition_no_boolean", element=token.task_spec.name, condition=text)


def send_on(token: Token, flows: Sequence[Flow]) -> None:
    """One new token per flow; several flows are the arms of a new split."""
    run = run_of(token)
    number = run.split() if len(flows) > 1 else 0
    for arm, flow in enumerate(flows):
        run.flowed(flow.id, token)
        spec = token.task_spec._wf_spec.task_specs[flow.target]
        child = run.spawn(token, spec)
        if number:
            child.path = (*token.path, (number, arm))
        if spec.joins:
            child.note["came"] = flow.id


def conditional_flows(token: Token) -> list[Flow]:
    """Of anything but a gateway: flows without condition, true ones, the default if none is true."""
    taken = true_flows(token, needed=False)
    if not taken and token.task_spec.flows:
        raise Invalid("no_flow", element=token.task_spec.name)
    return taken


def true_flows(token: Token, needed: bool = True) -> list[Flow]:
    """All flows whose condition holds or that have none; if no condition holds, the default."""
    spec = token.task_spec
    default = spec.node.default
    rest = [flow for flow in spec.flows if flow.id != default]
    true = {flow.id for flow in rest if flow.condition and holds(token, flow.condition)}
    taken = [flow for flow in rest if not flow.condition or flow.id in true]
    if not true and (default and (any(f.condition for f in rest) or not taken)):
        taken += [flow for flow in spec.flows if flow.id == default]
    if not taken and needed:
        raise Invalid("no_flow", element=spec.name)
    return taken


def first_flow(token: Token) -> list[Flow]:
    """The first flow whose condition holds, else the default."""
    spec = token.task_spec
    if not spec.flows:
        return []
    plain = [flow for flow in spec.flows if not flow.condition]
    for flow in spec.flows:
        if flow.condition and flow.id != spec.node.default and holds(token, flow.condition):
            return [flow]
    for flow in plain:
        if flow.id == spec.node.default or len(spec.flows) == 1:
            return [flow]
    raise Invalid("no_flow", element=spec.name)


# Joining --------------------------------------------------------------------------------------


def wait_for_all(token: Token) -> bool:
    """A parallel gateway goes on once every incoming flow has brought a token."""
    wanted = token.task_spec.node.incoming
    if len(wanted) < 2:
        return True
    token._set_state(TaskState.WAITING)
    arrived = _arrived(token.workflow, token.task_spec)
    if any(flow not in arrived for flow in wanted):
        return False
    merge(token, [arrived[flow] for flow in wanted if arrived[flow] is not token])
    return True


def wait_for_some(token: Token) -> bool:
    """An inclusive gateway with several ways in waits until nothing more can come."""
    if len(token.task_spec.node.incoming) < 2:
        return True
    token._set_state(TaskState.WAITING)
    return False


def _arrived(scope: Scope, spec: Any) -> dict[str, Token]:
    """The oldest token waiting at a join, by the flow that brought it."""
    arrived: dict[str, Token] = {}
    for token in scope.tokens():
        if token.task_spec is spec and token._state == TaskState.WAITING:
            arrived.setdefault(token.note["came"], token)
    return arrived


def open_inclusive(run: Run) -> bool:
    """Let inclusive gateways go on that no other token can reach any more; whether one did."""
    for scope in run.top.scopes() if run.program.has_inclusive else ():
        waiting = {
            token.task_spec.name: token.task_spec
            for token in scope.tokens()
            if token._state == TaskState.WAITING and token.task_spec.is_inclusive
        }
        for spec in waiting.values():
            arrived = _arrived(scope, spec)
            if not _may_come(scope, spec, arrived):
                first, *others = sorted(arrived.values(), key=lambda token: token.id)
                merge(first, others)
                first._ready()
                return True
    return False


def _may_come(scope: Scope, spec: Any, arrived: Iterable[str]) -> bool:
    """BPMN 2.0.2, 13.4.3: a token may still reach an empty way in, and none that has a token."""
    elsewhere = {
        token.task_spec.name
        for token in scope.tokens()
        if token.role not in ("event", "item") and token.task_spec is not spec
    }
    empty: set[str] = set()
    filled: set[str] = set()
    for flow, before in spec.upstream.items():
        (filled if flow in arrived else empty).update(before)
    return bool(elsewhere & (empty - filled))


def merge(keep: Token, others: Sequence[Token]) -> None:
    """Several tokens become one; what their branches wrote now counts as the parent branch's."""
    for token in others:
        token._set_state(TaskState.CANCELLED)
        token.drop()
    keep.path = unite(run_of(keep), [keep, *others])
    keep.note.pop("came", None)


def unite(run: Run, merged: Sequence[Token]) -> Path:
    """The branch of what several tokens have become; what theirs wrote counts as written there."""
    paths = [token.path for token in merged]
    common = _common(paths)
    arms = sorted({path[len(common)] for path in paths if len(path) > len(common)})
    rivals = _rivals(run, merged, common)
    free = [arm for arm in arms if arm not in rivals]
    is_partial = any(arm[0] == arms[0][0] for arm in rivals) if arms else False
    into = (*common, (free or arms)[0]) if is_partial else common
    run.data.fold([path for path in paths if len(path) > len(common)], into)
    return into


def _common(paths: Sequence[Path]) -> Path:
    first = paths[0]
    size = 0
    while all(len(path) > size and path[size] == first[size] for path in paths):
        size += 1
    return first[:size]


def _rivals(run: Run, merged: Sequence[Token], common: Path) -> set[tuple[int, int]]:
    """The arms directly below ``common`` on which something else lives or has written."""
    own = {token.path for token in merged}
    tokens = run.live(lambda token: token not in merged)
    written = [stamp.path for stamp in run.data.stamps.values() if stamp.path not in own]
    size = len(common)
    return {
        path[size]
        for path in (*(token.path for token in tokens), *written)
        if len(path) > size and path[:size] == common
    }


def forget_splits(run: Run) -> None:
    """Drop splits of which only one arm is left, so that paths do not grow with a case's age."""
    tokens = run.live(lambda token: bool(token.path))
    roots = [scope.task_tree for scope in run.top.scopes() if scope.task_tree.path]
    if not tokens and not roots and not run.data.stamps:
        return
    stamps = [stamp.path for stamp in run.data.stamps.values()]
    arms: dict[int, set[int]] = {}
    for path in (*(token.path for token in (*tokens, *roots)), *stamps):
        for split, arm in path:
            arms.setdefault(split, set()).add(arm)
    kept = {split for split, seen in arms.items() if len(seen) > 1}
    for token in (*tokens, *roots):
        token.path = tuple(step for step in token.path if step[0] in kept)
    run.data.shorten(kept)
