"""Commands on drawings, without a database: check, run, scenarios, layout, tck."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import click

from engine.checks import check
from engine.coverage import KINDS, Coverage, coverage
from engine.facts import build_facts
from engine.layout import layout
from engine.model import Facts, Finding, Release
from engine.mutation import mutate
from engine.package import digest, read_package
from engine.running import Given, Ran, run
from engine.scenario import Played, Scenario, find_scenarios, play
from engine.tck import run_tck
from engine.values import to_json
from webui.registers import SHARED

from .words import either, going, json_lines, language, problem_line, say

FOLDER = click.Path(exists=True, path_type=Path)
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
MUTATION_FLOOR = 90
"""Percent of mutants that must fail a scenario."""


@click.group()
def drawing() -> None:
    """Check, run and play procedures."""


def procedures(path: Path) -> list[Path]:
    """The procedure folders (or zips) that a path names: itself, or those inside it."""
    if path.is_file() or (path / "process.bpmn").exists():
        return [path]
    return sorted(p.parent for p in path.glob("*/process.bpmn"))


def release_of(path: Path) -> Release:
    """An unpublished release of a folder, a zip, or a diagram file (with its folder if it has one)."""
    home = path.resolve().parent if path.name == "process.bpmn" else path
    lone = path.suffix == ".bpmn" and not (home / "forms").is_dir()
    files = {"process.bpmn": path.read_bytes()} if lone else read_package(home)
    return Release(path.stem if lone else home.resolve().stem, digest(files), files)


@drawing.command(name="check")
@click.argument("path", type=FOLDER)
@json_lines
def check_command(path: Path, as_json: bool) -> None:
    """检查规程能否发布。 Check whether procedures may be published."""
    folders = procedures(path)
    with going(folders, either("检查", "checking")) as each:
        found = [(folder, one) for folder in each for one in check(*_checked(folder))]
    for folder, finding in found:
        click.echo(
            _finding_json(folder, finding) if as_json else f"{folder.name}{problem_line(finding)}"
        )
    errors = sum(one.level == "error" for _, one in found)
    warnings = len(found) - errors
    click.echo(
        either(
            f"检查 {len(folders)} 个规程：{errors} 个错误，{warnings} 个提醒",
            f"{len(folders)} procedures checked: {errors} errors, {warnings} warnings",
        ),
        err=as_json,
    )
    sys.exit(1 if errors else 0)


def _checked(path: Path) -> tuple[Any, str]:
    return release_of(path).files, path.resolve().name if path.is_dir() else ""


def _finding_json(folder: Path, finding: Finding) -> str:
    plain = {
        "procedure": folder.name,
        "code": finding.code,
        "level": finding.level,
        "file": finding.file,
        "element": finding.element,
        "params": {key: str(value) for key, value in finding.params.items()},
    }
    return json.dumps(plain, ensure_ascii=False)


# Playing -------------------------------------------------------------------------------------


@drawing.command(name="run")
@click.argument("file", type=FILE)
@click.option(
    "--data", type=FILE, help="start、tasks、effects 的 JSON / JSON of start, tasks, effects"
)
@click.option("--trace", is_flag=True, help="打印经过的节点 / print the nodes passed")
@click.option(
    "--skip-time", is_flag=True, help="无人可办时跳到下一个定时 / go on to the next timer"
)
@json_lines
def run_command(file: Path, data: Path | None, trace: bool, skip_time: bool, as_json: bool) -> None:
    """在引擎上走一遍任意流程图，不需要数据库。 Run any diagram on the step, without a database."""
    release = release_of(file)
    plain = json.loads(data.read_text("utf-8")) if data else {}
    given = Given(plain.get("start", {}), dict(plain.get("tasks", {})), plain.get("effects", {}))
    ran = run(release, build_facts(SHARED), given, datetime.now(UTC), skip_time)
    click.echo(json.dumps(_ran(ran, trace), ensure_ascii=False, indent=None if as_json else 1))
    stands = _how_it_stands(ran)
    click.echo(stands, err=as_json)
    sys.exit(0 if ran.case.outcome.ended and not ran.case.incident else 1)


def _ran(ran: Ran, trace: bool) -> dict[str, Any]:
    outcome = ran.case.outcome
    plain: dict[str, Any] = {
        "ended": outcome.ended,
        "open": [task.place.element for task in outcome.tasks],
        "timers": [[timer.place.element, timer.due.isoformat()] for timer in outcome.timers],
        "messages": [[m.name, m.key, to_json(m.payload)] for m in ran.case.messages],
        "data": to_json(outcome.data),
    }
    if trace:
        plain["trace"] = [[passed.what, passed.place.element] for passed in ran.case.trace]
    return plain


def _how_it_stands(ran: Ran) -> str:
    if ran.case.incident:
        return say(ran.case.incident.code, dict(ran.case.incident.params))
    if ran.stopped:
        return say(ran.stopped, dict(ran.params or {}))
    inputs = ran.case.seq + 1
    if ran.case.outcome.ended:
        return either(f"已结束，共 {inputs} 步", f"ended after {inputs} inputs")
    return either(f"停在等待处，共 {inputs} 步", f"waits after {inputs} inputs")


@drawing.command()
@click.argument("path", type=FOLDER, default=Path("bpmn"))
@click.option("--coverage", "covered", is_flag=True, help="不足 100% 即失败 / fails under 100 %")
@click.option(
    "--mutate", "mutated", is_flag=True, help="逐处改坏，看情景能否发现 / break it piecewise"
)
@json_lines
def scenarios(path: Path, covered: bool, mutated: bool, as_json: bool) -> None:
    """播放规程的情景。 Play the scenarios of procedures."""
    passed = failed = 0
    for folder in procedures(path):
        results = list(_results(folder.name, release_of(folder), covered, mutated))
        stories = sum(one.holds and "scenario" in one.plain for one in results)
        passed, failed = passed + stories, failed + sum(not one.holds for one in results)
        told = [
            json.dumps(one.plain, ensure_ascii=False) if as_json else one.words for one in results
        ]
        click.echo("\n".join(filter(None, told)) or f"{folder.name}: {stories} ok")
    click.echo(f"{passed} passed, {failed} failed", err=as_json)
    sys.exit(1 if failed else 0)


class Result(NamedTuple):
    """What one look at a procedure gave: in words ("" where all is well), for a machine, in short."""

    words: str
    plain: Mapping[str, Any]
    holds: bool


def _results(name: str, release: Release, covered: bool, mutated: bool) -> Iterator[Result]:
    facts = build_facts(SHARED)
    with going(find_scenarios(release.files), name) as stories:
        played = [play(release, facts, told) for told in stories]
    yield from (_story(name, one) for one in played)
    if covered:
        yield _covered(name, coverage(release, played))
    if mutated and not any(one.failure for one in played):
        yield _mutated(name, release, facts, [one.scenario for one in played])


def _story(name: str, one: Played) -> Result:
    failure = one.failure.say(language()) if one.failure else ""
    words = f"{name}/{one.scenario.name}: {failure}" if failure else ""
    plain = {"procedure": name, "scenario": one.scenario.name, "failure": failure}
    return Result(words, plain, not failure)


def _covered(name: str, found: Coverage) -> Result:
    counts = {kind: f"{found.passed(kind)}/{found.total[kind]}" for kind in KINDS}
    said = ", ".join(f"{kind} {count}" for kind, count in counts.items())
    mark = "  " if found.is_complete else "! "
    lines = [f"{mark}{name}: {found.percent()} % ({said})"]
    lines += [f"    {kind}: {one}" for kind in KINDS for one in found.missing[kind]]
    plain = {"procedure": name, "coverage": counts, "missing": dict(found.missing)}
    return Result("\n".join(lines), plain, found.is_complete)


def _mutated(name: str, release: Release, facts: Facts, told: Sequence[Scenario]) -> Result:
    with going(mutate(release, facts, told), either(f"改坏 {name}", f"breaking {name}")) as every:
        verdicts = [verdict for verdict in every if not verdict.broken]
    alive = [f"{one.mutant.kind} {one.mutant.element}" for one in verdicts if one.survived]
    killed = len(verdicts) - len(alive)
    percent = 100 * killed // len(verdicts) if verdicts else 100
    holds = percent >= MUTATION_FLOOR
    counts = f"{killed}/{len(verdicts)} mutants killed ({percent} %)"
    lines = [f"{'  ' if holds else '! '}{name}: {counts}", *(f"    {one}" for one in alive)]
    plain = {"procedure": name, "mutants": len(verdicts), "killed": killed, "alive": alive}
    return Result("\n".join(lines), plain, holds)


# Drawing and measuring -----------------------------------------------------------------------


@drawing.command(name="layout")
@click.argument("file", type=FILE)
@click.option("--keep", is_flag=True, help="只补画缺少的部分。 Only add what is not drawn yet.")
def layout_command(file: Path, keep: bool) -> None:
    """按泳道和先后摆放流程图。 Place a diagram by lanes and ranks."""
    file.write_bytes(layout(file.read_bytes(), keep))
    click.echo(either(f"已摆放 {file.name}", f"{file.name} laid out"))


@drawing.command()
@click.argument("path", type=FOLDER)
@json_lines
def tck(path: Path, as_json: bool) -> None:
    """用公开的 DMN TCK 衡量。 Measure against the public DMN TCK."""
    with going(run_tck(path), "TCK") as every:
        results = list(every)
    for one in results:
        if as_json:
            click.echo(json.dumps(one._asdict(), ensure_ascii=False))
        elif not one.passed:
            click.echo(f"{one.case}: {one.detail}")
    failed = sum(not one.passed for one in results)
    click.echo(f"{len(results) - failed} passed, {failed} failed", err=as_json)
    sys.exit(1 if failed else 0)
