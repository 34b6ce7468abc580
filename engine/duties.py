"""What follows from what somebody did: what the same person may no longer do in the dossier. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from .diagram import read_diagram
from .model import DRAWN, Bar, Case, Facts, Release


@dataclass(frozen=True, slots=True)
class Deed:
    """Somebody completed an element ("" = began the case) under a role."""

    person: str
    role: str
    element: str


Parts = tuple[str, str, str, str, str]
"""(rule, case, procedure, element, role): what a bar keeps somebody from."""


def following(deed: Deed, case: Case, release: Release, facts: Facts) -> list[Bar]:
    """The bars that a deed puts up for its person; the same deed again gives the same ids.

    Drawn ones (``ld:not``) hold in this case, those of duties.toml in the whole dossier.
    """
    found: list[Parts] = [*_drawn(deed, case, release), *_registered(deed, case, facts)]
    return [
        Bar(
            id="/".join((case.dossier, deed.person, *parts)),
            dossier=case.dossier,
            person=deed.person,
            rule=parts[0],
            made_by=deed.person,
            made_at=case.at,
            case=parts[1],
            procedure=parts[2],
            element=parts[3],
            role=parts[4],
            cause=deed.element,
            release=case.release,
        )
        for parts in found
    ]


def _drawn(deed: Deed, case: Case, release: Release) -> Iterator[Parts]:
    apart = kept_apart(release)
    for done in [deed.element] if deed.element else apart and _beginnings(release):
        for barred in apart.get(done, ()):
            yield (DRAWN, case.id, "", barred, "")


def _registered(deed: Deed, case: Case, facts: Facts) -> Iterator[Parts]:
    for rule, row in facts.registers.get("duties", {}).items():
        if _covers(row["did"], case.procedure, deed):
            for procedure in row["bars"].get("procedures", [""]):
                for role in row["bars"]["roles"]:
                    yield (rule, "", procedure, "", role)


def _covers(did: Mapping[str, Any], procedure: str, deed: Deed) -> bool:
    return deed.role in did["roles"] and procedure in did.get("procedures", [procedure])


@lru_cache(maxsize=256)
def kept_apart(release: Release) -> Mapping[str, tuple[str, ...]]:
    """By element: those that its doer may not do; of the procedures it calls too."""
    found: dict[str, tuple[str, ...]] = {}
    for content in (file for name, file in release.files.items() if name.endswith("process.bpmn")):
        for node in read_diagram(content).nodes.values():
            for done in node.apart:
                found[done] = (*found.get(done, ()), node.id)
    return found


def _beginnings(release: Release) -> list[str]:
    """The start events at which people begin a case."""
    diagram = read_diagram(release.files["process.bpmn"])
    return [one.id for one in diagram.children("") if one.type == "startEvent" and not one.events]
