"""Commands that prove: verify, replay, incidents, retry."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator

import click

from engine.journal import verify as verify_chain
from engine.model import Actor, Grant
from engine.replay import Told, Verdict, judge, replay
from engine.texts import text as sentence
from storage import queries
from webui.config import read_config
from webui.product import Built
from webui.wiring import build

from .words import either, language, say

OPERATOR = Actor("operator", "operator", (Grant("SUPERVISOR", ""),))
"""Whoever may run commands on the machine."""


@click.group()
def proving() -> None:
    """Verify, replay, incidents."""


@proving.command()
@click.option("--case", "case_id", help="一个办件 / one case")
@click.option("--all", "every", is_flag=True, help="全部办件与其他日志 / every case and stream")
@click.option(
    "--json", "as_json", is_flag=True, help="每个结果一行 JSON / one JSON line per result"
)
def verify(case_id: str | None, every: bool, as_json: bool) -> None:
    """核对日志链并重放，指出第一处不同。 Verify chains and replay them; name what differs."""
    if not case_id and not every:
        raise click.UsageError(either("请给出 --case 或 --all", "give --case or --all"))
    built = build(read_config())
    streams = [f"case:{case_id}"] if case_id else list(_streams(built))
    bad = 0
    with click.progressbar(streams, file=sys.stderr, hidden=len(streams) < 20) as bar:
        for stream in bar:
            verdict = _verdict(built, stream)
            bad += not verdict.same
            if as_json or not verdict.same or not every:
                click.echo(_verdict_json(verdict) if as_json else "\n".join(sentences(verdict)))
    click.echo(f"{len(streams) - bad} passed, {bad} failed")
    sys.exit(1 if bad else 0)


@proving.command(name="replay")
@click.argument("case_id")
@click.option("--json", "as_json", is_flag=True, help="每条一行 JSON / one JSON line per entry")
def replay_command(case_id: str, as_json: bool) -> None:
    """逐条重放一个办件。 Tell a case again, entry by entry."""
    built = build(read_config())
    with built.open_store() as store:
        chain = list(store.entries(f"case:{case_id}"))
        told = list(replay(chain, store.release, store.facts))
    for one in told:
        click.echo(_told_json(one) if as_json else _told_line(one))
    verdict = verdict_of(built, case_id)
    click.echo("\n".join(sentences(verdict)))
    sys.exit(0 if verdict.same and chain else 1)


@proving.command()
@click.option("--retry", "retry_id", help="重试一个异常 / play an incident's input again")
@click.option("--reason", default="", help="理由，记入日志 / the reason, journalled")
@click.option("--json", "as_json", is_flag=True)
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
    click.echo(either(f"{len(held)} 个异常", f"{len(held)} open incidents"))


def verdict_of(built: Built, case_id: str) -> Verdict:
    """The verdict on one case: chain, replay, and the stored state."""
    with built.open_store() as store:
        case = store.case(case_id)
        chain = list(store.entries(f"case:{case_id}"))
        return judge(chain, store.release, store.facts, case.state)


def sentences(verdict: Verdict) -> Iterator[str]:
    """A verdict in words: one sentence when all is well, one per break otherwise."""
    if not verdict.breaks:
        yield either(
            f"重放一致 · 链完整 · {verdict.entries} 条日志，重放 {verdict.replayed} 步（{verdict.case}）",
            f"replays the same, chain whole: {verdict.entries} entries, {verdict.replayed} steps"
            f" ({verdict.case})",
        )
    for fault in verdict.breaks:
        params = {"seq": fault.seq, "certificate": "", "reason": "", "digest": "", **verdict.params}
        yield f"{fault.stream}: {sentence(fault.code, language(), params)}"


def _streams(built: Built) -> Iterator[str]:
    with built.open_store() as store:
        yield from store.streams()


def _verdict(built: Built, stream: str) -> Verdict:
    """A case is replayed; of a person, a setting or a dossier the chain is verified."""
    kind, _, name = stream.partition(":")
    if kind == "case":
        return verdict_of(built, name)
    with built.open_store() as store:
        chain = list(store.entries(stream))
    return Verdict(stream, len(chain), 0, tuple(verify_chain(chain)), {})


def _verdict_json(verdict: Verdict) -> str:
    faults = [{"seq": b.seq, "code": b.code} for b in verdict.breaks]
    return json.dumps(
        {
            "case": verdict.case,
            "same": verdict.same,
            "entries": verdict.entries,
            "replayed": verdict.replayed,
            "breaks": faults,
        }
    )


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
