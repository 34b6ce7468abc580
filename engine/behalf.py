"""Tasks that are a party's: staff complete them, and the journal says for whom and how that came."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache

from .diagram import read_diagram
from .errors import Invalid
from .feel import parse
from .model import Actor, Data, Problem, Release

CHANNELS = ("IN_PERSON", "PHONE", "PAPER", "ONLINE")
"""How a party's word reached the person who enters it."""


def represented(release: Release, element: str, seen: Data, now: datetime) -> list[Data]:
    """The parties for whom a task may be completed: ``ld:party`` over what its form sees.

    Empty for a task that is staff's own, and where the case knows no such party.
    """
    said = _said(release, element)
    found = parse(said).evaluate(seen, now) if said else []
    each = found if isinstance(found, list) else [found]
    return [one for one in each if isinstance(one, dict) and one.get("id")]


def check_behalf(parties: list[Data], actor: Actor) -> None:
    """A party's task names one of these parties and a channel; Invalid at the two fields."""
    if not parties:
        return
    wrong = []
    if actor.on_behalf not in [party["id"] for party in parties]:
        wrong.append(Problem("on_behalf", "whose_task"))
    if actor.through not in CHANNELS:
        wrong.append(Problem("through", "how_it_came"))
    if wrong:
        raise Invalid("form_problems", problems=wrong, count=len(wrong))


def _said(release: Release, element: str) -> str:
    return _party_tasks(release).get(element, "")


@lru_cache(maxsize=256)
def _party_tasks(release: Release) -> Mapping[str, str]:
    """``ld:party`` by element; the release's own diagram before those it calls."""
    drawn = [name for name in release.files if name.endswith("process.bpmn")]
    told = (
        read_diagram(release.files[name]).nodes for name in sorted(drawn, key=len, reverse=True)
    )
    return {node.id: node.party for nodes in told for node in nodes.values() if node.party}
