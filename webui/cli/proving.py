"""Commands on what happened: verify, replay, incidents, retry."""

from __future__ import annotations

import json
import sys

import click

from engine.errors import NotFound
from engine.model import Actor, Grant
from engine.replay import Told, replay
from storage import queries
from webui.config import read_config
from webui.verification import prover_of
from webui.wiring import build, reader

from .verifying import sentences, verify
from .words import either, json_lines, say

OPERATOR = Actor("operator", "operator", (Grant("SUPERVISOR", ""),))
"""Whoever may run commands on the machine."""


@click.group()
def proving() -> None:
    """Verify, replay, incidents."""


proving.add_command(verify)


@proving.command(name="replay")
@click.argument("case_id")
@json_lines
def replay_command(case_id: str, as_json: bool) -> None:
    """逐条重放一个办件。 Tell a case again, entry by entry."""
    config = read_config()
    with reader(config)() as store:
        chain = list(store.entries(f"case:{case_id}"))
        if not chain:
            raise NotFound("no_case", name=case_id)
        told = list(replay(chain, store.release, store.facts))
    for one in told:
        click.echo(_told_json(one) if as_json else _told_line(one))
    verdict = prover_of(config).prove("stream", f"case:{case_id}")
    click.echo("\n".join(sentences(verdict)), err=as_json)
    sys.exit(0 if verdict.same else 1)


@proving.command()
@click.option("--retry", "retry_id", help="重试一个异常 / play an incident's input again")
@click.option("--reason", default="", help="理由，记入日志 / the reason, journalled")
@json_lines
def incidents(retry_id: str | None, reason: str, as_json: bool) -> None:
    """列出或重试异常。 List open incidents, or retry one."""
    built = build(read_config())
    if retry_id:
        went = built.engine.retry(OPERATOR, retry_id, reason)
        click.echo(either("已继续", "went through") if went else either("仍未通过", "still held"))
        sys.exit(0 if went else 1)
    with built.read() as connection:
        held = queries.incidents(connection, queries.Viewer(OPERATOR, (("", ""),)))
    for one in held:
        words = {
            "id": one.id,
            "dossier": one.number,
            "case": one.case_id,
            "code": one.code,
            "opened_at": one.opened_at.isoformat(timespec="seconds"),
            "text": say(one.code, one.params),
        }
        text = json.dumps(words, ensure_ascii=False) if as_json else "  ".join(words.values())
        click.echo(text)
    click.echo(either(f"{len(held)} 个异常", f"{len(held)} open incidents"), err=as_json)


def _told_line(told: Told) -> str:
    entry = told.entry
    mark = {"": "  " if entry.kind == "note" else "= "}.get(told.fault, "! ")
    moment = f"{entry.at:%Y-%m-%d %H:%M:%S}Z"
    return f"{mark}{entry.seq:>4}  {moment}  {entry.actor:<14} {entry.verb:<16} {entry.element}"


def _told_json(told: Told) -> str:
    entry = told.entry
    return json.dumps(
        {
            "seq": entry.seq,
            "kind": entry.kind,
            "at": entry.at.isoformat(),
            "actor": entry.actor,
            "verb": entry.verb,
            "element": entry.element,
            "fault": told.fault,
        }
    )
