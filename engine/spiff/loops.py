"""Repeated activities: multi-instance (parallel, sequential) and standard loops."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from SpiffWorkflow.util.task import TaskState

from engine.diagram import MultiInstance, StandardLoop
from engine.errors import Invalid
from engine.values import from_json, to_json

from .data import Frame, pointer_of
from .joins import holds
from .run import Run
from .tokens import Token

MOST_ITEMS = 10_000


def begin(run: Run, token: Token) -> bool:
    """Start the repetitions; True when there are none."""
    token._set_state(TaskState.STARTED)
    loop = token.task_spec.node.loop
    if isinstance(loop, StandardLoop):
        return _begin_loop(run, token, loop)
    items = _items(run, token, loop)
    token.note.update(n=len(items), done=0, out={})
    if not items:
        _write_output(run, token, loop)
        token._set_state(TaskState.READY)
        return True
    if loop.sequential:
        token.note["items"] = to_json(items)
        _start(run, token, 0, items[0])
        return False
    split = run.split() if len(items) > 1 else 0
    for index, item in enumerate(items):
        _start(run, token, index, item, split)
    return False


def _items(run: Run, token: Token, loop: MultiInstance) -> list[Any]:
    text = loop.collection or loop.cardinality
    value = run.evaluate(token, text)
    if not loop.collection:
        if not isinstance(value, Decimal) or value != int(value) or value < 0:
            raise Invalid("loop_no_count", element=token.task_spec.name, expression=text)
        if value > MOST_ITEMS:
            raise Invalid("loop_too_many", element=token.task_spec.name, most=MOST_ITEMS)
        return [None] * int(value)
    if not isinstance(value, list):
        raise Invalid("loop_no_list", element=token.task_spec.name, expression=text)
    if len(value) > MOST_ITEMS:
        raise Invalid("loop_too_many", element=token.task_spec.name, most=MOST_ITEMS)
    return value


def _start(run: Run, token: Token, index: int, item: Any, split: int = 0) -> None:
    loop = token.task_spec.node.loop
    child = run.spawn(token, token.task_spec)
    child.role, child.item, child.occurrence = "item", index, token.occurrence
    values: dict[str, Any] = {"loopCounter": Decimal(index + 1)}
    names: tuple[str, ...] = ()
    if isinstance(loop, MultiInstance):
        names = tuple(name for name in (loop.item, loop.output_item) if name)
        if loop.item:
            values[loop.item] = item
    is_item = isinstance(loop, MultiInstance)
    run.data.frames[child.id] = Frame(token.frame, names, is_item=is_item, values=values)
    child.frame = child.id
    if split:
        child.path = (*token.path, (split, index))
    child.task_spec._update(child)


def item_done(run: Run, token: Token, item: Token) -> None:
    """One repetition is through: collect what it gives, then go on or finish."""
    loop = token.task_spec.node.loop
    token.note["done"] += 1
    if isinstance(loop, StandardLoop):
        run.data.frames.pop(item.id)
        _go_round(run, token, loop)
        return
    index = item.item or 0
    if loop.output_item:
        token.note["out"][str(index)] = to_json(run.evaluate(item, loop.output_item))
    is_over = token.note["done"] == token.note["n"] or _is_complete(run, token, item)
    run.data.frames.pop(item.id)
    if is_over:
        _finish(run, token, loop)
    elif loop.sequential:
        following = token.note["done"]
        _start(run, token, following, from_json(token.note["items"][following]))


def _is_complete(run: Run, token: Token, item: Token) -> bool:
    loop = token.task_spec.node.loop
    if not loop.completion:
        return False
    total, done = token.note["n"], token.note["done"]
    active = min(1, total - done) if loop.sequential else total - done
    counts = {
        "numberOfInstances": Decimal(total),
        "numberOfCompletedInstances": Decimal(done),
        "numberOfActiveInstances": Decimal(active),
    }
    value = run.evaluate(item, loop.completion, counts)
    if value is None or isinstance(value, bool):
        return bool(value)
    raise Invalid("condition_no_boolean", element=token.task_spec.name, condition=loop.completion)


def _finish(run: Run, token: Token, loop: MultiInstance) -> None:
    for child in token.below():
        if child.role == "item":
            run.cancel(child)
    mine = len(token.path)
    branches = {
        stamp.path
        for stamp in run.data.stamps.values()
        if stamp.path[:mine] == token.path and len(stamp.path) > mine
    }
    run.data.fold(sorted(branches), token.path)
    _write_output(run, token, loop)
    token._ready()


def _write_output(run: Run, token: Token, loop: MultiInstance) -> None:
    if loop.output:
        out = token.note["out"]
        values = [from_json(out[key]) for key in sorted(out, key=int)]
        run.write(token, pointer_of(loop.output), values)


def _begin_loop(run: Run, token: Token, loop: StandardLoop) -> bool:
    token.note["done"] = 0
    if loop.test_before and loop.condition and not holds(token, loop.condition):
        token._set_state(TaskState.READY)
        return True
    _start(run, token, 0, None)
    return False


def _go_round(run: Run, token: Token, loop: StandardLoop) -> None:
    done = token.note["done"]
    most = run.evaluate(token, loop.maximum) if loop.maximum else None
    if (most is not None and done >= most) or (loop.condition and not holds(token, loop.condition)):
        token._ready()
    else:
        _start(run, token, done, None)
