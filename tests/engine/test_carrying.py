"""What carries a clause: a tagged story that passes the element and asserts what came of it."""

from __future__ import annotations

import json

from engine.carrying import Screen, Spot, citing, proofs, screens, tagged
from engine.scenario import read_scenario
from engine.scenario.playing import play
from tests.builders import process, release, user
from tests.playing import FACTS

BASIS = '<extensionElements><ld:basis ref="CQ1.2"/></extensionElements>'
XML = process("start -> ask -> end", user("ask", BASIS, ld_role="CLERK"), id="talk")
FORM = {"schema": {"type": "object", "properties": {}}, "ui": {"order": [], "fields": {}}}


def talk(**ui):
    form = json.dumps(FORM | {"ui": FORM["ui"] | ui}).encode()
    return release(XML, {"forms/start.json": json.dumps(FORM).encode(), "forms/ask.json": form})


def told(clauses, step, **end):
    story = {
        "title": {"zh": "谈", "en": "Talk"},
        "clauses": clauses,
        "start": {"at": "2026-03-02T09:00", "data": {}},
        "steps": [{"task": "ask", **step}],
        "expect": end,
    }
    return list(
        proofs(talk(), [play(talk(), FACTS, read_scenario(json.dumps(story).encode(), "s"))])
    )


def test_a_tagged_story_that_asserts_the_step_proves_it():
    ((ref, proof),) = told(["CQ1.2"], {"expect": {"passed": ["ask"]}}, ended=True)
    assert (ref, proof.spot, proof.scenario) == ("CQ1.2", Spot("talk", "ask"), "s")


def test_what_the_end_names_is_asserted():
    assert told(["CQ1.2"], {}, passed=["ask"])


def test_a_story_that_asserts_nothing_there_or_bears_no_tag_proves_nothing():
    assert told(["CQ1.2"], {}, ended=True) == []
    assert told([], {"expect": {"passed": ["ask"]}}, ended=True) == []


def test_a_story_that_fails_proves_nothing():
    assert told(["CQ1.2"], {"expect": {"passed": ["ask"]}}, ended=False) == []


def test_a_form_cites_for_its_task():
    cited = citing(talk(fields={"/x": {"basis": ["S6-12"]}}))
    assert cited == {"CQ1.2": (Spot("talk", "ask"),), "S6-12": (Spot("talk", "ask"),)}


def test_pages_carry_what_their_register_names():
    name = {"zh": "设备", "en": "Equipment"}
    clauses = {"CQ7.1": {}, "CQ3.1": {"screens": [{"endpoint": "links.index", **name}]}}
    register = json.dumps({"title": name, "clauses": ["CQ7.1"]}).encode()
    found = screens(clauses, {"equipment": register})
    assert found["CQ7.1"] == (Screen("records.register", {"name": "equipment"}, name),)
    assert found["CQ3.1"] == (Screen("links.index", {}, name),)


def test_stories_are_found_by_their_tags():
    story = json.dumps({"title": {"zh": "谈", "en": "Talk"}, "clauses": ["CQ1.2"]}).encode()
    found = tagged(release(XML, {"scenarios/a.json": story}))
    assert found == {"CQ1.2": (("a", {"zh": "谈", "en": "Talk"}),)}
