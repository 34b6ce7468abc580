"""The command that plays past cases on a folder that is not published: whatif."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Mapping
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import click

from engine.whatif import rehearse
from storage.queries.rehearsing import begun_cases
from webui.config import read_config
from webui.wiring import build

from .drawing import FOLDER, release_of
from .words import either

MOST = 100_000


@click.group()
def rehearsing() -> None:
    """What would it have done."""


@rehearsing.command(name="whatif")
@click.argument("path", type=FOLDER)
@click.option("--months", default=3, help="最近几个月 / of the last months", show_default=True)
def whatif_command(path: Path, months: int) -> None:
    """用一个规程文件夹重走近几个月的办件，不改任何办件。 Play past cases on a folder; writes nothing."""
    draft, built = release_of(path), build(read_config())
    since = built.clock() - timedelta(days=30 * months)
    counts: Counter[str] = Counter()
    with built.read() as connection:
        store = built.store_on(connection)
        read = (cache(store.release), cache(store.facts))
        for case in begun_cases(connection, draft.procedure, since, MOST):
            told = rehearse(store.entries(f"case:{case.id}"), draft, read)
            counts[told.verdict] += 1
            if told.verdict != "same":
                why = [told.verdict, told.code, _plain(told.params)]
                click.echo("  ".join([case.number, case.id, *why]))
    said = ", ".join(f"{name} {count}" for name, count in sorted(counts.items()))
    total = sum(counts.values())
    click.echo(either(f"{total} 件：{said or '无'}", f"{total} cases: {said or 'none'}"))
    sys.exit(1 if counts.keys() & {"stuck", "clock", "input"} else 0)


def _plain(params: Mapping[str, Any]) -> str:
    return " ".join(f"{key}={_said(value)}" for key, value in params.items() if value)


def _said(value: Any) -> str:
    if isinstance(value, tuple):
        return ",".join(f"{one.pointer}:{one.code}" for one in value)
    return str(value)
