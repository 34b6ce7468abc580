"""One case for readers: diagram with its path, entries, clocks, data, and whether it replays the same."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from flask import render_template, request
from werkzeug.wrappers import Response

from engine.errors import EngineError, NotFound
from engine.model import Outcome, Passed
from engine.replay import judge, replay
from engine.spiff import read_state
from storage import queries
from webui.auth import signed, viewer
from webui.clockcards import clock_cards
from webui.errors import refusal
from webui.procedures import drawn
from webui.product import product, reading

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
    """Verify the chain and play every input again: does it give the same, byte for byte?"""
    _seen(case_id)
    store = product().looking()
    engine = product().engine
    chain = list(store.entries(f"case:{case_id}"))
    judged = judge(
        chain,
        lambda digest: engine.release_of(store, digest),
        lambda digest: engine.facts_of(store, digest),
        store.case(case_id).state,
    )
    return _case(case_id, judged)


def _case(case_id: str, judged: Any = None) -> str:
    row = _seen(case_id)
    note_reading(row.dossier)
    db = reading()
    kept = product().looking().case(case_id)
    state = read_state(kept.state) if kept.state else None
    found = drawn(row.release)
    return render_template(
        "dossiers/case.html",
        case=row,
        drawn=found,
        dossier=queries.dossier_row(db, viewer(), row.dossier),
        cards=clock_cards(state.clocks, kept, found.release) if state else [],
        data=_leaves(state.data) if state else [],
        entries=queries.recent_entries(db, [f"case:{case_id}"], ENTRIES),
        open_now=queries.case_tasks(db, viewer(), case_id),
        verdict=judged,
        fault_text=_fault_text,
    )


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
        return [(path, data)] if path else []
    found: list[tuple[str, Any]] = []
    for key in sorted(data):
        found += _leaves(data[key], f"{path}.{key}" if path else str(key))
    return found


def _fault_text(fault: Any, judged: Any) -> str:
    """What differs at an entry, in words."""
    params = {"seq": fault.seq, "certificate": "", "reason": "", "digest": "", **judged.params}
    return refusal(EngineError(fault.code, **params))


def _seen(case_id: str) -> queries.CaseRow:
    row = queries.case_row(reading(), viewer(), case_id)
    if row is None:
        raise NotFound("no_case", name=case_id)
    return row
