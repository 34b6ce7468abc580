"""Every scenario of every procedure is one test; together they pass everything that is drawn."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from engine.checks.known import known_data
from engine.checks.needed import UNKNOWN
from engine.checks.shapes import ANY, NULL, Shape, context_of, entry_of, kind_of
from engine.checks.subject import read_subject
from engine.citations import cite
from engine.coverage import coverage
from engine.facts import build_facts
from engine.model import Facts, Release
from engine.package import digest, read_package
from engine.scenario import Played, Scenario, find_scenarios, play, read_scenario
from engine.spiff import read_state

BPMN = Path(__file__).parents[2] / "bpmn"
PROCEDURES = sorted(path.parent.name for path in BPMN.glob("*/process.bpmn"))
STORIES = sorted(path.relative_to(BPMN).as_posix() for path in BPMN.glob("*/scenarios/*.json"))


@cache
def published() -> Facts:
    return build_facts(BPMN / "shared")


@cache
def bundled(procedure: str) -> Release:
    files = read_package(BPMN / procedure)
    return Release(procedure, digest(files), files)


@cache
def told(story: str) -> Played:
    procedure, _, file = story.partition("/scenarios/")
    scenario = read_scenario((BPMN / story).read_bytes(), file.removesuffix(".json"))
    return play(bundled(procedure), published(), scenario)


@pytest.mark.parametrize("story", STORIES)
def test_a_story_ends_as_told(story: str) -> None:
    failure = told(story).failure
    assert failure is None, f"{failure.say('zh')}\n{failure.say('en')}"


@pytest.mark.parametrize("procedure", PROCEDURES)
def test_its_stories_pass_everything_drawn(procedure: str) -> None:
    played = [told(story) for story in STORIES if story.startswith(f"{procedure}/")]
    found = coverage(bundled(procedure), played)
    assert {kind: ids for kind, ids in found.missing.items() if ids} == {}


def scenarios() -> Iterator[Scenario]:
    for procedure in PROCEDURES:
        yield from find_scenarios(bundled(procedure).files)


def test_every_clause_a_story_is_tagged_with_is_registered() -> None:
    tags = {clause for scenario in scenarios() for clause in scenario.clauses}
    assert all(cite(published().registers, clause).text for clause in tags)


def misfits(shape: Shape, value: Any, path: str) -> Iterator[str]:
    """Where a value is not what the checks take it to be."""
    kind = "context" if isinstance(value, Mapping) else kind_of(value)
    if value is None or shape.kinds is None:
        return
    if kind not in shape.kinds or (kind == "string" and value not in (shape.texts or {value})):
        yield f"{path}: {value!r}"
    if kind == "context":
        for name, inner in value.items():
            yield from misfits(entry_of(shape, name, NULL), inner, f"{path}.{name}")
    for number, inner in enumerate(value if kind == "list" else ()):
        yield from misfits(shape.item or ANY, inner, f"{path}[{number}]")


@pytest.mark.parametrize("procedure", PROCEDURES)
def test_what_its_stories_write_is_what_the_checks_expect(procedure: str) -> None:
    """Else they would call an expression wrong that is right."""
    subject = read_subject(bundled(procedure).files, "", UNKNOWN)
    known = context_of(known_data(subject), is_open=True)
    stories = [told(story) for story in STORIES if story.startswith(f"{procedure}/")]
    left = [read_state(one.outcome.state).data for one in stories]
    assert [one for data in left for one in misfits(known, data, "")] == []
