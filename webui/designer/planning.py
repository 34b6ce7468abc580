"""What moving running cases would come to: which steps stand for which, and a verdict for each case."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.commands.moving import Names
from engine.counterparts import Counterpart, Paired, pair, standing_there
from engine.errors import EngineError, Invalid
from engine.forms import known_fields
from engine.model import Release
from engine.spiff import Misfit, standing
from storage.queries.rehearsing import cases_elsewhere
from webui.errors import refusal
from webui.procedures import Drawn, drawn, read_drawn
from webui.product import product, reading
from webui.registers import rules
from webui.words import pick, t


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
    """A dry run: each running case elsewhere with the sentence why it stays ("" = it fits)."""

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


def dry_run(release: Release, chosen: Chosen) -> Dry:
    """Every running case of the procedure on another release; reads only."""
    store, engine = product().looking(), product().engine
    found = cases_elsewhere(reading(), release.procedure, release.digest)
    paired = pairings(release, {row.release for row in found}, chosen)
    rows, where = list[tuple[Any, str]](), dict[str, Counter[str]]()
    new = read_drawn(release)
    for row in found:
        case = store.case(row.id)
        try:
            stands = {_path(one.place) for one in standing(case.state)}
            where.setdefault(case.release, Counter()).update(stands)
            wrong = engine.would_move(store, case, release, paired[case.release].names)
            rows.append((row, _why(wrong, new, drawn(case.release)) if wrong else ""))
        except Invalid as unreadable:
            rows.append((row, refusal(unreadable)))
    return Dry(rows, list(_asks(paired, where, new)))


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


def _path(place: Any) -> str:
    return f"{place.scope}/{place.element}".lstrip("/")


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
