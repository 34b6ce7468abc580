"""One sentence on a decision: which row, on which inputs, with which legal basis."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from engine.feel.functions.conversion import write_value
from engine.texts import Lang, text

if TYPE_CHECKING:
    from engine.decisions import Decided, Hit

BASIS = ("legal basis", "basis", "法律依据", "依据")
"""Names of the annotation column that cites the law."""


def explain(decided: Decided, lang: Lang) -> str:
    """Why a decision came out as it did, for a reader who knows the law and not the table."""
    if not decided.rules:
        result = write_value(decided.outputs)
        return text("decision_no_row", lang, {"name": decided.name, "result": result})
    return " ".join(explain_row(hit, lang, "; ".join(rests_on(hit))) for hit in decided.rules)


def rests_on(hit: Hit) -> list[str]:
    """What the row cites, as its column writes it."""
    cited = [hit.annotations[name] for name in hit.annotations if name.lower() in BASIS]
    return [note for note in cited if note]


def explain_row(hit: Hit, lang: Lang, cited: str = "") -> str:
    """One row that decided, in a sentence; ``cited``: its basis in words, told elsewhere if empty."""
    params = {
        "name": hit.table,
        "number": hit.number,
        "inputs": _listed(hit.inputs),
        "result": _listed(hit.outputs) if len(hit.outputs) > 1 else _only(hit.outputs),
        "basis": cited,
    }
    return text("decision_row_basis" if cited else "decision_row", lang, params)


def _listed(values: Mapping[str, Any]) -> str:
    return ", ".join(f"{label} = {write_value(value, True)}" for label, value in values.items())


def _only(values: Mapping[str, Any]) -> str:
    return "".join(write_value(value) for value in values.values())
