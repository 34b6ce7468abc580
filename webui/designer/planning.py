"""What moving running cases would come to: which steps stand for which, and a verdict for each case."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from engine.commands.moving import Names
from engine.counterparts import Counterpart, Paired, pair, standing_there
from engine.errors import EngineError
from engine.forms import known_fields
from engine.model import Release
from engine.spiff import Misfit
from storage.queries.rehearsing import cases_elsewhere
from webui.errors import refusal
from webui.procedures import Drawn, drawn, read_drawn
from webui.product import product, reading
from webui.registers import rules
from webui.rehearsals import FEW_MOVES, Moving
from webui.words import pick, t

from .rounds import Round, anew


@dataclass(frozen=True, slots=True)
class Ask:
    """One step that bears another id: which one stands for it. ``here``: cases that stand there."""

    field: str
    name: str
    version: int
    here: int
    options: Sequence[tuple[str, str]]
    to: str
    why: str


@dataclass(frozen=True, slots=True)
class Dry:
    """A dry run so far: each running case elsewhere with the sentence why it stays ("" = it fits)."""

    round: Round
    rows: Sequence[tuple[Any, str]]
    asks: Sequence[Ask]

    @property
    def stays(self) -> list[tuple[Any, str]]:
        return [row for row in self.rows if row[1]]

    @property
    def fit(self) -> int:
        return len(self.rows) - len(self.stays)

    @property
    def reasons(self) -> list[tuple[str, int]]:
        """Each reason with how many cases it keeps, the commonest first."""
        return Counter(why for _, why in self.stays).most_common()


Chosen = Mapping[str, Mapping[str, str]]
"""By old release: path to the id that a person chose, "" for none."""


@dataclass(frozen=True, slots=True)
class About:
    """What is tried: the release, the counterparts chosen for it, and what else the page shall say."""

    release: Release
    chosen: Chosen
    told: Mapping[str, Any]


def trying(release: Release, chosen: Chosen, at: str, **told: Any) -> Round:
    """Every running case of the procedure on another release; ``at``: the address of the page."""
    cases = cases_elsewhere(reading(), release.procedure, release.digest)
    config, now, about = product().config, product().clock(), About(release, chosen, told)

    def make() -> Round:
        paired = pairings(release, {row.release for row in cases}, chosen)
        names = {old: one.names for old, one in paired.items()}
        return Round(config, Moving(release, names, now), cases, at, now, about, FEW_MOVES)

    return anew(("move", release.digest, repr(chosen)), make)


def dry(found: Round) -> Dry:
    """What came of it so far, in words."""
    about: About = found.about
    done, new = tuple(found.done), read_drawn(about.release)
    paired = pairings(about.release, {row.release for row in found.cases}, about.chosen)
    where: dict[str, Counter[str]] = {}
    for _, judged in done:
        where.setdefault(judged.release, Counter()).update(judged.stands)

    @cache
    def why(release: str, wrong: str) -> str:
        return _why(misfits[wrong], new, drawn(release))

    misfits = {repr(one.misfit): one.misfit for _, one in done if one.misfit}
    rows = [(row, why(one.release, repr(one.misfit)) if one.misfit else "") for row, one in done]
    return Dry(found, rows, list(_asks(paired, where, new)))


def pairings(release: Release, olds: Iterable[str], chosen: Chosen) -> dict[str, Paired]:
    """Each old release beside the new one."""
    store = product().looking()
    return {old: pair(store.release(old).files, release.files, chosen.get(old, {})) for old in olds}


def chosen_of(release: Release, names: Mapping[str, Names]) -> Chosen:
    """What a batch that was begun had decided on: what it did not name has no counterpart."""
    store = product().looking()
    return {
        old: {
            one.path: some.get(one.path, "")
            for one in pair(store.release(old).files, release.files).asked
        }
        for old, some in names.items()
    }


def _asks(
    paired: Mapping[str, Paired], where: Mapping[str, Counter[str]], new: Drawn
) -> Iterator[Ask]:
    for digest, found in sorted(paired.items()):
        old, counts = drawn(digest), where.get(digest, Counter[str]())
        for one in standing_there(found.asked, counts):
            yield Ask(
                field=f"as:{digest}:{one.path}",
                name=old.step(one.path.rpartition("/")[2]),
                version=old.release.version,
                here=_count(one, counts.items()),
                options=[(id, new.step(id)) for id in one.options],
                to=one.to,
                why=str(t(f"move.why_{one.why}")) if one.why else "",
            )


def _count(one: Counterpart, counts: Iterable[tuple[str, int]]) -> int:
    return sum(n for at, n in counts if at == one.path)


def _why(wrong: Misfit, new: Drawn, old: Drawn) -> str:
    """In words; an element by the name it bears in either version, a period or a field by its own."""
    rule = rules().get(wrong.element)
    nodes = (one.nodes.get(wrong.element) for one in (new, old))
    named: Any = next((one.name for one in nodes if one and one.name), wrong.element)
    params = {**wrong.params, "element": rule.name if rule else named}
    if "path" in params:
        params["path"] = _field(str(params["path"]), (new, old))
    return refusal(EngineError(wrong.code, **params))


def _field(path: str, versions: Iterable[Drawn]) -> str:
    """What a form calls a value, else its path."""
    pointer = "/" + path.replace(".", "/")
    for one in versions:
        known = known_fields(one.forms()).get(pointer)
        if known:
            return pick(known.label, path)
    return path
