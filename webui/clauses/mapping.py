"""What the published procedures and the pages carry, read once per set of releases."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from flask import current_app, url_for

from engine.carrying import STORIES, Proof, Screen, Spot, citing, proofs, screens, tagged
from engine.citations import source_of
from engine.facts import build_facts
from engine.model import Bilingual, Facts
from engine.scenario import play, read_scenario
from storage import queries
from storage.queries.passages import NEVER, Passage, passages
from webui.procedures import Drawn, drawn
from webui.product import reading
from webui.registers import SHARED, register


@dataclass(frozen=True, slots=True)
class Story:
    """A scenario of a procedure, tagged with a clause or article."""

    procedure: str
    name: str
    title: Bilingual


@dataclass(frozen=True, slots=True)
class Chart:
    """Of the latest releases: by clause or article the elements that cite it and its stories."""

    releases: Mapping[str, Drawn]
    spots: Mapping[str, tuple[Spot, ...]]
    stories: Mapping[str, tuple[Story, ...]]

    def articles(self) -> Mapping[str, list[str]]:
        """The articles that are cited, by source, both in the order of the register."""
        found: dict[str, list[str]] = {source: [] for source in register("sources")}
        for ref in sorted(self.spots, key=_article):
            if source_of(ref) in found:
                found[source_of(ref)].append(ref)
        return {source: refs for source, refs in found.items() if refs}

    def counted(self, ref: str, passed: Mapping[tuple[str, str], Passage]) -> Passage | None:
        """How often people passed what cites it; None where no step of a person does."""
        here = [
            self.releases[spot.procedure].nodes[spot.element] for spot in self.spots.get(ref, ())
        ]
        if not any(node.type == "userTask" for node in here):
            return None
        found = (passed.get((s.procedure, s.element), NEVER) for s in self.spots[ref])
        return sum(found, NEVER)

    def passed(self) -> Mapping[tuple[str, str], Passage]:
        """How often each element was passed; a called procedure's too, although its caller's case did."""
        found = dict(passages(reading()))
        for (name, element), row in list(found.items()):
            home = self.releases[name].homes.get(element, "") if name in self.releases else ""
            if home.startswith("call/"):
                there = (home.split("/")[1], element)
                found[there] = found.get(there, NEVER) + row
        return found


def _article(ref: str) -> str:
    """S6-9 stands before S6-12."""
    return ref.partition("-")[2].zfill(12)


def chart() -> Chart:
    """The map of what is published now."""
    published = {row.procedure: row.digest for row in queries.published(reading())}
    kept: dict[tuple[str, ...], Chart] = current_app.extensions.setdefault("liandiao-chart", {})
    key = tuple(published.values())
    if key not in kept:
        kept.clear()
        kept[key] = _chart({name: drawn(digest) for name, digest in published.items()})
    return kept[key]


def _chart(releases: Mapping[str, Drawn]) -> Chart:
    spots: dict[str, tuple[Spot, ...]] = {}
    stories: dict[str, tuple[Story, ...]] = {}
    for name, one in releases.items():
        for ref, here in citing(one.release).items():
            spots[ref] = spots.get(ref, ()) + here
        for ref, told in tagged(one.release).items():
            stories[ref] = stories.get(ref, ()) + tuple(Story(name, *story) for story in told)
    return Chart(releases, spots, stories)


def prove(found: Chart, ref: str) -> Iterator[tuple[Story, list[Proof]]]:
    """Each story tagged with it, played now on the published release, with what it proves."""
    for story in found.stories.get(ref, ()):
        release = found.releases[story.procedure].release
        scenario = read_scenario(release.files[f"{STORIES}{story.name}.json"], story.name)
        proved = proofs(release, [play(release, _facts(), scenario)])
        yield story, [proof for cited, proof in proved if cited == ref]


@cache
def _facts() -> Facts:
    return build_facts(SHARED)


@cache
def pages() -> Mapping[str, tuple[Screen, ...]]:
    """The screens that carry clauses."""
    files = {p.stem: p.read_bytes() for p in sorted((SHARED / "registers").glob("*.json"))}
    return screens(register("clauses"), files)


def address(screen: Screen) -> str:
    """Where a screen is; "" while no part of the product shows it."""
    known = screen.endpoint in current_app.view_functions
    return url_for(screen.endpoint, **screen.args) if known else ""
