"""Repairing one case: what stands where, where it shall go on, why, and a look before it is done."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import redirect, render_template, request, url_for

from engine.access import may_mend
from engine.checks.onward import drawn_scope
from engine.commands.proposing import Proposal
from engine.commands.repair import relocation, with_before
from engine.diagram import ACTIVITIES, Node
from engine.errors import Conflict, EngineError, Invalid, NotAllowed, NotFound
from engine.model import Case, Data
from engine.spiff import Standing, read_state, standing
from storage import queries
from webui.audit.before_after import course, pairs
from webui.auth import actor, only, viewer
from webui.corrections import corrections
from webui.errors import STATUS, family, refusal
from webui.frame import say
from webui.procedures import Drawn, drawn
from webui.product import fresh, product, reading
from webui.words import pick

from .grouping import Group
from .views import cause, is_over, views, whose

LONGEST_REASON = 500
OFFERED = (ACTIVITIES - {"adHocSubProcess"}) | {
    *("intermediateCatchEvent", "intermediateThrowEvent", "endEvent"),
    *("exclusiveGateway", "eventBasedGateway"),
}
"""Kinds of elements a case may be told to go on at."""


@dataclass(frozen=True, slots=True)
class Bench:
    """A case to be repaired; ``steps``: by running scope (its path), what it may go on at there."""

    row: queries.CaseRow
    case: Case
    drawn: Drawn
    stands: Sequence[Standing]
    needs_second: bool
    proposal: Proposal | None

    @property
    def steps(self) -> Mapping[str, list[Node]]:
        return {scope: self._steps(scope) for scope in {one.place.scope: 0 for one in self.stands}}

    def _steps(self, scope: str) -> list[Node]:
        diagram, inner = drawn_scope(self.drawn.release.files, scope)
        inside = diagram.children(inner)
        found = [one for one in inside if one.type in OFFERED and not one.triggered_by_event]
        return sorted(found, key=lambda one: (one.type != "userTask", pick(one.name, one.id)))


@views.get("/cases/<case_id>/repair")
@only(may_mend)
def repair(case_id: str) -> Any:
    """Where the case stands and what may be done about it; what waits for a second person first."""
    if is_over(case_id):
        return redirect(url_for("dossiers.case", case_id=case_id))
    bench = _bench(case_id)
    return _proposed(bench, bench.proposal) if bench.proposal else _page(bench)


@views.post("/cases/<case_id>/repair")
@only(may_mend)
def mend(case_id: str) -> Any:
    """First before and after on the drawing; confirmed and nothing moved meanwhile, it is done."""
    bench = _bench(case_id)
    if "back" in request.form:
        return _page(bench)
    try:
        verb, data = _wanted(bench)
        if not _reason():
            raise NotAllowed("reason_needed")
        preview = _preview(bench, verb, data)
    except EngineError as refused:
        return _page(bench, refusal(refused)), 422
    moved = request.form.get("seq") != str(bench.case.seq)
    if moved:
        return preview(problem=refusal(Conflict("case_moved_on"))), 409
    if "confirm" not in request.form:
        return preview()
    fresh()
    try:
        _do(bench, verb, data)
    except EngineError as refused:
        return preview(problem=refusal(refused)), STATUS[family(refused)]
    return redirect(url_for("dossiers.case", case_id=case_id))


def _do(bench: Bench, verb: str, data: Data) -> None:
    engine, case = product().engine, bench.case.id
    if bench.needs_second:
        engine.propose_repair(actor(), case, verb, data, _reason())
        say("mending.proposed")
    elif verb == "cancel":
        engine.cancel(actor(), case, _reason())
        say("mending.cancelled")
    else:
        engine.relocate(actor(), case, data, _reason())
        say("mending.relocated")


def _wanted(bench: Bench) -> tuple[str, Data]:
    """What was asked for; places by their position in the list as it stands."""
    verb = request.form.get("verb", "")
    if verb == "cancel":
        return "cancel", {}
    scope, _, to = request.form.get(f"{verb}_to", "").rpartition("|")
    if verb == "restart":
        chosen = [one for one in bench.stands if one.place.scope == scope]
    else:
        marked = set(request.form.getlist("stand"))
        chosen = [one for n, one in enumerate(bench.stands) if str(n) in marked]
    if not to:
        raise Invalid("relocate_nothing")
    if any(one.place.scope != scope for one in chosen):
        raise Conflict("relocate_elsewhere", element=bench.drawn.step(to))
    return "relocate", relocation([one.place for one in chosen], to)


def _bench(case_id: str) -> Bench:
    row = queries.case_row(reading(), viewer(), case_id)
    if row is None:
        raise NotFound("no_case", name=case_id)
    if row.status not in ("open", "held"):
        raise Conflict("case_over")
    store, engine = product().looking(), product().engine
    case = store.case(case_id)
    second, asked = engine.needs_second(store, case), engine.proposal_of(store, case_id)
    return Bench(row, case, drawn(row.release), standing(case.state), second, asked)


def _page(bench: Bench, problem: str = "") -> str:
    stuck = queries.incidents(reading(), viewer(), bench.case.id)
    return render_template(
        "mending/repair.html",
        bench=bench,
        problem=problem,
        given=request.form,
        reason=_reason(),
        stuck=[Group([one]) for one in stuck],
        whose=whose(bench.case.dossier),
    )


def _preview(bench: Bench, verb: str, data: Data) -> Callable[..., str]:
    """The page of what would come of it; raises what the engine refuses, with names for ids."""
    outcome, release = _tried(bench, verb, data), bench.drawn.release
    state = read_state(bench.case.state)

    def page(**told: Any) -> str:
        return render_template(
            "mending/repair_preview.html",
            bench=bench,
            pairs=pairs((release, release), (bench.case.state, outcome.state)),
            course=course(state, outcome, bench.drawn.step),
            ends=outcome.ended,
            changes=corrections(bench.case.release, with_before(verb, data, bench.case)),
            given=request.form,
            whose=whose(bench.case.dossier),
            **{"reason": _reason(), "asked": None, **told},
        )

    return page


def _tried(bench: Bench, verb: str, data: Data) -> Any:
    """The dry run; what refuses it names elements and inner causes in words."""
    store, engine = product().looking(), product().engine
    try:
        return engine.would_mend(store, bench.case, verb, data)
    except Conflict as refused:
        said = dict(refused.params)
        if "element" in said:
            said["element"] = bench.drawn.step(said["element"])
        if "detail" in said:
            said["reason"] = cause(said["reason"], said["detail"])
        raise Conflict(refused.code, **said) from refused


# A second person ------------------------------------------------------------------------------


def _proposed(bench: Bench, asked: Proposal, problem: str = "") -> str:
    try:
        page = _preview(bench, asked.verb, asked.data)
    except EngineError as refused:
        return _page(bench, refusal(refused))
    names = queries.names_of(reading(), {asked.person})
    who = names.get(asked.person, asked.person)
    own = asked.person == actor().person
    return page(asked=asked, who=who, own=own, reason=asked.reason, problem=problem)


@views.post("/cases/<case_id>/repair/<int:seq>")
@only(may_mend)
def answer(case_id: str, seq: int) -> Any:
    """Somebody else approves what was proposed; or it is refused or taken back, with a reason."""
    bench, engine = _bench(case_id), product().engine
    fresh()
    try:
        if "approve" in request.form:
            engine.approve_repair(actor(), case_id, seq)
            say("mending.approved")
        else:
            engine.refuse_repair(actor(), case_id, seq, _reason())
            say("mending.refused")
    except EngineError as refused:
        said = refusal(refused)
        asked = bench.proposal
        return (_proposed(bench, asked, said) if asked else _page(bench, said)), 422
    return redirect(url_for("dossiers.case", case_id=case_id))


def _reason() -> str:
    return request.form.get("reason", "").strip()[:LONGEST_REASON]
