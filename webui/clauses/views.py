"""The list of clauses and articles, each with what carries it; a source as in force on a day."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, render_template, request

from engine.citations import source_of, versions_on
from engine.errors import Invalid, NotFound
from webui.auth import signed
from webui.display import local
from webui.product import product
from webui.registers import citation, register

from .mapping import Chart, Story, address, chart, pages, prove

views = Blueprint("clauses", __name__, template_folder="templates")
POLICIES = ("CQ", "YN")


@views.get("/clauses")
@signed
def index() -> str:
    """Every clause of both policies, then every article that is cited, with live numbers."""
    found = chart()
    return render_template(
        "clauses/index.html",
        policies={
            name: [ref for ref in register("clauses") if ref.startswith(name)] for name in POLICIES
        },
        clauses=register("clauses"),
        sources=register("sources"),
        chart=found,
        pages=pages(),
        address=address,
        passed=found.passed(),
    )


@views.get("/clauses/<ref>")
@signed
def clause(ref: str) -> str:
    """One clause or article: the elements that carry it, how often they were passed, its stories."""
    return _clause(ref, False)


@views.post("/clauses/<ref>")
@signed
def play_again(ref: str) -> str:
    """Play its stories now on the published releases: what each passes and asserts."""
    return _clause(ref, True)


def _clause(ref: str, played: bool) -> str:
    found = chart()
    spots = found.spots.get(ref, ())
    cited = citation(ref, _today())
    if cited is None:
        raise NotFound("citation_unknown", ref=ref)
    return render_template(
        "clauses/clause.html",
        ref=ref,
        cited=cited,
        clause=register("clauses").get(ref),
        source=source_of(ref),
        spots=spots,
        chart=found,
        passed=found.passed(),
        screens=[(one, address(one)) for one in pages().get(ref, ())],
        told=_played(found, ref) if played else [(one, []) for one in found.stories.get(ref, ())],
        played=played,
    )


def _played(found: Chart, ref: str) -> list[tuple[Story, list[str]]]:
    """Each story with the names of the steps that it proves."""
    return [
        (story, [found.releases[story.procedure].step(one.spot.element) for one in proved])
        for story, proved in prove(found, ref)
    ]


@views.get("/sources/<source_id>")
@signed
def source(source_id: str) -> str:
    """A source of law in the version in force on a day, the versions beside it, what cites it."""
    kept = register("sources").get(source_id)
    if kept is None:
        raise NotFound("citation_unknown", ref=source_id)
    on = _day(request.args.get("on", ""))
    version, before, after = versions_on(kept, on)
    refs = chart().articles().get(source_id, [])
    return render_template(
        "clauses/source.html",
        id=source_id,
        source=kept,
        on=on,
        version=version,
        before=before,
        after=after,
        unknown=on < version.get("from", date.min) or on > version.get("until", date.max),
        articles=[(ref, citation(ref, on)) for ref in refs],
    )


def _today() -> date:
    today: date = local(product().clock()).date()
    return today


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text) if text else _today()
    except ValueError:
        raise Invalid("citation_day_unreadable", day=text) from None
