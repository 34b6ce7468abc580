"""Where a case stands: every token but those of events and items, as pages and proofs read it."""

from __future__ import annotations

from dataclasses import dataclass

from SpiffWorkflow.util.task import TaskState

from engine.model import Place

from .state import ROLES, unpack


@dataclass(frozen=True, slots=True)
class Standing:
    """One open position. ``came``: the flow that brought it to a join where it waits, else ""."""

    place: Place
    came: str = ""


def standing(state: bytes) -> tuple[Standing, ...]:
    """Every open element of a case, sub-processes and what waits at joins included, oldest first."""
    found = [
        (key, Standing(Place(name, scope, item, occurrence), note.get("came", "")))
        for _, scope, _, _, _, tokens in unpack(state)["scopes"]
        for key, _, name, at, role, _, _, item, occurrence, _, note in tokens
        if ROLES[role] in ("", "loop") and at & TaskState.DEFINITE_MASK
    ]
    return tuple(one for _, one in sorted(found, key=lambda pair: pair[0]))


def reached(state: bytes) -> frozenset[str]:
    """Ids of the elements that a case has reached so far, those of what it calls too."""
    return frozenset(key.rpartition("/")[2] for key in unpack(state)["seen"])
