"""What would it have done: cases of the last months played on a draft, many on all cores."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from flask import render_template, request, url_for

from engine.access import may_publish
from engine.checks.soundness import may_prove
from engine.diagram import read_diagram
from engine.errors import Conflict, EngineError, Invalid
from engine.model import Bilingual, Problem, Release
from engine.package import DIAGRAM, digest
from engine.spiff.refuse import refusals
from engine.whatif import Rehearsed, Verdict
from storage.queries.rehearsing import begun_cases
from webui.auth import only
from webui.errors import refusal
from webui.procedures import diagram_of
from webui.product import product, reading
from webui.registers import rules
from webui.rehearsals import Playing

from .rounds import Round, begun, found
from .views import look, views

MONTHS = (1, 3, 6, 12)
MOST_CASES = 5_000
MOST_SHOWN = 200
MOST_REASONS = 10
VERDICTS: tuple[Verdict, ...] = ("same", "other", "clock", "input", "stuck", "erased")


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
    release = Release(draft.procedure, digest(files), files)
    asked = request.args.get("round", "")
    playing = found(asked) if asked else _round(release, months, draft_id)
    if playing is None:
        problem = refusal(Conflict("round_gone"))
        return render_template("designer/whatif.html", **told, round=None, problem=problem), 409
    if playing.work.key != release.digest:  # the draft was saved meanwhile
        playing = _round(release, months, draft_id)
    return render_template("designer/whatif.html", **told, **_shown(playing, release))


def _shown(playing: Round, release: Release) -> dict[str, Any]:
    """What came of it so far: counts, and the cases that would have gone otherwise, in words."""
    done = tuple(playing.done)
    counts = Counter(one.verdict for _, one in done)
    differing = [(case, one) for case, one in done if one.verdict != "same"]
    names = _Names(release, product().looking()) if differing else None
    rows = [(case, one, names.why(one)) for case, one in differing if names]
    return {
        "round": playing,
        "rows": rows[:MOST_SHOWN],
        "reasons": Counter(why for _, _, why in rows).most_common(MOST_REASONS),
        "counts": [(name, counts[name]) for name in VERDICTS if counts[name]],
    }


def can_run(files: Mapping[str, bytes]) -> bool:
    """Whether its own diagram is whole and the step runs all of it."""
    diagram = diagram_of(files)
    return diagram is not None and may_prove(diagram) and not refusals(diagram)


def _round(release: Release, months: int, draft_id: str) -> Round:
    """The round of this very draft that is under way, else a new one."""
    config, now = product().config, product().clock()
    at = url_for(".whatif", draft_id=draft_id, months=months)
    since = now - timedelta(days=30 * months)

    def make() -> Round:
        cases = begun_cases(reading(), release.procedure, since, MOST_CASES)
        return Round(config, Playing(release), cases, at, now)

    return begun((release.digest, months, since.date()), make)


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
        named = {n: self._named(params[n]) for n in ("gone", "come", "element") if params.get(n)}
        if "gone" in named and named["gone"] == named.get("come"):  # told apart by their ids
            named = {name: params[name] for name in named}
        params |= named
        return refusal(EngineError(told.code, **params)) if told.code else ""

    def _named(self, element: str) -> Bilingual | str:
        for diagram in self._diagrams:
            if element in diagram.nodes and diagram.nodes[element].name:
                return diagram.nodes[element].name
        return element


def _problem(one: Problem) -> str:
    return f"{one.pointer}: {refusal(EngineError(one.code, **one.params))}"
