"""What a save does to a draft's files, what undo takes back, and how two versions become one. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from .model import DraftChange, DraftFile

Kind = Literal["edit", "undo", "redo"]


@dataclass(frozen=True, slots=True)
class Step:
    """One save: the new bytes by name, None for a file that goes."""

    kind: Kind
    files: Mapping[str, bytes | None]


def changed(files: Mapping[str, DraftFile], step: Step, version: int) -> list[DraftChange]:
    """What a step really changes, by name; nothing for files that stay as they are."""
    found = []
    for name, content in sorted(step.files.items()):
        before = files[name].digest if name in files else ""
        after = "" if content is None else hashlib.sha256(content).hexdigest()
        if before != after:
            found.append(DraftChange(version, name, step.kind, before, after))
    return found


def last_done(
    changes: Sequence[DraftChange],
) -> tuple[Sequence[DraftChange], Sequence[DraftChange]]:
    """The save that undo would take back, and the one that redo would bring back; () for none."""
    done: list[list[DraftChange]] = []
    undone: list[list[DraftChange]] = []
    for _, group in groupby(changes, key=lambda one: one.version):
        save = list(group)
        kind = save[0].kind
        if kind == "undo":
            undone.append(done.pop() if done else _turned(save))
        elif kind == "redo":
            done.append(undone.pop() if undone else save)
        else:
            done.append(save)
            undone.clear()
    return (done[-1] if done else ()), (undone[-1] if undone else ())


def _turned(save: Sequence[DraftChange]) -> list[DraftChange]:
    """The save behind an undo whose own row is forgotten."""
    return [DraftChange(one.version, one.name, "edit", one.after, one.before) for one in save]


def stepped(save: Sequence[DraftChange], again: bool, read: Callable[[str], bytes]) -> Step:
    """The step that undoes a save, or does it again; ``read``: bytes by digest."""
    wanted = {one.name: one.after if again else one.before for one in save}
    files = {name: read(digest) if digest else None for name, digest in wanted.items()}
    return Step("redo" if again else "undo", files)


def merged(
    base: Mapping[str, bytes], there: Mapping[str, bytes], here: Mapping[str, bytes]
) -> tuple[dict[str, bytes | None], tuple[str, ...]]:
    """What to take over from ``there``, and the names changed differently in both: these stay."""
    taken: dict[str, bytes | None] = {}
    both = []
    for name in sorted({*base, *there}):
        old, new, own = base.get(name), there.get(name), here.get(name)
        if new in (old, own):
            continue
        if own == old:
            taken[name] = new
        else:
            both.append(name)
    return taken, tuple(both)
