"""Incidents by their cause: the same procedure, step and code is one line, retried together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import Any

from flask import flash, redirect, render_template, request, url_for

from engine.access import may_mend
from engine.errors import EngineError, NotAllowed, NotFound
from storage import queries
from webui.auth import actor, only, viewer
from webui.errors import refusal
from webui.frame import say
from webui.procedures import drawn
from webui.product import fresh, product, reading
from webui.words import t

from .views import cause, views

SECONDS = 2.0
"""How long one page works before it tells how far it came."""


@dataclass(frozen=True, slots=True)
class Group:
    """Incidents of one cause, the oldest first."""

    rows: Sequence[queries.IncidentRow]

    @property
    def first(self) -> queries.IncidentRow:
        return self.rows[0]

    @property
    def causes(self) -> list[str]:
        """The sentences behind them, each once."""
        return list(dict.fromkeys(cause(one.code, _named(one)) for one in self.rows))


def _named(row: queries.IncidentRow) -> dict[str, Any]:
    """Its parameters, an element by its name."""
    element = row.params.get("element")
    return {**row.params, **({"element": drawn(row.release).step(element)} if element else {})}


def grouped(rows: Iterable[queries.IncidentRow]) -> list[Group]:
    """By procedure, step and code; the largest group first, then the oldest."""
    found: dict[Any, list[queries.IncidentRow]] = {}
    for row in rows:
        place = row.place or {}
        step = (place.get("scope", ""), place.get("element", ""))
        found.setdefault((row.procedure, *step, row.code), []).append(row)
    return sorted(map(Group, found.values()), key=lambda one: -len(one.rows))


@views.get("/incidents")
@only(may_mend)
def incidents() -> str:
    """Every open incident by its cause, and repairs that wait for a second person."""
    return _page()


def _page(problem: str = "") -> str:
    return render_template(
        "mending/incidents.html",
        groups=grouped(queries.incidents(reading(), viewer())),
        asked=queries.proposals(reading(), viewer()),
        drawn=drawn,
        problem=problem,
    )


@views.post("/incidents/<incident_id>/retry")
@only(may_mend)
def retry(incident_id: str) -> Any:
    """Play the held input of one again."""
    return _retry([incident_id])


@views.post("/incidents/retry")
@only(may_mend)
def retry_all() -> Any:
    """Play the held inputs of a whole group again, the oldest first."""
    return _retry(request.form.getlist("incident"))


def _retry(wanted: Sequence[str]) -> Any:
    known = [row.id for row in queries.incidents(reading(), viewer()) if row.id in set(wanted)]
    if not known:
        raise NotFound("no_incident", name=", ".join(wanted))
    reason = request.form.get("reason", "").strip()
    if not reason:
        return _page(refusal(NotAllowed("reason_needed"))), 422
    fresh()
    went, still = _play(known, reason)
    if went:
        say("mending.went", count=went)
    if still:
        flash(str(t("mending.still", count=still)), "late")
    if len(known) > went + still:
        say("mending.left", kind="info", count=len(known) - went - still)
    return redirect(url_for("mending.incidents"))


def _play(incidents: Iterable[str], reason: str) -> tuple[int, int]:
    """How many went through and how many did not, as far as the time reached."""
    engine, until, went, still = product().engine, monotonic() + SECONDS, 0, 0
    for incident in incidents:
        try:
            is_through = engine.retry(actor(), incident, reason)
        except EngineError:
            is_through = (
                False  # its own page says why: the case has moved on, or somebody was faster
            )
        went, still = went + is_through, still + (not is_through)
        if monotonic() > until:
            break
    return went, still
