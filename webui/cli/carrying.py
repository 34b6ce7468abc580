"""The policy as a map, on the command line: what carries each clause and article, and what proves it."""

from __future__ import annotations

import ast
import json
import sys
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from engine.carrying import Proof, Screen, Spot, citing, proofs, screens
from engine.facts import build_facts
from engine.scenario import find_scenarios, play
from webui import endpoints

from .drawing import FOLDER, procedures, release_of
from .words import either, going, json_lines


@dataclass(frozen=True, slots=True)
class Carried:
    """What is known of one clause or article; ``tests`` are those tagged with it that assert."""

    ref: str
    is_clause: bool
    spots: tuple[Spot, ...]
    proofs: tuple[Proof, ...]
    screens: tuple[Screen, ...]
    tests: tuple[str, ...]

    @property
    def proved(self) -> bool:
        """By a story that passes an element, or by a test: of a page that is there, for a clause."""
        there = any(one.endpoint in endpoints() for one in self.screens)
        return bool(self.proofs) or ((there or not self.is_clause) and bool(self.tests))


@click.group()
def carrying() -> None:
    """What carries the policy."""


@carrying.command()
@click.argument("path", type=FOLDER, default=Path("bpmn"))
@json_lines
def clauses(path: Path, as_json: bool) -> None:
    """逐条列出政策和条文由什么承载。 What carries each clause and article, and what proves it.

    有条款未被承载即失败。 Fails when a clause is not carried.
    """
    found = list(survey(path))
    for one in found:
        click.echo(_line(one) if not as_json else json.dumps(_plain(one), ensure_ascii=False))
    policy = [one for one in found if one.is_clause]
    articles = [one for one in found if not one.is_clause]
    carried, proved = sum(one.proved for one in policy), sum(one.proved for one in articles)
    click.echo(
        either(
            f"政策条款 {carried}/{len(policy)} 已承载，法律条文 {proved}/{len(articles)} 有情景或者测试证明",
            f"{carried} of {len(policy)} clauses carried, "
            f"{proved} of {len(articles)} articles proved by a story or a test",
        ),
        err=as_json,
    )
    sys.exit(0 if carried == len(policy) else 1)


def survey(path: Path) -> Iterator[Carried]:
    """Every clause of the policies, then every article that is cited, in the order of the registers."""
    facts = build_facts(path / "shared")
    spots: dict[str, list[Spot]] = defaultdict(list)
    proved: dict[str, list[Proof]] = defaultdict(list)
    with going(procedures(path), either("播放情景", "playing")) as folders:
        for release in map(release_of, folders):
            for ref, here in citing(release).items():
                spots[ref] += here
            played = (play(release, facts, one) for one in find_scenarios(release.files))
            for ref, proof in proofs(release, played):
                proved[ref].append(proof)
    policy = tomllib.loads((path / "shared/clauses.toml").read_text("utf-8"))
    pages = screens(policy, {p.stem: p.read_bytes() for p in _registers(path)})
    tests = tagged_tests(path.resolve().parent / "tests")
    for ref in [*policy, *sorted(set(spots) - set(policy), key=_order)]:
        yield Carried(
            ref,
            ref in policy,
            tuple(spots[ref]),
            tuple(proved[ref]),
            pages.get(ref, ()),
            tuple(tests.get(ref, ())),
        )


def _registers(path: Path) -> list[Path]:
    return sorted((path / "shared/registers").glob("*.json"))


def _order(ref: str) -> tuple[int, str]:
    """S2-90 stands before S10-4."""
    source, _, article = ref.removeprefix("S").partition("-")
    return int(source), article.zfill(12)


def tagged_tests(folder: Path) -> Mapping[str, list[str]]:
    """By clause, the tests marked ``@pytest.mark.clause("…")`` that assert something."""
    found: dict[str, list[str]] = defaultdict(list)
    for path in sorted(folder.rglob("test_*.py")):
        content = path.read_text("utf-8")
        for node in ast.walk(ast.parse(content)) if "mark.clause" in content else ():
            if isinstance(node, ast.FunctionDef) and _asserts(node):
                for ref in _tags(node):
                    found[ref].append(f"{path.relative_to(folder).as_posix()}::{node.name}")
    return found


def _asserts(test: ast.FunctionDef) -> bool:
    return any(isinstance(one, ast.Assert) for one in ast.walk(test))


def _tags(test: ast.FunctionDef) -> Iterator[str]:
    for mark in test.decorator_list:
        if isinstance(mark, ast.Call) and ast.unparse(mark.func) == "pytest.mark.clause":
            yield from (str(one.value) for one in mark.args if isinstance(one, ast.Constant))


def _line(one: Carried) -> str:
    shown = [f"{p.spot.procedure}#{p.spot.element} ← {p.scenario}" for p in one.proofs[:1]]
    shown += [f"{page.endpoint} {' '.join(page.args.values())}".strip() for page in one.screens]
    shown += [f"← {test}" for test in one.tests[:1] if one.screens or not one.is_clause]
    if not one.proved:
        cited = [f"{spot.procedure}#{spot.element}" for spot in one.spots[:3]]
        shown.append(either("无情景证明", "no story proves it") + f": {', '.join(cited) or '—'}")
    return f"{' ' if one.proved else '!'} {one.ref:<10} {'; '.join(shown)}"


def _plain(one: Carried) -> dict[str, Any]:
    return {
        "ref": one.ref,
        "kind": "clause" if one.is_clause else "article",
        "carried": one.proved,
        "elements": [f"{spot.procedure}#{spot.element}" for spot in one.spots],
        "stories": [f"{p.spot.procedure}#{p.spot.element} {p.scenario}" for p in one.proofs],
        "screens": [{"endpoint": page.endpoint, **page.args} for page in one.screens],
        "tests": list(one.tests),
    }
