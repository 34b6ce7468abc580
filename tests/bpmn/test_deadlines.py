"""The deadline table: every row is a rule that a diagram uses, reminds of and says the breach of."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pytest

from engine.clocks import Rule, read_rules
from engine.diagram import Diagram, read_diagram
from engine.package import read_package
from engine.texts import text

BPMN = Path(__file__).parents[2] / "bpmn"
TABLE = (BPMN / "shared" / "rules.toml").read_bytes()
RULES: Mapping[str, Rule] = read_rules(TABLE)
ROWS = {name: row["row"] for name, row in tomllib.loads(TABLE.decode()).items() if "row" in row}
DIAGRAMS: Mapping[str, Diagram] = {
    path.parent.name: read_diagram(path.read_bytes())
    for path in sorted(BPMN.glob("*/process.bpmn"))
}

NOT_DRAWN = {
    "keep_certificate_records": "kept by the certification authority, not by us",
    "keep_file_short": "the archive's; no case stays open for thirty years",
    "keep_file_long": "the archive's; no case stays open for sixty years",
    "outdoor_time": "a bound of every day in custody: the centre watches it, no day is entered here",
    "family_visit": "a bound, no period: visits are entered in detention_mediation, the centre grants them",
    "training_hours": "a bound, no period: the table training_demands asks for the hours",
}
"""Rows without an element, and who sees to them instead."""

EFFECT_ELSEWHERE = {
    "sue_after_preservation": "the court lifts the measure; mediation only reminds of it",
    "detention_term": "release begins before the end: prepare_release, then release_at_expiry",
}
"""Rows whose consequence the law itself attaches, and why no timer of their own is drawn."""


@cache
def used(rule: str) -> tuple[str, ...]:
    """The procedures in which a clock names the rule, itself or through a table or a script."""
    return tuple(name for name in DIAGRAMS if named(name, rule) or chosen(name, rule))


@cache
def named(procedure: str, rule: str) -> bool:
    """Whether a mark says the rule outright."""
    nodes = DIAGRAMS[procedure].nodes.values()
    return any(word(rule).search(mark.rule) for node in nodes for mark in node.clocks)


@cache
def chosen(procedure: str, rule: str) -> bool:
    """Whether a table or script of the procedure chooses the rule for a mark that is FEEL."""
    nodes = DIAGRAMS[procedure].nodes.values()
    tables = [table.read_text("utf-8") for table in (BPMN / procedure).glob("*.dmn")]
    texts = [*tables, *(node.script for node in nodes)]
    open_marks = [m for n in nodes for m in n.clocks if not re.fullmatch(r"\w+", m.rule)]
    return bool(open_marks) and any(word(rule).search(text) for text in texts)


def word(rule: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){rule}(?!\w)")


def timers(procedure: str) -> set[str]:
    nodes = DIAGRAMS[procedure].nodes.values()
    return {event.clock for node in nodes for event in node.events if event.clock}


def test_the_table_has_its_56_rows() -> None:
    assert sorted(set(ROWS.values())) == list(range(1, 57))


@pytest.mark.parametrize("rule", RULES)
def test_an_element_uses_it_or_it_is_said_who_else_sees_to_it(rule: str) -> None:
    assert bool(used(rule)) != (rule in NOT_DRAWN)


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_it_reminds_and_says_what_its_breach_means(rule: Rule) -> None:
    assert text(f"breach_{rule.on_breach}", "zh")
    assert text(f"breach_{rule.on_breach}", "en")
    if rule.unit != "limit":
        assert rule.reminders[-1] == 100
        assert list(rule.reminders) == sorted(set(rule.reminders))


@pytest.mark.parametrize("rule", [name for name in ROWS if RULES[name].on_breach == "auto"])
def test_the_consequence_that_the_law_attaches_is_drawn(rule: str) -> None:
    fires = any(
        clock == rule or (chosen(procedure, rule) and not re.fullmatch(r"\w+", clock))
        for procedure in used(rule)
        for clock in timers(procedure)
    )
    assert fires != (rule in EFFECT_ELSEWHERE)


OPTIONAL = {
    name: row["optional"]
    for name, row in tomllib.loads(TABLE.decode()).items()
    if "optional" in row
}


@pytest.mark.parametrize("rule", OPTIONAL)
def test_what_need_not_run_everywhere_says_why_and_runs_where_it_says(rule: str) -> None:
    told = OPTIONAL[rule]
    assert min(len(told["zh"]), len(told["en"]) / 3) > 4
    files = read_package(BPMN / told["in"])
    assert any(rule in content.decode() for name, content in files.items() if "shared/" not in name)
