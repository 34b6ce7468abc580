"""Case data: one context per case, local layers above it, and who wrote which leaf on which branch."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from engine.errors import Conflict, Invalid
from engine.values import canonical

from .tokens import Path


@dataclass
class Frame:
    """A local layer: a multi-instance item, or a called procedure with data of its own.

    ``names`` are written here; an ``isolated`` layer hides everything below it and takes all writes;
    an ``is_item`` layer also keeps what people choose for that item.
    """

    parent: int
    names: tuple[str, ...] = ()
    isolated: bool = False
    is_item: bool = False
    values: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Stamp:
    """Who wrote a leaf last, on which branch, and what (a digest)."""

    path: Path
    element: str
    digest: str


@dataclass
class CaseData:
    """The context of a case. Values are replaced along their path, never changed in place."""

    values: dict[str, Any] = field(default_factory=dict)
    frames: dict[int, Frame] = field(default_factory=dict)
    stamps: dict[str, Stamp] = field(default_factory=dict)

    def context(self, frame: int) -> dict[str, Any]:
        """All names that can be read in a layer, the nearest winning."""
        layers: list[Mapping[str, Any]] = []
        while frame:
            layers.append(self.frames[frame].values)
            if self.frames[frame].isolated:
                break
            frame = self.frames[frame].parent
        else:
            layers.append(self.values)
        seen: dict[str, Any] = {}
        for layer in reversed(layers):
            seen.update(layer)
        return seen

    def local(self, frame: int) -> dict[str, Any]:
        """What only this layer and those between it and the case hold."""
        seen: dict[str, Any] = {}
        while frame:
            layer = self.frames[frame]
            seen = {**layer.values, **seen}
            frame = 0 if layer.isolated else layer.parent
        return seen

    def open_layer(self, frame: int, head: str) -> Frame | None:
        """The layer that takes a write to ``/head/...``; None for the case's own data."""
        while frame:
            layer = self.frames[frame]
            if layer.isolated or head in layer.names or head in layer.values:
                return layer
            frame = layer.parent
        return None

    def keep_outcomes(self, frame: int, element: str) -> None:
        """Let ``<element>.outcome`` belong to the multi-instance item around it, if there is one."""
        while frame and not self.frames[frame].isolated:
            layer = self.frames[frame]
            if layer.is_item:
                layer.values.setdefault(element, {})
                return
            frame = layer.parent

    def write(self, where: tuple[int, Path, str], pointer: str, value: Any) -> None:
        """Set a value; ``where`` is (layer, branch, element). Conflict if two branches disagree."""
        frame, path, element = where
        parts = pointer_parts(pointer)
        layer = self.open_layer(frame, parts[0])
        if layer is None:
            self._stamp(path, element, pointer, value)
        put(self.values if layer is None else layer.values, parts, value)

    def _stamp(self, path: Path, element: str, pointer: str, value: Any) -> None:
        if not path and not self.stamps:
            return
        leaves = {leaf: _digest(one) for leaf, one in leaves_of(pointer, value)}
        for leaf, stamp in list(self.stamps.items()):
            if not _overlap(leaf, pointer):
                continue
            if diverge(stamp.path, path) and leaves.get(leaf) != stamp.digest:
                raise Conflict("data_conflict", leaf=leaf, one=stamp.element, other=element)
            del self.stamps[leaf]
        if path:
            self.stamps.update({leaf: Stamp(path, element, of) for leaf, of in leaves.items()})

    def fold(self, branches: Iterable[Path], into: Path) -> None:
        """What these branches wrote counts from now on as written by ``into``."""
        ended = tuple(branches)
        for leaf, stamp in list(self.stamps.items()):
            if any(stamp.path[: len(one)] == one for one in ended):
                if into:
                    self.stamps[leaf] = Stamp(into, stamp.element, stamp.digest)
                else:
                    del self.stamps[leaf]

    def shorten(self, splits: Collection[int]) -> None:
        """Keep of every branch only the arms of these splits; what is on no arm needs no stamp."""
        for leaf, stamp in list(self.stamps.items()):
            path = tuple(step for step in stamp.path if step[0] in splits)
            if path:
                self.stamps[leaf] = Stamp(path, stamp.element, stamp.digest)
            else:
                del self.stamps[leaf]


def diverge(one: Path, other: Path) -> bool:
    """Whether two branches come from different arms of one split, so neither is after the other."""
    for (split, arm), (other_split, other_arm) in zip(one, other, strict=False):
        if split != other_split:
            return False
        if arm != other_arm:
            return True
    return False


@lru_cache(maxsize=10_000)
def pointer_parts(pointer: str) -> tuple[str, ...]:
    """The steps of a JSON pointer; Invalid if it is none or names the whole data."""
    head, *parts = pointer.split("/")
    if head or not parts or not all(parts):
        raise Invalid("pointer_malformed", pointer=pointer)
    return tuple(part.replace("~1", "/").replace("~0", "~") for part in parts)


def pointer_of(path: str) -> str:
    """``a.b`` as ``/a/b``."""
    return "/" + path.strip().replace("~", "~0").replace("/", "~1").replace(".", "/")


def put(holder: dict[str, Any], parts: tuple[str, ...], value: Any) -> None:
    """Set a value below ``holder``; what lies on the way is copied, so no two names share it."""
    head, rest = parts[0], parts[1:]
    if not rest:
        holder[head] = value
        return
    holder[head] = _replaced(holder.get(head), rest, value)


def _replaced(inner: Any, parts: tuple[str, ...], value: Any) -> Any:
    if isinstance(inner, list):
        return _replaced_item(inner, parts, value)
    if not isinstance(inner, dict | None):
        raise Invalid("pointer_blocked", part=parts[0])
    copy = dict(inner or {})
    put(copy, parts, value)
    return copy


def _replaced_item(items: list[Any], parts: tuple[str, ...], value: Any) -> list[Any]:
    if not parts[0].isdecimal() or int(parts[0]) > len(items):
        raise Invalid("pointer_blocked", part=parts[0])
    at, copy = int(parts[0]), [*items, None][: len(items) + (int(parts[0]) == len(items))]
    copy[at] = _replaced(copy[at], parts[1:], value) if parts[1:] else value
    return copy


def leaves_of(pointer: str, value: Any) -> Iterator[tuple[str, Any]]:
    """The leaves below a pointer: lists are whole, an empty object is a leaf."""
    if isinstance(value, dict) and value:
        for key, inner in value.items():
            name = key.replace("~", "~0").replace("/", "~1")
            yield from leaves_of(f"{pointer}/{name}", inner)
    else:
        yield pointer, value


def settled(value: Any) -> Any:
    """A copy with objects in the order of their keys, so that one input has one meaning."""
    if isinstance(value, dict):
        return {
            key: settled(one) if isinstance(one, _NESTED) else one
            for key, one in sorted(value.items())
        }
    return [settled(item) for item in value] if isinstance(value, list | tuple) else value


_NESTED = (dict, list, tuple)


def _overlap(one: str, other: str) -> bool:
    return one == other or one.startswith(other + "/") or other.startswith(one + "/")


def _digest(value: Any) -> str:
    return hashlib.sha256(canonical(value)).hexdigest()[:16]
