"""Moving running cases to the published version: the plan with its dry run, and a batch in parts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from time import monotonic
from typing import Any

from flask import redirect, render_template, request

from engine.access import may_publish
from engine.commands.moving import Names, Plan
from engine.errors import Conflict, Failed, Invalid, NotAllowed
from engine.model import Release
from engine.package import digest
from storage.queries.registers import names_of
from storage.queries.rehearsing import cases_elsewhere
from webui.auth import actor, only
from webui.errors import refusal
from webui.product import fresh, product, reading

from .planning import Chosen, chosen_of, dry, pairings, trying
from .rounds import Round, found
from .views import look, views
from .whatif import can_run

MOST_SHOWN = 200
SECONDS = 2.0
"""How long one page works before it tells how far it is."""


@dataclass(frozen=True, slots=True)
class Batch:
    """How far a batch has come; ``after``: the last case that was looked at."""

    all: int
    after: str = ""
    moved: int = 0
    stayed: int = 0
    is_over: bool = False

    @property
    def done(self) -> int:
        return self.moved + self.stayed


@views.get("/<procedure>/move")
@only(may_publish)
def moving(procedure: str) -> Any:
    """Which running cases could go on under the published version, and why others stay."""
    release = _current(procedure)
    asked = request.args.get("round", "")
    if asked:
        there = found(asked)
        if there is None or there.about.release.digest != release.digest:
            return _page(release, None, problem=refusal(Conflict("round_gone"))), 409
        return _page(release, there)
    plan = _plan(release)
    return _tried(release, chosen_of(release, plan.names) if plan else {}, plan=plan)


@views.get("/drafts/<draft_id>/move")
@only(may_publish)
def would_move(draft_id: str) -> Any:
    """The same dry run on a draft, before it is published; nothing can be moved to it."""
    draft, store = look(draft_id), product().looking()
    files = product().engine.publishable(store, draft)
    if not can_run(files):
        problem = refusal(Invalid("whatif_draft_broken"))
        return render_template("designer/move_draft.html", draft=draft, problem=problem), 422
    release = Release(draft.procedure, digest(files), files)
    asked = request.args.get("round", "")
    there = found(asked) if asked else trying(release, {}, request.path)
    if there is None or there.about.release.digest != release.digest:
        told = {"problem": refusal(Conflict("round_gone")), "is_gone": True}
        return render_template("designer/move_draft.html", draft=draft, **told), 409
    if not asked and not there.is_over:
        return redirect(there.here)
    return render_template("designer/move_draft.html", draft=draft, dry=dry(there), most=MOST_SHOWN)


@views.post("/<procedure>/move")
@only(may_publish)
def move(procedure: str) -> Any:
    """Try other counterparts; begin a batch with the confirmed ones; or go on with one, two seconds long."""
    release = _current(procedure)
    if "go_on" in request.form:
        plan = _plan(release)
        if plan is None:
            raise Conflict("move_not_current")
        return _work(release, plan.names, plan.reason)
    chosen, reason = _chosen(), request.form.get("reason", "").strip()
    if "look" in request.form:
        return _tried(release, chosen, reason=reason)
    if not reason:
        return _refused(release, chosen, refusal(NotAllowed("reason_needed")))
    fresh()
    olds = {one.release for one in cases_elsewhere(reading(), procedure, release.digest)}
    names = {old: one.names for old, one in pairings(release, olds, chosen).items()}
    product().engine.plan_move(actor(), release, reason, names)
    return _work(release, names, reason)


def _work(release: Release, names: Mapping[str, Names], reason: str) -> Any:
    cases = cases_elsewhere(reading(), release.procedure, release.digest)
    given = request.form.get
    batch = Batch(
        given("all", type=int) or len(cases),
        given("after", ""),
        given("moved", 0, type=int) or 0,
        given("stayed", 0, type=int) or 0,
    )
    fresh()
    batch = _move_some(batch, cases, (release.digest, reason), names)
    if not batch.is_over:
        return render_template("designer/move.html", release=release, batch=batch, dry=None)
    fresh()
    return _tried(release, chosen_of(release, names), batch=batch)


def _move_some(
    batch: Batch, cases: Sequence[Any], to: tuple[str, str], names: Mapping[str, Names]
) -> Batch:
    engine, until = product().engine, monotonic() + SECONDS
    release, reason = to
    for case in (one for one in cases if one.id > batch.after):
        try:
            engine.move_case(actor(), case.id, release, reason, names.get(case.release))
            batch = replace(batch, after=case.id, moved=batch.moved + 1)
        except (Conflict, Invalid, Failed) as refused:
            if refused.code == "move_not_current":
                raise
            batch = replace(batch, after=case.id, stayed=batch.stayed + 1)
        if monotonic() > until and case is not cases[-1]:
            return batch
    return replace(batch, is_over=True)


def _tried(release: Release, chosen: Chosen, **told: Any) -> Any:
    """The dry run; at an address of its own as long as it goes on."""
    there = trying(release, chosen, request.path, **told)
    return _page(release, there) if there.is_over else redirect(there.here, 303)


def _refused(release: Release, chosen: Chosen, problem: str) -> Any:
    """The dry run that was looked at once more, with what is wrong."""
    shown = found(request.form.get("round", ""))
    there = shown or trying(release, chosen, request.path, problem=problem)
    if not there.is_over:
        return redirect(there.here, 303)
    return _page(release, there, problem=problem), 422


def _page(release: Release, there: Round | None, **told: Any) -> str:
    told = {**(there.about.told if there else {}), **told}
    plan = told.get("plan")
    told["begun_by"] = names_of(reading(), {plan.person}).get(plan.person, "") if plan else ""
    shown = dry(there) if there else None
    return render_template(
        "designer/move.html", release=release, dry=shown, most=MOST_SHOWN, **told
    )


def _chosen() -> Chosen:
    """The counterparts that were confirmed or changed on the page, by old release."""
    found: dict[str, dict[str, str]] = {}
    for name, value in request.form.items():
        mark, _, rest = name.partition(":")
        old, _, path = rest.partition(":")
        if mark == "as" and path:
            found.setdefault(old, {})[path] = value
    return found


def _plan(release: Release) -> Plan | None:
    store, engine = product().looking(), product().engine
    found: Plan | None = engine.planned_move(store, release.procedure, release.digest)
    return found


def _current(procedure: str) -> Release:
    found: Release = product().looking().current_release(procedure)
    return found
