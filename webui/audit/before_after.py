"""A case before and after an act: where it stands on its drawings, and what ended, began and was sent."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from engine.model import Outcome, Place, Release
from engine.spiff import Standing, State, standing
from webui.display import due_moment
from webui.registers import rule_name
from webui.words import t

from .picture import pictures
from .places import MAIN, Atlas

Case = State | Outcome


@dataclass(frozen=True, slots=True)
class Pair:
    """One drawing twice, cut to what is open on it before or after."""

    title: str
    before: Markup
    after: Markup


@dataclass(frozen=True, slots=True)
class Course:
    """In words: what no longer waits, what waits now, which messages go out."""

    ends: Sequence[str]
    begins: Sequence[str]
    sends: Sequence[str] = ()


def pairs(on: tuple[Release, Release], states: tuple[bytes, bytes]) -> list[Pair]:
    """Each drawing on which something is open, before on the one release and after on the other."""
    first = Atlas(on[0])
    second = first if on[0].digest == on[1].digest else Atlas(on[1])
    was, becomes = _lit(first, standing(states[0])), _lit(second, standing(states[1]))
    homes = sorted({*was, *becomes} or {MAIN}, key=lambda name: (name != MAIN, name))
    return [
        pair
        for home in homes
        for pair in _both((first, second), home, was.get(home, set()), becomes.get(home, set()))
    ]


def _both(atlases: tuple[Atlas, Atlas], home: str, old: set[str], new: set[str]) -> Iterator[Pair]:
    """The same planes of a drawing twice, by title, each cut to what is lit on it (else on the other)."""
    quiet = {"": old | new}
    found: dict[str, list[Markup]] = {}
    for n, (atlas, lit) in enumerate(zip(atlases, (old, new), strict=True)):
        if home in atlas.drawings:
            for one in pictures(atlas.drawings[home], {**quiet, "here": lit}, lit or old | new):
                found.setdefault(one.title, [Markup(), Markup()])[n] = one.svg
    yield from (Pair(title, *both) for title, both in found.items())


def _lit(atlas: Atlas, found: Sequence[Standing]) -> dict[str, set[str]]:
    """Elements by drawing; a sub-process is lit by what stands in it, or where it is closed."""
    lit: dict[str, set[str]] = {}
    scopes = {one.place.scope for one in found}
    for place in (one.place for one in found):
        if f"{place.scope}/{place.element}".lstrip("/") not in scopes:
            for spot in atlas.around(place):
                lit.setdefault(spot.home, set()).add(spot.element)
    return lit


def course(before: Case, after: Case, name: Callable[[str], str]) -> Course:
    """What an act ends and begins; ``name``: of a step by its id."""
    old, new = _open(before, name), _open(after, name)
    sends = [one.name for one in after.messages] if isinstance(after, Outcome) else []
    return Course(
        [words for key, words in old.items() if key not in new],
        [words for key, words in new.items() if key not in old],
        sends,
    )


def _open(case: Case, name: Callable[[str], str]) -> Mapping[Any, str]:
    """Everything that waits or runs, by what makes it the same, in words."""
    found: dict[Any, str] = {}

    def add(kind: str, key: Any, place: Place, more: str = "") -> None:
        found[kind, key] = str(t(f"mending.open_{kind}", name=name(place.element), more=more))

    for task in case.tasks:
        add("task", task.id, task.place)
    for effect in case.effects:
        add("effect", effect.id, effect.place, effect.operation)
    for timer in case.timers:
        add("timer", timer.id, timer.place, str(due_moment(timer.due)))
    for one in case.subscriptions:
        add("message", one.id, one.place, one.name)
    for clock in (one for one in case.clocks if one.ended_at is None):
        key = (clock.rule, clock.place, clock.started_at)
        add("clock", key, clock.place, rule_name(clock.rule))
    return found
