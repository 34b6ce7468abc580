"""Figures of a procedure: chosen on a form, drawn on its diagram, as tables, as files; the cases behind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from flask import g, render_template, request
from werkzeug.wrappers import Response

from engine.access import may_read_figures
from engine.errors import NotFound
from storage import queries
from webui.admin.people import midnight
from webui.auth import only, viewer
from webui.citing import cite_on
from webui.figuring import MOST_VARIANTS, TABLES, TEXTS, Naming, Table, Tables, dispute_types
from webui.procedures import drawn
from webui.product import product, reading
from webui.tables import download
from webui.words import lang, pick, t

from .finding import day_of
from .heat import SHOWN, heated
from .places import Atlas
from .views import views

FEW = 100
"""So many cases behind a number can be listed."""
ALL = "all"
SIZES = ("whole", "full")
ASKED = ("procedure", "release", "org", "type", "mediator", "since", "until")


@dataclass(frozen=True)
class Chosen:
    """What was asked for, as the address says it and as a query."""

    given: Mapping[str, str]
    asked: queries.WalksAsked
    procedures: Sequence[str]
    choices: queries.WalkChoices

    @property
    def release(self) -> str:
        """The digest of the release on whose drawing the figures are shown."""
        return self.asked.release or _newest(self.choices.releases)


@views.get("/journal/figures")
@only(may_read_figures)
def figures() -> str:
    """The picture and every table of the cases that were asked for."""
    chosen = _chosen()
    about = {"chosen": chosen, "options": _options(chosen), "shown": SHOWN, "texts": TEXTS}
    about["filtered"] = any(chosen.given[name] for name in ASKED[2:])
    about["state"] = queries.walk_state(reading(), viewer(), chosen.asked)
    if not chosen.release:
        return render_template("audit/figures.html", **about, tables=[])
    made = _tables(chosen)
    show, size = _one_of(SHOWN, "show"), _one_of(SIZES, "size")
    return render_template(
        "audit/figures.html",
        **about,
        tables=made.all(),
        figures=made.figures,
        show=show,
        sizes=SIZES,
        size=size,
        heat=heated(made.figures, Atlas(drawn(chosen.release).release), made.naming, show),
        few=FEW,
        cite=lambda ref: cite_on(ref, product().clock()),
    )


@views.get("/journal/figures/<name>.<ending>")
@only(may_read_figures)
def figures_table(name: str, ending: str) -> Response:
    """One table as a file: csv or xlsx, lengths in seconds."""
    chosen = _chosen()
    if name not in TABLES or not chosen.release:
        raise NotFound("no_figures", name=name)
    table = _tables(chosen).one(name)
    rows = [
        [Decimal(cell.value) if cell.is_number else cell.text for cell in row] for row in table.rows
    ]
    return download(
        "xlsx" if ending == "xlsx" else "csv", t(f"figures.{name}"), _heads(table), rows
    )


@views.get("/journal/figures/cases")
@only(may_read_figures)
def figure_cases() -> str:
    """The cases in which what a number counts came about."""
    chosen, fact = _chosen(), request.args.get("fact", "")[:1000]
    g.part = "audit.figures"
    found = queries.walked_cases(reading(), viewer(), chosen.asked, fact, FEW + 1)
    return render_template(
        "audit/figure_cases.html",
        chosen=chosen,
        what=_naming(chosen).fact(fact) if chosen.release else "",
        found=found[:FEW],
        more=len(found) > FEW,
        few=FEW,
        names=queries.names_of(reading(), {case.org for case in found}),
    )


def _one_of(known: Sequence[str], name: str) -> str:
    """What the address says of it, the first known one else."""
    asked = request.args.get(name, "")
    return asked if asked in known else known[0]


def _heads(table: Table) -> list[str]:
    timed = ("waited_", "worked_")
    return [
        str(t("figures.in_seconds", head=head)) if key.startswith(timed) else head
        for key, head in table.columns
    ]


def _tables(chosen: Chosen) -> Tables:
    db = reading()
    found = queries.added_up(db, viewer(), chosen.asked)
    variants = [line.words[0] for line in found.variants()[:MOST_VARIANTS]]
    return Tables(found, _naming(chosen), queries.paths_of(db, variants))


def _naming(chosen: Chosen) -> Naming:
    offices = queries.names_of(reading())
    return Naming(drawn(chosen.release).release, offices, lang())


# What was asked --------------------------------------------------------------------------------


def _chosen() -> Chosen:
    """Of the procedure with the most cases unless another is asked for, the newest release with some."""
    db, given = reading(), {name: request.args.get(name, "").strip()[:100] for name in ASKED}
    procedures = queries.walked_procedures(db)
    given["procedure"] = given["procedure"] or next(iter(procedures), "")
    choices = queries.walk_choices(db, viewer(), given["procedure"])
    given["release"] = given["release"] or _newest(choices.releases)
    release = "" if given["release"] == ALL else given["release"]
    asked = queries.WalksAsked(
        given["procedure"], release, given["org"], given["type"], given["mediator"]
    )
    return Chosen(given, _between(asked, given), procedures, choices)


def _between(asked: queries.WalksAsked, given: Mapping[str, str]) -> queries.WalksAsked:
    since, until = day_of(given["since"]), day_of(given["until"])
    if since:
        asked = replace(asked, since=midnight(since))
    return replace(asked, before=midnight(until + timedelta(days=1))) if until else asked


def _newest(releases: Any) -> str:
    return max(releases, key=lambda digest: drawn(digest).release.version, default="")


def _options(chosen: Chosen) -> Mapping[str, Sequence[tuple[str, str]]]:
    """What can be chosen, in words."""
    choices, names = chosen.choices, queries.names_of(reading())
    published = {row.procedure: row.digest for row in queries.published(reading())}
    versions = sorted(choices.releases, key=lambda one: -drawn(one).release.version)
    return {
        "procedure": _named(
            chosen.procedures, {one: drawn(published[one]).name for one in published}
        ),
        "release": [
            *(
                (one, str(t("figures.version", version=drawn(one).release.version)))
                for one in versions
            ),
            (ALL, str(t("figures.all_releases"))),
        ],
        "org": _named(choices.orgs, names),
        "type": [(one, pick(dispute_types().get(one), one)) for one in sorted(choices.types)],
        "mediator": _named(choices.mediators, names),
    }


def _named(ids: Any, names: Mapping[str, str]) -> list[tuple[str, str]]:
    return sorted(((one, names.get(one, one)) for one in ids), key=lambda pair: pair[1])
