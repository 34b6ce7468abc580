"""The world a rehearsal happens in: when it begins and by whom, settings, registers, who answers."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from flask import request

from engine.authoring import is_text
from engine.errors import Invalid
from engine.model import Bilingual, Effect, Place
from engine.registers import as_fact, read_by
from engine.scenario import Rehearsal
from engine.scenario.reading import moment
from engine.values import from_json, to_json
from engine.workdays import local_day
from webui.auth import actor
from webui.product import product
from webui.registers import office_registers, rules

from .trial import Trial

SETTING = re.compile(rb"\bsettings\.([a-z][a-z0-9_]*)")


@dataclass(frozen=True, slots=True)
class Setting:
    """A number or word that the draft reads; ``value``: in the rehearsal, ``usual``: in force."""

    id: str
    name: Bilingual
    value: str
    usual: str


@dataclass(frozen=True, slots=True)
class World:
    """``asks``: operations the rehearsal could answer by itself, and whether it waits instead."""

    at: str
    role: str
    roles: Sequence[str]
    asks: Sequence[tuple[str, bool]]
    settings: Sequence[Setting]
    messages: Sequence[str]
    rosters: Sequence[Roster]


@dataclass(frozen=True, slots=True)
class Roster:
    """A register of the office that forms of the draft read; ``rows``: what it says in the rehearsal."""

    id: str
    name: Bilingual
    rows: Sequence[Any]


def world_of(trial: Trial) -> World:
    """As it is told so far."""
    start = trial.tried.told["start"]
    waits = trial.tried.told.get("waits", ())
    return World(
        at=start["at"][:16],
        role=start.get("by", ""),
        roles=sorted(trial.found.player.sheets.starting_roles()),
        asks=[(name, name in waits) for name in _answered(trial)],
        settings=list(_settings(trial, start.get("settings", {}))),
        messages=_messages(trial),
        rosters=_rosters(trial),
    )


def told_world(trial: Trial) -> Rehearsal:
    """The rehearsal in the world that was typed.

    Raises Invalid (rehearsal_unreadable, scenario_malformed).
    """
    told = trial.tried.told
    own = [name for name in _answered(trial) if name in request.form.getlist("waits")]
    waits = [*own, *(name for name in told.get("waits", ()) if name not in _answered(trial))]
    kept = {key: value for key, value in told["start"].items() if key not in ("by", "settings")}
    role, settings = request.form.get("by", ""), _told_settings(trial)
    start = kept | {"at": request.form.get("at", "")[:16]}
    start |= ({"by": role} if role else {}) | ({"settings": settings} if settings else {})
    rosters = _told_rosters(trial, start["at"])
    bare = {key: value for key, value in told.items() if key not in ("waits", "registers")}
    bare |= ({"waits": waits} if waits else {}) | ({"registers": rosters} if rosters else {})
    tried = replace(trial.tried, told={**bare, "start": start})
    tried.story()
    return tried


def typed_json(name: str, empty: Any = None) -> Any:
    """What a text field says as JSON, ``empty`` where it says nothing; of its kind unless it is None.

    Raises Invalid (rehearsal_unreadable).
    """
    typed = request.form.get(name, "").strip()
    try:
        found = json.loads(typed) if typed else empty
    except (ValueError, RecursionError) as error:
        raise Invalid("rehearsal_unreadable", reason=str(error)) from None
    if not is_text(found) or (empty is not None and not isinstance(found, type(empty))):
        raise Invalid("rehearsal_unreadable", reason=typed[:40])
    from_json(found)
    return found


def _rosters(trial: Trial) -> list[Roster]:
    told = trial.tried.told.get("registers", {})
    read = {name for _, form in trial.drawn.forms() for name in read_by(form)}
    office = office_registers()
    ids = sorted(name for name in read & office.keys() if office[name].may_read(actor()))
    return [Roster(id, office[id].title, told.get(id, [])) for id in ids]


def _told_rosters(trial: Trial, at: str) -> dict[str, Any]:
    """What was typed; asked for, what the office's registers say on the day it begins."""
    found = dict(trial.tried.told.get("registers", {}))
    for one in _rosters(trial):
        field = f"register.{one.id}"
        if "rosters" in request.form:
            kept = product().looking().records_on(one.id, local_day(moment(at)))
            found[one.id] = [to_json(as_fact(row)) for row in kept]
        elif field in request.form:
            found[one.id] = typed_json(field, [])
    return {id: rows for id, rows in found.items() if rows}


def _answered(trial: Trial) -> list[str]:
    """The operations of the draft that are answered unless the rehearsal asks."""
    answers, nodes = trial.found.player.case.answers, trial.drawn.nodes.values()
    names = {node.operation for node in nodes if node.operation}
    return sorted(name for name in names if answers.knows(Effect("", Place(""), name, {})))


def _messages(trial: Trial) -> list[str]:
    """Those that begin a case."""
    diagram = trial.drawn.diagram
    starts = (n for n in diagram.nodes.values() if n.type == "startEvent" and not n.scope)
    events = (event for node in starts for event in node.events if event.kind == "message")
    return [diagram.messages[event.ref].name for event in events if event.ref in diagram.messages]


def _settings(trial: Trial, told: Mapping[str, Any]) -> Iterator[Setting]:
    facts = trial.stage.facts
    for id in sorted(_read_by(trial) & facts.settings.keys()):
        usual, row = facts.settings[id], facts.registers["settings"].get(id, {})
        if isinstance(usual, int | Decimal | str) and not isinstance(usual, bool):
            name = {"zh": str(row.get("zh", id)), "en": str(row.get("en", id))}
            yield Setting(id, name, str(told.get(id, usual)), str(usual))


def _read_by(trial: Trial) -> set[str]:
    """The settings that its expressions and its periods read."""
    files = trial.stage.release.files.items()
    texts = (text for path, text in files if not path.startswith("shared/"))
    found = {name.decode() for text in texts for name in SETTING.findall(text)}
    marks = (mark.rule for node in trial.drawn.nodes.values() for mark in node.clocks)
    return found | {rules()[rule].setting for rule in marks if rule in rules()}


def _told_settings(trial: Trial) -> dict[str, Any]:
    """Those that were typed otherwise than in force."""
    found: dict[str, Any] = {}
    for one in _settings(trial, {}):
        typed = request.form.get(f"setting.{one.id}", one.usual).strip()
        if typed and typed != one.usual:
            is_text = isinstance(trial.stage.facts.settings[one.id], str)
            found[one.id] = typed if is_text else _number(typed)
    return found


def _number(typed: str) -> int | float:
    try:
        return int(typed) if typed.lstrip("-").isdecimal() else float(typed)
    except ValueError:
        raise Invalid("rehearsal_unreadable", reason=typed[:40]) from None
