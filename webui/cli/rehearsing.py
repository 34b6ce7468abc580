"""Commands on cases beside another release: whatif plays past ones, move lets running ones go on."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import click

from engine.counterparts import pair
from engine.errors import Conflict
from engine.model import Actor, Grant, Release
from engine.spiff import Misfit
from storage.queries.rehearsing import begun_cases, cases_elsewhere
from webui.config import read_config
from webui.product import Built
from webui.rehearsals import FEW_MOVES, Moving, Playing, tried
from webui.wiring import build

from .drawing import FOLDER, release_of
from .words import either, going, json_lines, say

MOST = 100_000
OPERATOR = Actor("operator", "operator", (Grant("DESIGNER", ""),))
"""Whoever may run commands on the machine."""


@click.group()
def rehearsing() -> None:
    """What would it have done; moving running cases."""


@rehearsing.command(name="whatif")
@click.argument("path", type=FOLDER)
@click.option("--months", default=3, help="最近几个月 / of the last months", show_default=True)
@json_lines
def whatif_command(path: Path, months: int, as_json: bool) -> None:
    """用一个规程文件夹重走近几个月的办件，不改任何办件。 Play past cases on a folder; writes nothing."""
    draft, built = release_of(path), build(read_config())
    since = built.clock() - timedelta(days=30 * months)
    with built.read() as connection:
        cases = {one.id: one for one in begun_cases(connection, draft.procedure, since, MOST)}
    counts: Counter[str] = Counter()
    played = tried(built.config, Playing(draft), list(cases))
    with going(played, either("推演", "playing"), len(cases)) as each:
        for case, told in each:
            counts[told.verdict] += 1
            why = {"verdict": told.verdict, "code": told.code, "params": _plain(told.params)}
            line = {"dossier": cases[case].number, "case": case, **why}
            if as_json:
                click.echo(json.dumps(line, ensure_ascii=False))
            elif told.verdict != "same":
                click.echo("  ".join(line.values()))
    said = ", ".join(f"{name} {count}" for name, count in sorted(counts.items()))
    total = sum(counts.values())
    click.echo(
        either(f"{total} 件：{said or '无'}", f"{total} cases: {said or 'none'}"), err=as_json
    )
    sys.exit(1 if counts.keys() & {"stuck", "clock", "input"} else 0)


@rehearsing.command(name="move")
@click.argument("procedure")
@click.option("--reason", default="", help="理由，记入每件的日志 / why; without it: a dry run")
@click.option(
    "--as", "same", multiple=True, metavar="OLD=NEW", help="换了编号的步骤 / renamed steps"
)
@json_lines
def move_command(procedure: str, reason: str, same: Sequence[str], as_json: bool) -> None:
    """把在办办件转到现行版本；不写理由只试算。 Move running cases to the published version."""
    built, given = build(read_config()), dict(one.split("=", 1) for one in same if "=" in one)
    with built.read() as connection:
        store = built.store_on(connection)
        release = store.current_release(procedure)
        cases = {one.id: one for one in cases_elsewhere(connection, procedure, release.digest)}
        olds = {one.release for one in cases.values()}
        names = {old: _names(store.release(old), release, given) for old in olds}
    judged = tried(built.config, Moving(release, names, built.clock()), list(cases), few=FEW_MOVES)
    with going(judged, either("试算", "dry run"), len(cases)) as each:
        fits = [case for case, one in each if _fits(cases[case], one.misfit, as_json)]
    moved = 0
    if reason.strip():
        built.engine.plan_move(OPERATOR, release, reason, names)
        there = (release.digest, reason)
        moved = sum(_moved(built, case, there, names[cases[case].release]) for case in fits)
    stay = len(cases) - len(fits)
    click.echo(
        either(
            f"{len(fits)} 件可以转，{stay} 件不能转，已转 {moved} 件",
            f"{len(fits)} fit, {stay} stay, {moved} moved",
        ),
        err=as_json,
    )


def _names(old: Release, new: Release, given: Mapping[str, str]) -> Mapping[str, str]:
    """What was named; what would be suggested is told, and taken only once it is named."""
    asked = pair(old.files, new.files).asked
    for one in asked:
        if one.to and one.path not in given:
            click.echo(f"--as {one.path}={one.to}  ({one.why}?)", err=True)
    return pair(old.files, new.files, {one.path: given.get(one.path, "") for one in asked}).names


def _fits(row: Any, found: Misfit | None, as_json: bool) -> bool:
    """Whether a case may go; why it stays is said, and all of it to a machine."""
    why = say(found.code, {**found.params, "element": found.element}) if found else ""
    if as_json:
        told = {"dossier": row.number, "case": row.id, "fits": not found, "why": why}
        click.echo(json.dumps(told, ensure_ascii=False))
    elif why:
        click.echo(f"{row.number}  {row.id}  {why}")
    return not found


def _moved(built: Built, case: str, there: tuple[str, str], names: Mapping[str, str]) -> bool:
    try:
        return built.engine.move_case(OPERATOR, case, *there, names)
    except Conflict as refused:  # somebody was faster since the dry run
        click.echo(f"{case}  {say(refused.code, refused.params)}", err=True)
        return False


def _plain(params: Mapping[str, Any]) -> str:
    return " ".join(f"{key}={_said(value)}" for key, value in params.items() if value)


def _said(value: Any) -> str:
    if isinstance(value, tuple):
        return ",".join(f"{one.pointer}:{one.code}" for one in value)
    return str(value)
