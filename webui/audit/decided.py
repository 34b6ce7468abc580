"""Decisions as they ran: what they saw, which rows matched, what came out, on what they rest."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from webui.citing import Cited, cite_on
from webui.display import readable
from webui.words import pick, t

from .places import Atlas
from .telling import Moment

Pairs = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Row:
    """A row that matched: its number in its table, what it gave, its notes."""

    table: str
    number: int
    outputs: Pairs
    notes: Pairs


@dataclass(frozen=True, slots=True)
class Ruling:
    """One decision that an entry came through."""

    name: str
    decision: str
    inputs: Pairs
    rows: Sequence[Row]
    outputs: str
    basis: Sequence[Cited]


def rulings(moment: Moment, atlas: Atlas, hidden: Collection[str]) -> list[Ruling]:
    """The decisions of one entry; inputs of a table that reads hidden paths stay sealed."""
    trace = moment.told.outcome.trace if moment.told.outcome else ()
    found = []
    for passed in trace:
        if passed.what != "decided":
            continue
        node = atlas.node(passed.place.element, passed.place.scope)
        decision = str(passed.detail["decision"])
        sealed = _reads(atlas, decision, hidden)
        rows = [_row(one, sealed) for one in passed.detail["rules"]]
        found.append(
            Ruling(
                name=pick(node.name, decision) if node else decision,
                decision=decision,
                inputs=_pairs(passed.detail["inputs"], sealed),
                rows=rows,
                outputs=readable(passed.detail["outputs"]),
                basis=[cite_on(ref, moment.told.entry.at) for ref in node.basis] if node else [],
            )
        )
    return found


def _row(hit: Mapping[str, Any], sealed: bool) -> Row:
    return Row(
        str(hit["table"]),
        int(hit["number"]),
        _pairs(hit["outputs"], sealed),
        [(name, words) for name, words in hit["annotations"].items() if words],
    )


def _pairs(values: Mapping[str, Any], sealed: bool) -> Pairs:
    return [(name, str(t("forms.sealed")) if sealed else readable(v)) for name, v in values.items()]


def _reads(atlas: Atlas, decision: str, hidden: Collection[str]) -> bool:
    """Whether any file of that decision speaks of what this reader is not shown."""
    if not hidden:
        return False
    files = (c for name, c in atlas.files.items() if name.rpartition("/")[2] == f"{decision}.dmn")
    texts = [content.decode("utf-8", "replace") for content in files]
    return any(path in text for text in texts for path in hidden)
