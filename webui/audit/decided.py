"""Decisions as they ran: which rows matched and why, in a sentence with their legal basis."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from engine.decisions import Hit, explain_row, rests_on
from webui.citing import Cited, cite_on
from webui.display import readable
from webui.words import lang, pick, t

from .places import Atlas
from .telling import Moment

Pairs = Sequence[tuple[str, str]]
DESIGN = "DESIGN"
"""Stands in a column of legal bases where a number is a choice of ours and of no source."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row that matched: the sentence on it, and what its column of legal bases cites."""

    table: str
    number: int
    sentence: str
    basis: Sequence[Cited]
    by_design: bool  # part of it nobody mandates


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
        at = moment.told.entry.at
        rows = [_row(one, sealed, at) for one in passed.detail["rules"]]
        found.append(
            Ruling(
                name=pick(node.name, decision) if node else decision,
                decision=decision,
                inputs=_pairs(passed.detail["inputs"], sealed),
                rows=rows,
                outputs=readable(passed.detail["outputs"]),
                basis=[cite_on(ref, at) for ref in node.basis] if node else [],
            )
        )
    return found


def _row(told: Mapping[str, Any], sealed: bool, at: datetime) -> Row:
    hit = Hit(**told)
    if sealed:
        said = str(t("forms.sealed"))
        hit = replace(hit, inputs=dict.fromkeys(hit.inputs, said), outputs={"": said})
    refs = [ref for cited in rests_on(hit) for ref in cited.split(", ")]
    return Row(
        hit.table,
        int(hit.number),
        explain_row(hit, "zh" if lang() == "zh" else "en"),
        [cite_on(ref, at) for ref in refs if ref != DESIGN],
        DESIGN in refs,
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
