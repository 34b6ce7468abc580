"""DMN decisions over FEEL: read once, decided often, each saying which rows decided and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.decisions.analysis import analyse_tables
from engine.decisions.explaining import explain, explain_row, rests_on
from engine.decisions.graph import Decisions, Evaluation
from engine.decisions.model import Decision, Service
from engine.decisions.reading import read_model
from engine.decisions.tables import Hit, Watched
from engine.errors import Invalid
from engine.feel.calling import Closure
from engine.feel.limits import Run

__all__ = [
    "Decided",
    "Decisions",
    "Hit",
    "analyse_tables",
    "decide",
    "explain",
    "explain_row",
    "read_decisions",
    "rests_on",
]


@dataclass(frozen=True)
class Decided:
    """``outputs``: the value; ``inputs``: what the deciding tables saw, by label; ``rules``: the
    rows that decided, those of required decisions first; ``digest``: SHA-256 of the decision."""

    name: str
    outputs: Any
    inputs: Mapping[str, Any]
    rules: tuple[Hit, ...]
    digest: str


def read_decisions(xml: bytes, imported: Iterable[bytes] = ()) -> Decisions:
    """A DMN file with the files it imports; Invalid with findings if a text cannot be read."""
    decisions = read_leniently(xml, imported)
    if decisions.problems:
        first = decisions.problems[0]
        raise Invalid(first.code, decisions.problems, **first.params)
    return decisions


def read_leniently(xml: bytes, imported: Iterable[bytes] = ()) -> Decisions:
    """Like ``read_decisions``, but texts that cannot be read give null and a problem."""
    others = [read_model(other) for other in imported]
    return Decisions(read_model(xml), {other.namespace: other for other in others})


def decide(
    decisions: Decisions, decision_id: str, context: Mapping[str, Any], now: datetime | None = None
) -> Decided:
    """Decide over ``context`` (FEEL values by input name).

    NotFound without that decision; Invalid when rows of a UNIQUE or ANY table disagree;
    FeelError when a limit of engine/feel/limits.py is passed.
    """
    run = Watched(now, types=decisions.declared)
    href = decisions.find(decision_id)
    element = decisions.element(href)
    evaluation = Evaluation(decisions, context, run)
    value = evaluation.value(href)
    if isinstance(element, Service) and isinstance(value, Closure):
        value = value.invoke([context.get(name) for name in value.parameters], run)
    Run().weigh(value)
    inputs = {label: seen for hit in run.hits for label, seen in hit.inputs.items()}
    digest = element.digest if isinstance(element, Decision) else ""
    return Decided(element.name, value, inputs, tuple(run.hits), digest)
