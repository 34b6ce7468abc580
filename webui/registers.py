"""The names behind codes: roles, rules of the deadline table, citations, settings, from bpmn/shared."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from engine.citations import Citation, cite, together
from engine.clocks import read_rules
from engine.errors import NotFound
from engine.model import Actor
from engine.registers import Register, read_registers
from engine.retention import Schedule, read_schedule
from engine.rules import Rule

from .display import local
from .product import product
from .words import known, lang, pick

SHARED = Path(__file__).parent.parent / "bpmn" / "shared"


@cache
def register(name: str) -> Mapping[str, Any]:
    """One register as it is installed: roles, settings, sources, clauses."""
    content: Mapping[str, Any] = tomllib.loads((SHARED / f"{name}.toml").read_text("utf-8"))
    return content


@cache
def rules() -> Mapping[str, Rule]:
    """The deadline table as it is installed; a case is explained by its own release's table."""
    return read_rules((SHARED / "rules.toml").read_bytes())


@cache
def schedule() -> Schedule:
    """How long what is kept, as it is installed."""
    return read_schedule((SHARED / "retention.toml").read_bytes(), rules())


@cache
def registers() -> Mapping[str, Register]:
    """Every register as it is described, by id."""
    return read_registers(SHARED)


def office_registers() -> Mapping[str, Register]:
    """The registers of the office by id."""
    return {name: one for name, one in registers().items() if one.home == "office"}


def may_open_some(who: Actor) -> bool:
    """Whether the person may open any register of the office."""
    return any(one.may_read(who) for one in office_registers().values())


def dossier_registers() -> Mapping[str, Register]:
    """What is kept in each dossier, by id."""
    return {name: one for name, one in registers().items() if one.home == "dossier"}


def role_name(code: str) -> str:
    """What a role is called: 人民调解员; the code itself if no register names it."""
    return str(register("roles").get(code, {}).get(lang(), code))


def duty_name(rule_id: str) -> str:
    """What a rule of separation of duties says."""
    return str(register("duties").get(rule_id, {}).get(lang(), rule_id))


def grantable_roles() -> list[tuple[str, str]]:
    """(code, name) of the roles that people can hold."""
    rows = register("roles").items()
    return [(code, role_name(code)) for code, row in rows if not row.get("outside")]


def rule_name(rule_id: str) -> str:
    """What a clock of the deadline table is called."""
    rule = rules().get(rule_id)
    return pick(rule.name) if rule else rule_id


def citation(ref: str, on: date) -> Citation | None:
    """A clause or article in the version in force on a day; None when nothing is registered."""
    try:
        return cite({"sources": register("sources"), "clauses": register("clauses")}, ref, on)
    except NotFound:
        return None


def cited(*refs: str, on: date | None = None) -> str:
    """Clauses or articles in words, in the version in force on a day (today), each act named once.

    The id stands where none is known.
    """
    day = on or local(product().clock()).date()
    found = {ref: citation(ref, day) for ref in refs}
    said = together([one for one in found.values() if one], lang())
    said += [ref for ref, one in found.items() if one is None]
    return ("；" if lang() == "zh" else "; ").join(said)


def verb_name(verb: str) -> str:
    """What a journal verb is called on the screens."""
    return known(f"verb.{verb}", verb)
