"""The command on keeping: what may be destroyed and why the rest stays; carry out an approved list."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import click

from engine.model import Actor, Grant
from engine.retention import Kept, shortest
from engine.workdays import day_end, day_start, local_day
from storage import queries
from webui.config import read_config
from webui.registers import schedule
from webui.wiring import build

from .words import either, json_lines, language, say

OPERATOR = Actor("operator", "operator", (Grant("ADMIN", ""),))
"""Whoever may run commands on the machine: reads, and carries out what two people decided."""


@click.group()
def keeping() -> None:
    """Keep and forget."""


@keeping.command()
@click.option(
    "--dry-run", "dry", is_flag=True, help="只试算（默认）/ only look, as without options"
)
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="试算日期 / look ahead to a day")
@click.option("--carry-out", "listed", default="", help="执行已批准的清单 / an approved list's id")
@json_lines
def retention(dry: bool, on: datetime | None, listed: str, as_json: bool) -> None:
    """试算哪些卷宗可以销毁，或执行已批准的清单。 What may be destroyed; carry out an approved list."""
    built = build(read_config())
    if listed and not dry:
        done = built.engine.carry_out(OPERATOR, listed, schedule())
        told = (len(done.certificates), done.files, len(done.kept))
        click.echo(
            either(
                "销毁卷宗 {}、文件 {}，保留 {}", "{} dossiers, {} files destroyed, {} stay"
            ).format(*told)
        )
        return
    day = on.date() if on else local_day(built.clock())
    free = total = 0
    for number, kept in _judged(built, day):
        free, total = free + (not kept.reasons), total + 1
        click.echo(_json(number, kept) if as_json else _line(number, kept))
    words = either("{} 个卷宗满最短期限，{} 个可以销毁", "{} dossiers ripe, {} may be destroyed")
    click.echo(words.format(total, free), err=as_json)


def _judged(built: Any, day: date) -> Iterator[tuple[str, Kept]]:
    """Every dossier old enough for the shortest period, page by page."""
    at = day_end(day) - timedelta(seconds=1)
    with built.read() as db:
        store, page, more = built.store_on(db), 1, True
        years = shortest(schedule(), store.current_facts())
        before = day_start(date(max(day.year - years, 1), day.month, min(day.day, 28)))
        while more:
            rows, more = queries.ripe_dossiers(db, queries.Viewer(OPERATOR), before, page)
            for row in rows:
                yield row.number, built.engine.appraise(store, store.filed(row.id), schedule(), at)
            page += 1


def _line(number: str, kept: Kept) -> str:
    if not kept.reasons:
        rule = kept.keeping.name[language()] if kept.keeping else ""
        return f"{number}  {either('可以销毁', 'may be destroyed')}  {rule}"
    return "  ".join([number, *(say(one.code, one.params) for one in kept.reasons)])


def _json(number: str, kept: Kept) -> str:
    told = {
        "dossier": number,
        "rule": kept.keeping.id if kept.keeping else "",
        "due_at": kept.due.due_at.isoformat() if kept.due else "",
        "kept": [one.code for one in kept.reasons],
    }
    return json.dumps(told, ensure_ascii=False)
