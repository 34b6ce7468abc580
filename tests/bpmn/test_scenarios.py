"""Every scenario of every procedure is one test; together they pass everything that is drawn."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from engine.citations import cite
from engine.coverage import coverage
from engine.facts import build_facts
from engine.model import Facts, Release
from engine.package import digest, read_package
from engine.scenario import Played, Scenario, find_scenarios, play, read_scenario

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
