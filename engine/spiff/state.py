"""A case between two steps, as bytes: what lives, without the spec; and the read view of it."""

from __future__ import annotations

import zlib
from datetime import UTC, datetime
from typing import Any

from engine.errors import Invalid
from engine.lexical import format_datetime, parse_datetime
from engine.model import Data, Facts, Input, Place, RunningClock
from engine.values import from_json, read_json, to_json, write_json, write_value

from .data import Frame, Stamp
from .program import Program
from .run import Run
from .tokens import ROOT, Path, Scope, ScopeWorkflow, Token

Plain = dict[str, Any]
FORMAT = 1
ROLES = ("", "loop", "item", "event")


def pack(run: Run) -> Plain:
    """The case as plain JSON, all but its data."""
    return {
        "ended": run.has_ended,
        "next": [run.next_key, run.next_split],
        "seen": run.occurrences,
        "frames": [
            [key, one.parent, one.names, one.isolated, one.is_item, to_json(one.values)]
            for key, one in sorted(run.data.frames.items())
        ],
        "stamps": {
            leaf: [one.path, one.element, one.digest] for leaf, one in run.data.stamps.items()
        },
        "clocks": [_dump_clock(one) for one in run.periods.clocks],
        "scopes": [_dump_scope(scope) for scope in run.top.scopes()],
    }


def dump(plain: Plain, data: Data) -> bytes:
    """The state: one byte of format, then deflated: a line of JSON with what lives, one with data."""
    content = write_json(plain, is_sorted=True) + b"\n" + write_value(data, is_sorted=True)
    # Preparing the usual tables costs more than deflating a small case with smaller ones.
    window, memory = (13, 6) if len(content) < 1 << 14 else (15, 8)
    deflate = zlib.compressobj(1, zlib.DEFLATED, window, memory)
    return bytes([FORMAT]) + deflate.compress(content) + deflate.flush()


def hollow(state: bytes) -> bytes:
    """What stays of a case that is over once its contents are destroyed: its periods, nothing said."""
    plain = unpack(state)
    gone: Plain = {"seen": {}, "frames": [], "stamps": {}, "scopes": []}
    return dump({key: plain[key] for key in ("ended", "next", "clocks")} | gone, {})


def _dump_scope(scope: Scope) -> list[Any]:
    host = scope.host.id if isinstance(scope, ScopeWorkflow) else ROOT
    root = scope.task_tree
    tokens = [_dump_token(token) for token in scope.tokens()]
    return [host, scope.place, root.path, root.frame, root.item, tokens]


def _dump_token(token: Token) -> list[Any]:
    return [
        token.id,
        token._parent,
        token.task_spec.name,
        token._state,
        ROLES.index(token.role),
        token.path,
        token.frame,
        token.item,
        token.occurrence,
        token.public,
        token.note,
    ]


def load(program: Program, facts: Facts, cause: Input, state: bytes) -> Run:
    """The case in memory again. Invalid (state_format) if another version wrote the bytes."""
    return load_plain(program, facts, cause, unpack(state))


def load_plain(
    program: Program, facts: Facts, cause: Input, plain: Plain, data: Data | None = None
) -> Run:
    """The case in memory, from what ``unpack`` gives; neither it nor ``data``, what its data say as
    FEEL values, is changed by the step."""
    run = Run(program, facts, cause)
    run.has_ended = plain["ended"]
    run.next_key, run.next_split = plain["next"]
    run.occurrences = dict(plain["seen"])
    run.data.values = from_json(plain["data"]) if data is None else dict(data)
    run.settle_in()
    run.data.frames = load_frames(plain)
    run.data.stamps = {
        leaf: Stamp(_path(path), element, digest)
        for leaf, (path, element, digest) in plain["stamps"].items()
    }
    run.periods.clocks = [load_clock(one) for one in plain["clocks"]]
    hosts: dict[int, Token] = {}
    for one in plain["scopes"]:
        _load_scope(run, hosts, one)
    return run


def unpack(state: bytes) -> Plain:
    """The JSON inside a state. Invalid (state_format, state_broken)."""
    if state[:1] != bytes([FORMAT]):
        raise Invalid("state_format", format=state[0] if state else None)
    try:
        living, _, data = zlib.decompress(state[1:]).partition(b"\n")
        plain: Plain = read_json(living) | {"data": read_json(data)}
    except (zlib.error, ValueError) as error:
        raise Invalid("state_broken") from error
    return plain


def load_frames(plain: Plain) -> dict[int, Frame]:
    """The local layers of a packed case."""
    return {
        key: Frame(parent, tuple(names), isolated, is_item, from_json(values))
        for key, parent, names, isolated, is_item, values in plain["frames"]
    }


def _load_scope(run: Run, hosts: dict[int, Token], plain: list[Any]) -> None:
    host, _, path, frame, item, tokens = plain
    scope: Scope = run.top
    if host != ROOT:
        scope = ScopeWorkflow(hosts[host].task_spec.inner, hosts[host])
    root = scope.task_tree
    root.path, root.frame, root.item = _path(path), frame, item
    for one in tokens:
        token = _load_token(scope, one)
        hosts[token.id] = token


def _load_token(scope: Scope, plain: list[Any]) -> Token:
    key, parent, name, state, role, path, frame, item, occurrence, public, note = plain
    token = Token(scope, scope.spec.task_specs[name], scope.tasks[parent], key)
    token._state = state
    token.role = ROLES[role]
    token.path = _path(path)
    token.frame, token.item, token.occurrence = frame, item, occurrence
    token.public, token.note = public, dict(note)
    if "out" in note:
        token.note["out"] = dict(note["out"])
    return token


def _path(plain: list[list[int]]) -> Path:
    return tuple((split, arm) for split, arm in plain)


def _dump_clock(clock: RunningClock) -> list[Any]:
    place = clock.place
    return [
        clock.rule,
        [place.element, place.scope, place.item, place.occurrence],
        _text(clock.started_at),
        _text(clock.due),
        [[_text(since), _text(until)] for since, until in clock.pauses],
        _text(clock.extended_to),
        _text(clock.ended_at),
        clock.provisional,
    ]


def load_clock(plain: list[Any]) -> RunningClock:
    rule, place, started, due, pauses, extended, ended, provisional = plain
    return RunningClock(
        rule,
        Place(*place),
        parse_datetime(started),
        parse_datetime(due),
        tuple((parse_datetime(since), _moment(until)) for since, until in pauses),
        _moment(extended),
        _moment(ended),
        provisional,
    )


def _text(moment: datetime | None) -> str | None:
    return format_datetime(moment.astimezone(UTC)) if moment else None


def _moment(text: str | None) -> datetime | None:
    return parse_datetime(text) if text else None
