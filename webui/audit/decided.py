"""Decisions as they ran: which rows matched and why, in a sentence with their legal basis."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.decisions import Hit, rests_on
from engine.texts import text
from webui.citing import Cited, cite_on
from webui.display import readable
from webui.words import lang, pick, t

from .places import Atlas
from .telling import Moment

Pairs = Sequence[tuple[str, str]]
BOTH = re.compile(r"(.*[^\x00-\x7f]) +([A-Za-z].*)")
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
    """One decision that an entry came through; ``labels``: what each value is called that it put into the
    case, by its path."""

    name: str
    decision: str
    inputs: Pairs
    rows: Sequence[Row]
    outputs: str
    basis: Sequence[Cited]
    labels: Mapping[str, str]


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
        labels = _labels(passed.detail)
        found.append(
            Ruling(
                name=pick(node.name, decision) if node else decision,
                decision=decision,
                inputs=_pairs(passed.detail["inputs"], sealed),
                rows=rows,
                outputs=_gave(passed.detail["outputs"], labels),
                basis=[cite_on(ref, at) for ref in node.basis] if node else [],
                labels={f"{node.result}.{key}": said for key, said in labels.items()}
                if node
                else {},
            )
        )
    return found


def _labels(detail: Mapping[str, Any]) -> Mapping[str, str]:
    """What outputs are called in the table, by name, where one row gave them all."""
    outputs, hits = detail["outputs"], [Hit(**one) for one in detail["rules"]]
    if len(hits) != 1 or not isinstance(outputs, Mapping):
        return {}
    if list(outputs.values()) != list(hits[0].outputs.values()):
        return {}
    return {key: _label(name) for key, name in zip(outputs, hits[0].outputs, strict=True)}


def _gave(outputs: Any, labels: Mapping[str, str]) -> str:
    if not isinstance(outputs, Mapping):
        return readable(outputs)
    return readable({labels.get(key, key): value for key, value in outputs.items()})


def _row(told: Mapping[str, Any], sealed: bool, at: datetime) -> Row:
    hit, said = Hit(**told), str(t("forms.sealed"))
    inputs, outputs = (_listed(values, sealed) for values in (hit.inputs, hit.outputs))
    params = {
        "name": hit.table,
        "number": hit.number,
        "inputs": inputs,
        "result": said if sealed else outputs,
    }
    refs = [ref for cited in rests_on(hit) for ref in cited.split(", ")]
    return Row(
        hit.table,
        int(hit.number),
        text("decision_row", "zh" if lang() == "zh" else "en", params),
        [cite_on(ref, at) for ref in refs if ref != DESIGN],
        DESIGN in refs,
    )


def _listed(values: Mapping[str, Any], sealed: bool) -> str:
    pairs = _pairs(values, sealed)
    return ("，" if lang() == "zh" else ", ").join(f"{name} = {said}" for name, said in pairs)


def _pairs(values: Mapping[str, Any], sealed: bool) -> Pairs:
    said = str(t("forms.sealed"))
    return [(_label(name), said if sealed else readable(one)) for name, one in values.items()]


def _label(name: str) -> str:
    """Of a label that says it in both languages, 结果 result, the reader's part."""
    both = BOTH.fullmatch(name)
    return both[1 if lang() == "zh" else 2] if both else name


def _reads(atlas: Atlas, decision: str, hidden: Collection[str]) -> bool:
    """Whether any file of that decision speaks of what this reader is not shown."""
    if not hidden:
        return False
    files = (c for name, c in atlas.files.items() if name.rpartition("/")[2] == f"{decision}.dmn")
    texts = [content.decode("utf-8", "replace") for content in files]
    return any(path in text for text in texts for path in hidden)
