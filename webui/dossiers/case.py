"""One case for readers: diagram with its path, entries, clocks, data, and whether it replays the same."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from contextlib import nullcontext
from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from engine.access import grant_for, may_mend
from engine.errors import EngineError, Invalid, NotAllowed, NotFound
from engine.model import Outcome, Passed
from engine.proofs.prover import Prover
from engine.replay import Verdict, replay
from engine.spiff import State, read_state
from storage import queries
from webui.auth import actor, only, signed, viewer
from webui.citing import cite_on
from webui.clockcards import clock_cards
from webui.corrections import corrections
from webui.display import masked
from webui.errors import refusal, why
from webui.frame import say
from webui.health import health_fields, hidden, may_reveal, note_opening, own_share
from webui.procedures import Drawn, drawn
from webui.product import fresh, product, reading

from .proofs import proof_of
from .reading import note_reading
from .views import views

ENTRIES = 300
WAS = frozenset({"entered", "done", "fired", "thrown", "cancelled"})
"""What happened to an element that makes it part of the path."""


@views.get("/cases/<case_id>")
@signed
def case(case_id: str) -> str:
    """The case as its journal tells it."""
    return _case(case_id)


@views.post("/cases/<case_id>/replay")
@signed
def verdict(case_id: str) -> str:
    """Verify chain, release and place in the log, and play every input again: is it the same?"""
    _seen(case_id)
    return _case(case_id, judged(case_id))


def judged(case_id: str) -> Verdict:
    """What verifying and replaying a case gives."""
    prover = Prover(lambda: nullcontext(product().looking()), product().blobs)
    return prover.prove("stream", f"case:{case_id}")


@views.post("/cases/<case_id>/health")
@signed
def reveal_health(case_id: str) -> str:
    """Show the health data of a case to those whose roles see it; each time it is noted."""
    row = _seen(case_id)
    if not actor().roles & {role for roles in _health(row).values() for role in roles}:
        raise NotAllowed("health_apart")
    note_opening((row.dossier, case_id, ""))
    return _case(case_id, revealed=True)


def _health(row: queries.CaseRow) -> Mapping[str, Sequence[str]]:
    return health_fields(drawn(row.release))


def _case(case_id: str, judged: Any = None, revealed: bool = False) -> str:
    row = _seen(case_id)
    note_reading(row.dossier)
    db = reading()
    kept = product().looking().case(case_id)
    state = read_state(kept.state) if kept.state else None
    found = drawn(row.release)
    health = health_fields(found)
    return render_template(
        "dossiers/case.html",
        case=row,
        drawn=found,
        dossier=queries.dossier_row(db, viewer(), row.dossier),
        cards=clock_cards(state.clocks, kept, found.release) if state else [],
        effects=found.effects_of(kept.state) if kept.state else [],
        data=own_share(_leaves(state.data), health) if state else [],
        hidden=hidden(health, revealed),
        revealed=revealed,
        may_reveal=state is not None and not revealed and may_reveal(health, state.data),
        entries=queries.recent_entries(db, [f"case:{case_id}"], ENTRIES),
        open_now=queries.case_tasks(db, viewer(), case_id),
        owed=queries.owed(db, case_id),
        why=why,
        verdict=judged,
        fault_text=fault_text,
        cited_in=lambda entry: [cite_on(ref, entry.at) for ref in found.basis(entry.element)],
        corrections=corrections,
        proof=proof_of(case_id),
        events=_events(found, state) if state and _works_on(state) else [],
        may_mend=may_mend(actor()) and row.status in ("open", "held"),
    )


def _works_on(state: State) -> bool:
    """Whether this person may do one of the case's open tasks: then they may tell it what happened."""
    return any(grant_for(actor(), task) for task in state.tasks)


def _events(found: Drawn, state: State) -> list[tuple[str, str]]:
    """What may happen besides the drawn course: (message, name of its event), each once."""
    waiting = [one for one in state.subscriptions if one.kind == "message"]
    named = {one.name: found.step(one.place.element) for one in waiting}
    return sorted(named.items(), key=lambda item: item[1])


@views.post("/cases/<case_id>/tell")
@signed
def tell(case_id: str) -> Any:
    """Something happened that is no task: a withdrawal, a risk; told in words, with a reason."""
    _seen(case_id)
    said = request.form.get("reason", "").strip()
    if not said:
        raise Invalid("say_why")
    fresh()
    name = request.form.get("message", "")
    product().engine.tell(actor(), case_id, name, {"facts": said}, said)
    say("case.told")
    return redirect(url_for("dossiers.case", case_id=case_id))


@views.post("/cases/<case_id>/mend")
@only(may_mend)
def mend(case_id: str) -> Any:
    """A supervisor stops or resumes one of the periods; with a reason."""
    _seen(case_id)
    fresh()
    engine, form = product().engine, request.form
    reason, rule = form.get("reason", ""), form.get("rule", "")
    verbs = {
        "pause": lambda: engine.pause_clock(actor(), case_id, rule, reason),
        "resume": lambda: engine.resume_clock(actor(), case_id, rule, reason),
    }
    if form.get("verb", "") not in verbs:
        raise Invalid("say_why")
    verbs[form["verb"]]()
    say("admin.saved")
    return redirect(url_for("dossiers.case", case_id=case_id))


@views.get("/cases/<case_id>/diagram.bpmn")
@signed
def diagram(case_id: str) -> Response:
    """The drawing that this case runs on; of the procedure it calls where ``element`` lies there."""
    found = drawn(_seen(case_id).release)
    home = found.homes.get(request.args.get("element", ""), "process.bpmn")
    response = Response(found.release.files[home], mimetype="application/xml")
    response.headers["Cache-Control"] = "private, max-age=3600"
    return response


@views.get("/cases/<case_id>/marks.json")
@signed
def marks(case_id: str) -> Response:
    """Where the case has been and where it is: element and flow ids by mark."""
    _seen(case_id)
    store, engine = product().looking(), product().engine
    kept = store.case(case_id)
    told = replay(
        store.entries(f"case:{case_id}"),
        lambda digest: engine.release_of(store, digest),
        lambda digest: engine.facts_of(store, digest),
    )
    past = _path(one.outcome for one in told if one.outcome)
    state = read_state(kept.state) if kept.state else None
    here = {task.place.element for task in state.tasks} if state else set()
    incident = store.incident_of(case_id)
    wrong = [incident.incident.place.element] if incident and incident.incident.place else []
    body = {"past": sorted(past - here), "here": sorted(here), "wrong": wrong}
    return Response(json.dumps(body), mimetype="application/json")


def _path(outcomes: Iterable[Outcome]) -> set[str]:
    return {
        passed.place.element for outcome in outcomes for passed in outcome.trace if _counts(passed)
    }


def _counts(passed: Passed) -> bool:
    return passed.what in WAS or passed.what == "flow"


def _leaves(data: Any, path: str = "") -> list[tuple[str, Any]]:
    """Case data as lines: (dotted path, value); lists stay whole."""
    if not isinstance(data, dict) or not data:
        return [(path, _guarded(path, data))] if path else []
    found: list[tuple[str, Any]] = []
    for key in sorted(data):
        found += _leaves(data[key], f"{path}.{key}" if path else str(key))
    return found


def _guarded(path: str, value: Any) -> Any:
    """Identity numbers keep their middle hidden on this page for everybody."""
    is_number = path.endswith("id_no") and isinstance(value, str)
    return masked(value) if is_number else value


def fault_text(fault: Any, judged: Any) -> str:
    """What differs at an entry, in words."""
    params = {"seq": fault.seq, "certificate": "", "reason": "", "digest": "", **judged.params}
    return refusal(EngineError(fault.code, **params))


def _seen(case_id: str) -> queries.CaseRow:
    row = queries.case_row(reading(), viewer(), case_id)
    if row is None:
        raise NotFound("no_case", name=case_id)
    return row
