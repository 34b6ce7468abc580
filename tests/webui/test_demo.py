"""What the demonstration chooses to tell: every end, work for every role, a clock that stands still."""

from __future__ import annotations

import random

import pytest

from engine.diagram import read_diagram
from webui.demo.programme import programme, read_tales
from webui.wiring import bundled


@pytest.fixture(scope="module")
def told():
    return list(programme(read_tales(), 200, random.Random(1)))


@pytest.fixture(scope="module")
def nodes():
    """Every node of every bundled procedure, with its procedure."""
    drawn = {name: read_diagram(files["process.bpmn"]) for name, files in bundled().items()}
    return [(name, node) for name, diagram in drawn.items() for node in diagram.nodes.values()]


def passed(script):
    said = [script["expect"], *(step.get("expect", {}) for step in script["steps"])]
    return {name for one in said for name in (*one.get("passed", ()), one.get("ended"))}


def test_every_end_event_is_reached_by_a_whole_tale(told, nodes):
    whole = [tale for tale, cut in told if cut == len(tale.script["steps"])]
    reached = {(tale.procedure, name) for tale in whole for name in passed(tale.script)}
    ends = {(name, node.id) for name, node in nodes if node.type == "endEvent"}
    assert ends <= reached


def test_every_role_finds_a_tale_that_waits_for_it(told, nodes):
    roles = {(name, node.id): node.role for name, node in nodes if node.type == "userTask"}
    cut_short = [(tale, tale.script["steps"][cut:][:1]) for tale, cut in told]
    waiting = {
        roles.get((tale.procedure, s.get("task"))) for tale, steps in cut_short for s in steps
    }
    assert set(roles.values()) <= waiting


def test_a_few_dossiers_are_told_when_few_are_asked_for():
    assert len(list(programme(read_tales(), 2, random.Random(1)))) == 2


def test_sixty_dossiers_have_work_for_every_role_and_some_that_are_over(nodes):
    told = list(programme(read_tales(), 60, random.Random(1)))
    roles = {node.role for _, node in nodes if node.type == "userTask"}
    whole = [tale for tale, cut in told if cut == len(tale.script["steps"])]
    ended = [tale for tale in whole if tale.script["expect"].get("ended")]
    assert len(ended) >= 8
    assert len(told) - len(whole) >= len(roles)
