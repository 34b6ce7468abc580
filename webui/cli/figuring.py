"""``liandiao figures``: how the cases of a procedure went, as tables or JSON."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import click

from engine.errors import NotFound
from engine.model import Actor, Grant
from storage import queries
from webui.admin.people import midnight
from webui.config import read_config
from webui.figuring import MOST_VARIANTS, Naming, Table, Tables
from webui.product import Built
from webui.walking import walk_all
from webui.wiring import build

from .words import either, going, json_lines, language

VIEWER = queries.Viewer(Actor("operator", "operator", (Grant("ADMIN", ""),)))
DAY = click.DateTime(["%Y-%m-%d"])


@click.group()
def figuring() -> None:
    """Figures."""


@figuring.command()
@click.option("--procedure", required=True, help="规程 / the procedure")
@click.option("--release", default="", help="版本号，缺省为全部 / its version number, else all")
@click.option("--org", default="", help="法庭或单位 / court or office")
@click.option("--type", "kind", default="", help="纠纷类型代码 / type of dispute")
@click.option("--mediator", default="", help="调解员 / mediator")
@click.option("--since", type=DAY, help="受理从 / begun from this day")
@click.option("--until", type=DAY, help="受理到 / begun until this day")
@click.option(
    "--anew", is_flag=True, help="全部从日志重新计数 / count everything anew from journals"
)
@json_lines
def figures(procedure: str, release: str, anew: bool, as_json: bool, **narrowed: Any) -> None:
    """统计一个规程的办件：次数、时间、走法、期限、移交。 Count how the cases of a procedure went."""
    built = build(read_config())
    if anew:
        built.engine.walk_anew()
    _catch_up(built)
    with built.read() as db:
        digest = _digest(built, db, procedure, release)
        asked = _asked(procedure, digest if release else "", **narrowed)
        found = queries.added_up(db, VIEWER, asked)
        state = queries.walk_state(db, VIEWER, asked)
        paths = queries.paths_of(db, [one.words[0] for one in found.variants()[:MOST_VARIANTS]])
        naming = Naming(built.store_on(db).release(digest), queries.names_of(db), language())
    tables = Tables(found, naming, paths).all()
    if as_json:
        plain = {table.id: table.plain() for table in tables}
        told = {"procedure": procedure, "cases": found.cases, "faulty": state.faulty, **plain}
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    for table in tables:
        _print(table, naming)
    click.echo(
        either(
            f"计入 {found.cases} 个办件，不能重放 {state.faulty} 个",
            f"{found.cases} cases counted, {state.faulty} cannot be replayed",
        )
    )


def _catch_up(built: Built) -> None:
    """Tell every case whose journal has grown; the product may go on meanwhile."""
    with built.open_store() as store:
        waiting = store.count_unwalked()
    with going((), either("计数", "counting"), waiting) as bar:
        for _ in walk_all(built):
            bar.update(1)


def _digest(built: Built, db: Any, procedure: str, version: str) -> str:
    """The release of that version number, the newest one with cases without it."""
    store = built.store_on(db)
    digests = queries.walk_choices(db, VIEWER, procedure).releases
    versions = {str(store.release(digest).version): digest for digest in digests}
    newest = max(versions, key=int, default="")
    found = versions.get(version or newest)
    if not found:
        raise NotFound("no_figures", name=f"{procedure} {version}".strip())
    return found


def _asked(procedure: str, release: str, **narrowed: Any) -> queries.WalksAsked:
    by = (narrowed["org"], narrowed["kind"], narrowed["mediator"])
    asked = queries.WalksAsked(procedure, release, *by)
    since, until = narrowed["since"], narrowed["until"]
    asked = replace(asked, since=midnight(since.date())) if since else asked
    after = midnight(until.date() + timedelta(days=1)) if until else asked.before
    return replace(asked, before=after)


def _print(table: Table, naming: Naming) -> None:
    """A table with its columns between tabs."""
    click.echo(f"# {naming.say(table.id)}")
    click.echo("\t".join(head for _, head in table.columns))
    for row in table.rows:
        click.echo("\t".join(cell.text or "-" for cell in row))
    click.echo()
