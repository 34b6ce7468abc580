"""The registers hold together: what one names, another knows."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from engine.citations import cite
from engine.texts import text

SHARED = Path(__file__).parents[2] / "bpmn" / "shared"
SOURCES, CLAUSES, RULES, ROLES, SETTINGS, DUTIES = (
    tomllib.loads((SHARED / f"{name}.toml").read_text("utf-8"))
    for name in ("sources", "clauses", "rules", "roles", "settings", "duties")
)
REGISTERS = {"sources": SOURCES, "clauses": CLAUSES}
KINDS = frozenset(
    re.findall(
        r"\w+", "COURT TRIBUNAL POLICE JUSTICE_OFFICE COMMITTEE STUDIO CENTRE HOSPITAL UNIT BUREAU"
    )
)
CLAUSE_IDS = re.findall(
    r"\S+",
    """
    CQ1.1 CQ1.2 CQ1.3 CQ2.1 CQ2.2 CQ2.3 CQ3.1 CQ3.2 CQ3.3 CQ3.4 CQ4.1 CQ4.2 CQ4.3 CQ4.4
    CQ4.5 CQ4.6 CQ4.7 CQ5.1 CQ5.2 CQ5.2b CQ5.3 CQ6.0 CQ6.1 CQ6.2 CQ6.3 CQ7.1 CQ7.2a CQ7.2b
    CQ7.3 CQ8.1 CQ8.2 CQ8.3 CQ8.4 YN1 YN2.0 YN2.1 YN2.2 YN2.3 YN2.3b YN2.4 YN2.5 YN2.5b
    YN2.6 YN2.7 YN3.1a YN3.1b YN3.1c YN3.1d YN3.1e YN3.1f YN3.1g YN3.1h YN3.1i YN3.2a
    YN3.2b YN3.2c YN3.2d YN3.3a0 YN3.3a YN3.3b YN3.3c YN3.3c2 YN3.3d
    """,
)
ROWS = pytest.mark.parametrize("rule", RULES.values(), ids=RULES.keys())


def test_every_row_of_the_deadline_table_has_a_rule() -> None:
    assert {rule["row"] for rule in RULES.values() if "row" in rule} == set(range(1, 57))


def test_every_clause_of_both_policies_is_registered() -> None:
    assert list(CLAUSES) == CLAUSE_IDS
    assert all(clause["carried_by"] for clause in CLAUSES.values())


def test_all_sources_are_registered() -> None:
    assert list(SOURCES) == [f"S{number}" for number in range(1, 35)]


@ROWS
def test_every_citation_resolves(rule: dict[str, Any]) -> None:
    assert rule["basis"]
    for ref in rule["basis"]:
        assert all(cite(REGISTERS, ref).text.values())


@ROWS
def test_a_rule_has_one_length_or_is_a_bound(rule: dict[str, Any]) -> None:
    assert ("length" in rule) + ("setting" in rule) == (rule["unit"] != "limit")


@ROWS
def test_every_setting_used_exists_in_the_same_unit(rule: dict[str, Any]) -> None:
    if "setting" in rule:
        assert SETTINGS[rule["setting"]]["unit"] == rule["unit"]


@ROWS
def test_counting_suits_the_unit(rule: dict[str, Any]) -> None:
    suits = {
        "days": {"C1", "C6"},
        "months": {"C1"},
        "years": {"C1"},
        "working_days": {"C5"},
        "hours": {"C1", "C7"},
        "minutes": {"C7"},
        "limit": {None},
    }
    assert rule.get("counting") in suits[rule["unit"]]


@ROWS
def test_every_breach_is_of_a_known_kind(rule: dict[str, Any]) -> None:
    assert text(f"breach_{rule['on_breach']}", "zh")
    assert rule["on_breach"] != "auto" or rule["breach"]["zh"]


@ROWS
def test_who_may_extend_is_a_role(rule: dict[str, Any]) -> None:
    assert rule.get("extension", {}).get("by", "ALL_PARTIES") in {*ROLES, "ALL_PARTIES"}


@pytest.mark.parametrize("setting", SETTINGS.values(), ids=SETTINGS.keys())
def test_a_setting_says_what_it_is(setting: dict[str, Any]) -> None:
    assert set(setting) - {"choices"} == {"zh", "en", "default", "unit", "section", "layer"}
    assert setting["default"] in setting.get("choices", [setting["default"]])
    assert setting["layer"] in ("policy", "province", "organisation")


@pytest.mark.parametrize("role", ROLES.values(), ids=ROLES.keys())
def test_a_role_is_held_somewhere_or_comes_from_outside(role: dict[str, Any]) -> None:
    assert role.get("outside") or set(role["at"]) <= KINDS
    assert bool(role.get("outside")) != bool(role.get("at"))


@pytest.mark.parametrize("register", [SOURCES, CLAUSES, RULES, ROLES, SETTINGS])
def test_every_entry_speaks_both_languages(register: dict[str, Any]) -> None:
    for entry in register.values():
        assert re.search(r"[\u4e00-\u9fff]|GB/T", entry["zh"])
        assert entry["en"].isascii()


def test_only_articles_that_were_read_are_cited_from_a_partly_read_source() -> None:
    refs = [ref for rule in RULES.values() for ref in rule["basis"] if "-" in ref]
    for source, article in (ref.split("-") for ref in refs):
        known = SOURCES[source].get("read")
        assert known is None or int(article) in known


def test_separated_duties_name_roles_procedures_and_what_they_rest_on() -> None:
    folders = {path.parent.name for path in SHARED.parent.glob("*/process.bpmn")}
    for name, row in DUTIES.items():
        assert row["zh"], name
        assert row["en"], name
        for side in (row["did"], row["bars"]):
            assert set(side["roles"]) <= set(ROLES), name
            assert set(side.get("procedures", ())) <= folders, name
        assert not row["basis"] or cite(REGISTERS, row["basis"]), name
