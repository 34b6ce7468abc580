"""What is kept for how long, the dry run, lists, holds and certificates: read by those who keep and watch."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, render_template, request

from engine.access import may_appraise, may_carry_out, may_propose, may_read_retention
from engine.errors import NotFound
from engine.retention import shortest
from engine.workdays import day_start
from storage import queries
from webui.auth import actor, only, viewer
from webui.citing import cite_on
from webui.product import product, reading
from webui.registers import register, schedule
from webui.words import pick

from .shown import keeping_of, schedule_rows, today

views = Blueprint("retention", __name__, template_folder="templates", url_prefix="/retention")
TABS = ("index", "due", "lists", "holds", "certificates")


@views.get("/")
@only(may_read_retention)
def index() -> str:
    """The schedule: what is kept how long, by which rule, how certain that is."""
    return page("index", rows=schedule_rows(), settings=register("settings"))


@views.get("/due")
@only(may_read_retention)
def due() -> str:
    """The dry run for today or another day: what may be destroyed, what stays and why."""
    return due_page()


def due_page(problem: str = "") -> str:
    """One page of what is ripe; ``problem``: why nothing was proposed."""
    on = asked_day()
    years = shortest(schedule(), product().looking().current_facts())
    before = day_start(_earlier(on, years))
    rows, more = queries.ripe_dossiers(reading(), viewer(), before, page_number())
    mine = {row.id for row in rows if may_propose(actor(), {row.org})}
    shown = [(row, keeping_of(row.id, on, with_holdings=True)) for row in rows]
    free = any(one.is_due and not one.listed and row.id in mine for row, one in shown)
    ready = free and on == today()
    return page("due", rows=shown, more=more, on=on, mine=mine, ready=ready, problem=problem)


def _earlier(on: date, years: int) -> date:
    """The first day after those on which a dossier must have been opened to be due."""
    year = max(on.year - years, 1)
    return on.replace(year=year, day=28 if (on.month, on.day) == (2, 29) else on.day)


@views.get("/lists")
@only(may_read_retention)
def lists() -> str:
    """Every proposal and what became of it."""
    rows, more = queries.destruction_rows(reading(), viewer(), page_number())
    return page("lists", rows=rows, more=more)


@views.get("/lists/<list_id>")
@only(may_read_retention)
def one_list(list_id: str) -> str:
    """One proposal: its dossiers with the dry run as of now, its decision, its certificates."""
    return list_page(list_id)


def list_page(list_id: str, problem: str = "") -> str:
    """NotFound (no_destruction) also where the reader sees none of its dossiers."""
    rows = queries.doomed_rows(reading(), viewer(), list_id)
    if not rows:
        raise NotFound("no_destruction")
    listed = product().looking().destruction(list_id)
    return page(
        "list",
        listed=listed,
        rows=[(row, keeping_of(row.dossier, with_holdings=True)) for row in rows],
        rule_names={one.id: pick(one.name) for one in schedule()},
        may_carry_out=may_carry_out(actor()),
        may_decide=listed.state == "proposed" and may_appraise(actor(), listed.proposed_by),
        problem=problem,
    )


@views.get("/holds")
@only(may_read_retention)
def holds() -> str:
    """Every hold: those that hold first."""
    rows, more = queries.hold_rows(reading(), viewer(), page=page_number())
    return page("holds", rows=rows, more=more)


@views.get("/certificates")
@only(may_read_retention)
def certificates() -> str:
    """What was destroyed."""
    rows, more = queries.certificate_rows(reading(), viewer(), page=page_number())
    return page("certificates", rows=rows, more=more)


@views.get("/certificates/<number>")
@only(may_read_retention)
def certificate(number: str) -> str:
    """A certificate to print: what its journal entry says, and where that stands in the signed log."""
    rows, _ = queries.certificate_rows(reading(), viewer(), number)
    if not rows:
        raise NotFound("no_certificate")
    row, store = rows[0], product().looking()
    entry, told = next(iter(store.entries(row.stream, row.seq - 1)))
    standing = next((one for one in store.standing(row.stream) if one.seq == row.seq), None)
    rule = next((one for one in schedule() if one.id == told.data["rule"]), None)
    return page(
        "certificate",
        row=row,
        entry=entry,
        told=told.data,
        listed=store.destruction(row.destruction),
        rule_name=pick(rule.name) if rule else told.data["rule"],
        basis=[cite_on(ref, row.made_at) for ref in told.data["basis"]],
        position=standing.position if standing else -1,
    )


# Shared ----------------------------------------------------------------------------------------


def page(name: str, **shown: Any) -> str:
    """A page of this part, with the names of people and its tabs."""
    return render_template(
        f"retention/{name}.html",
        tabs=TABS,
        tab=name,
        names=queries.names_of(reading()),
        page=page_number(),
        **shown,
    )


def page_number() -> int:
    asked = request.args.get("page", "1")
    return int(asked) if asked.isdecimal() and 1 <= int(asked) <= 2000 else 1


def asked_day() -> date:
    """The day of the dry run: today unless another one was asked for."""
    try:
        return max(date.fromisoformat(request.args.get("on", "")), today())
    except ValueError:
        return today()
