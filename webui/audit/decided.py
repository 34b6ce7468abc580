"""Decisions as they ran: which rows matched and why, in a sentence with their legal basis."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.decisions import Hit, rests_on
from engine.forms import Field
from engine.texts import text
from webui.citing import Cited, cite_on
from webui.display import readable
from webui.words import lang, pick, t

from .columns import Words, coded, column_words, decision_files
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
    """One decision that an entry came through; ``labels``, ``words``: what each value is called that it
    put into the case, and what its codes are, by its path."""

    name: str
    decision: str
    inputs: Pairs
    rows: Sequence[Row]
    outputs: str
    basis: Sequence[Cited]
    labels: Mapping[str, str]
    words: Mapping[str, Words]


def rulings(
    moment: Moment, atlas: Atlas, hidden: Collection[str], fields: Mapping[str, Field]
) -> list[Ruling]:
    """The decisions of one entry; inputs of a table that reads hidden paths stay sealed.

    ``fields``: those of the forms by pointer, which say what codes are called.
    """
    trace = moment.told.outcome.trace if moment.told.outcome else ()
    found = []
    for passed in trace:
        if passed.what != "decided":
            continue
        node = atlas.node(passed.place.element, passed.place.scope)
        decision = str(passed.detail["decision"])
        sealed = _reads(atlas, decision, hidden)
        at = moment.told.entry.at
        words = column_words(atlas, decision, fields)
        rows = [_row(one, None if sealed else words, at) for one in passed.detail["rules"]]
        columns = _columns(passed.detail)
        paths = {key: ".".join(filter(None, (node.result, key))) for key in columns} if node else {}
        found.append(
            Ruling(
                name=pick(node.name, decision) if node else decision,
                decision=decision,
                inputs=_pairs(passed.detail["inputs"], None if sealed else words),
                rows=rows,
                outputs=_gave(passed.detail["outputs"], columns, words),
                basis=[cite_on(ref, at) for ref in node.basis] if node else [],
                labels={path: _label(columns[key]) for key, path in paths.items() if key},
                words={path: words.get(columns[key], {}) for key, path in paths.items()},
            )
        )
    return found


def _columns(detail: Mapping[str, Any]) -> Mapping[str, str]:
    """The labels of outputs in the table, by name, where one row gave them all; "" names the only one."""
    outputs, hits = detail["outputs"], [Hit(**one) for one in detail["rules"]]
    columns = list(hits[0].outputs) if hits else []
    if not isinstance(outputs, Mapping):
        return {"": columns[0]} if len(columns) == 1 else {}
    if len(hits) != 1 or list(outputs.values()) != list(hits[0].outputs.values()):
        return {}
    return dict(zip(outputs, columns, strict=True))


def _gave(outputs: Any, columns: Mapping[str, str], words: Mapping[str, Words]) -> str:
    if not isinstance(outputs, Mapping):
        return coded(outputs, words.get(columns.get("", ""), {}))
    told = [(columns.get(key, key), value) for key, value in outputs.items()]
    return readable({_label(name): coded(value, words.get(name, {})) for name, value in told})


def _row(told: Mapping[str, Any], words: Mapping[str, Words] | None, at: datetime) -> Row:
    """``words``: None where the row stays sealed."""
    hit, said = Hit(**told), str(t("forms.sealed"))
    inputs, outputs = (_listed(values, words) for values in (hit.inputs, hit.outputs))
    params = {
        "name": hit.table,
        "number": hit.number,
        "inputs": inputs,
        "result": said if words is None else outputs,
    }
    refs = [ref for cited in rests_on(hit) for ref in cited.split(", ")]
    return Row(
        hit.table,
        int(hit.number),
        text("decision_row", "zh" if lang() == "zh" else "en", params),
        [cite_on(ref, at) for ref in refs if ref != DESIGN],
        DESIGN in refs,
    )


def _listed(values: Mapping[str, Any], words: Mapping[str, Words] | None) -> str:
    pairs = _pairs(values, words)
    return ("，" if lang() == "zh" else ", ").join(f"{name} = {said}" for name, said in pairs)


def _pairs(values: Mapping[str, Any], words: Mapping[str, Words] | None) -> Pairs:
    if words is None:
        return [(_label(name), str(t("forms.sealed"))) for name in values]
    return [(_label(name), coded(one, words.get(name, {}))) for name, one in values.items()]


def _label(name: str) -> str:
    """Of a label that says it in both languages, 结果 result, the reader's part."""
    both = BOTH.fullmatch(name)
    return both[1 if lang() == "zh" else 2] if both else name


def _reads(atlas: Atlas, decision: str, hidden: Collection[str]) -> bool:
    """Whether any file of that decision speaks of what this reader is not shown."""
    if not hidden:
        return False
    texts = [one.decode("utf-8", "replace") for one in decision_files(atlas, decision)]
    return any(path in text for text in texts for path in hidden)
