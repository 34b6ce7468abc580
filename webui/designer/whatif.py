"""What would it have done: cases of the last months played on a draft, many on all cores."""

from __future__ import annotations

import threading
from collections import Counter, OrderedDict
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from flask import current_app, render_template, request

from engine.access import may_publish
from engine.checks.soundness import may_prove
from engine.diagram import read_diagram
from engine.errors import EngineError, Failed, Invalid
from engine.model import Bilingual, Problem, Release
from engine.package import DIAGRAM, digest
from engine.spiff.refuse import refusals
from engine.whatif import Rehearsed, Verdict
from storage.queries.rehearsing import begun_cases
from webui.auth import only
from webui.config import Config
from webui.errors import refusal
from webui.product import product, reading
from webui.registers import rules
from webui.rehearsals import rehearsed

from .views import diagram_of, look, views

MONTHS = (1, 3, 6, 12)
MOST_CASES = 5_000
MOST_SHOWN = 200
MOST_KEPT = 8
"""Rounds that are remembered; an older one is played anew."""
FEW = 20
"""So many are played while the page is waited for."""
_STARTING = threading.Lock()
VERDICTS: tuple[Verdict, ...] = ("same", "other", "clock", "input", "stuck", "erased")


@dataclass(slots=True)
class Round:
    """One draft, as it stood, played on a list of cases; ``done``: (case, verdict)."""

    config: Config
    release: Release
    cases: Sequence[Any]
    done: list[tuple[Any, Rehearsed]] = field(default_factory=list)
    going: Future[None] | None = None

    @property
    def is_over(self) -> bool:
        return len(self.done) >= len(self.cases)

    @property
    def has_failed(self) -> bool:
        """Whether it stopped before its end."""
        return bool(self.going and self.going.done() and not self.is_over)

    def begin(self) -> None:
        """Play them all: a few at once, many beside the pages."""
        if len(self.cases) <= FEW:
            self.play()
            return
        beside = ThreadPoolExecutor(1)
        self.going = beside.submit(self.play)
        beside.shutdown(wait=False)

    def play(self) -> None:
        known = {case.id: case for case in self.cases}
        for case, told in rehearsed(self.config, self.release, list(known)):
            self.done.append((known[case], told))


@views.get("/drafts/<draft_id>/whatif")
@only(may_publish)
def whatif(draft_id: str) -> Any:
    """Counts of the verdicts, and each case that would have gone otherwise."""
    draft = look(draft_id)
    months = request.args.get("months", type=int)
    told: dict[str, Any] = {"draft": draft, "months": months, "choices": MONTHS}
    if months not in MONTHS:
        return render_template("designer/whatif.html", **told, round=None)
    store = product().looking()
    files = product().engine.publishable(store, draft)
    if not can_run(files):
        problem = refusal(Invalid("whatif_draft_broken"))
        return render_template("designer/whatif.html", **told, round=None, problem=problem), 422
    playing = _round(Release(draft.procedure, digest(files), files), months)
    done = tuple(playing.done)
    counts = Counter(one.verdict for _, one in done)
    differing = [(case, one) for case, one in done if one.verdict != "same"]
    names = _Names(playing.release, store) if differing else None
    rows = [(case, one, names.why(one)) for case, one in differing[:MOST_SHOWN] if names]
    told |= {"counts": [(name, counts[name]) for name in VERDICTS if counts[name]]}
    told |= {"problem": refusal(Failed("whatif_stopped"))} if playing.has_failed else {}
    return render_template("designer/whatif.html", **told, round=playing, rows=rows)


def can_run(files: Mapping[str, bytes]) -> bool:
    """Whether its own diagram is whole and the step runs all of it."""
    diagram = diagram_of(files)
    return diagram is not None and may_prove(diagram) and not refusals(diagram)


def _round(release: Release, months: int) -> Round:
    """The round of this very draft that is under way, else a new one."""
    kept: OrderedDict[Any, Round] = current_app.extensions.setdefault(
        "liandiao.rounds", OrderedDict()
    )
    since = product().clock() - timedelta(days=30 * months)
    key = (release.digest, months, since.date())
    with _STARTING:  # two who ask at once get one round
        if key not in kept or kept[key].has_failed:
            cases = begun_cases(reading(), release.procedure, since, MOST_CASES)
            kept[key] = Round(product().config, release, cases)
            kept[key].begin()
            while len(kept) > MOST_KEPT:
                kept.popitem(last=False)
        return kept[key]


class _Names:
    """Elements, periods and refusals in words."""

    def __init__(self, draft: Release, store: Any) -> None:
        now: Release = store.current_release(draft.procedure)
        self._diagrams = [read_diagram(one.files[DIAGRAM]) for one in (draft, now)]

    def why(self, told: Rehearsed) -> str:
        """The first difference as a sentence; "" where there is none."""
        params = dict(told.params)
        if "reason" in params:
            params["reason"] = refusal(EngineError(params["reason"], **params.pop("detail")))
        if "problems" in params:
            params["problems"] = " ".join(map(_problem, params["problems"]))
        if "rule" in params:
            rule = rules().get(params["rule"])
            params["rule"] = rule.name if rule else params["rule"]
        for name in ("gone", "come", "element"):
            if params.get(name):
                params[name] = self._named(params[name])
        return refusal(EngineError(told.code, **params)) if told.code else ""

    def _named(self, element: str) -> Bilingual | str:
        for diagram in self._diagrams:
            if element in diagram.nodes and diagram.nodes[element].name:
                return diagram.nodes[element].name
        return element


def _problem(one: Problem) -> str:
    return f"{one.pointer}: {refusal(EngineError(one.code, **one.params))}"
