"""The command on letters: each set with the data of a story, as an author or a release's checker sees it."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click

from engine.errors import Failed
from engine.facts import build_facts
from engine.letters import letters_of
from engine.letters.sampling import given
from engine.model import Facts, Release
from engine.scenario import find_scenarios
from engine.services.fonts import FontStack
from engine.services.typesetting import Letters
from webui.config import read_config
from webui.registers import SHARED

from .drawing import FOLDER, procedures, release_of
from .words import either, going, json_lines, language, problem_line, say


@click.group()
def lettering() -> None:
    """Set letters."""


@lettering.command(name="letters")
@click.argument("path", type=FOLDER, default=Path("bpmn"))
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="PDF 存放处 / folder")
@json_lines
def letters_command(path: Path, out: Path | None, as_json: bool) -> None:
    """用情景的数据排出每份文书。 Set every letter with the data of a scenario."""
    setter, facts = Letters(FontStack(read_config().fonts)), build_facts(SHARED)
    wrong = made = 0
    for folder in procedures(path):
        release = release_of(folder)
        for name, result in _set(release, facts, setter):
            why = "" if isinstance(result, bytes) else result
            made, wrong = made + (not why), wrong + bool(why)
            told = {"procedure": folder.name, "letter": name, "why": why}
            if as_json:
                click.echo(json.dumps(told, ensure_ascii=False))
            elif why:
                click.echo(f"{folder.name}/letters/{name}: {why}")
            if out and isinstance(result, bytes):
                _keep(out / folder.name / f"{name}.pdf", result)
    click.echo(f"{made} set, {wrong} not set", err=as_json)
    sys.exit(1 if wrong else 0)


def _set(release: Release, facts: Facts, setter: Letters) -> Iterator[tuple[str, bytes | str]]:
    """Each letter's PDF from the first story that gives all it needs, else why there is none."""
    never = either("没有情景产生它", "no scenario makes it")
    found: dict[str, bytes | str] = dict.fromkeys(letters_of(release.files), never)
    with going(find_scenarios(release.files), release.procedure) as stories:
        for name, data in (one for told in stories for one in given(release, facts, told)):
            if isinstance(found.get(name), str):
                found[name] = _tried(release, name, data, setter)
    yield from found.items()


def _tried(release: Release, name: str, data: Mapping[str, Any], setter: Letters) -> bytes | str:
    try:
        made = setter.typeset(release, name, data, language())
    except Failed as failed:
        return say(failed.code, failed.params)
    return made.pdf or "; ".join(problem_line(one) for one in made.problems)


def _keep(file: Path, content: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
