"""What lies outside a release and may change: calendars, settings, registers, as one named value."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

import chinese_calendar

from .errors import Invalid, NotFound
from .model import Facts, Organisation
from .values import canonical, from_json, to_json

REGISTERS = ("sources", "clauses", "roles", "settings", "duties")
LAYERS = ("policy", "province", "organisation")


@dataclass(frozen=True, slots=True)
class Where:
    """Which layer a value of a setting holds for, and from when until when (both included).

    ``of``: "" for the policy, the beginning of an area code for a province, an organisation's id.
    """

    layer: Literal["policy", "province", "organisation"] = "policy"
    of: str = ""
    since: date | None = None
    until: date | None = None


POLICY = Where()


def build_facts(shared: Path) -> Facts:
    """The first facts: holidays as published, defaults of settings.toml, registers of that folder."""
    registers = {
        name: from_json(to_json(tomllib.loads((shared / f"{name}.toml").read_text("utf-8"))))
        for name in REGISTERS
    }
    settings = {key: row["default"] for key, row in registers["settings"].items()}
    return sealed({"CN": published_calendar()}, settings, registers | {"overrides": []})


def published_calendar() -> dict[str, Any]:
    """Mainland China as far as published: days off, make-up working days, the last day known."""
    known_until = date(max(chinese_calendar.holidays).year, 12, 31)
    return {
        "off": [day.isoformat() for day in sorted(chinese_calendar.holidays)],
        "on": [day.isoformat() for day in sorted(chinese_calendar.workdays)],
        "known_until": known_until.isoformat(),
    }


def sealed(
    calendars: Mapping[str, Any], settings: Mapping[str, Any], registers: Mapping[str, Any]
) -> Facts:
    """Facts named by the SHA-256 of their canonical JSON."""
    content = {"calendars": calendars, "settings": settings, "registers": registers}
    digest = hashlib.sha256(canonical(content)).hexdigest()
    return Facts(digest, dict(calendars), dict(settings), dict(registers))


def upgraded(current: Facts, shipped: Facts) -> Facts:
    """Facts in use, with what a newer version of the product brings: registers, new settings, years.

    What somebody has set or corrected stays; the very same facts if nothing is new.
    """
    calendars = {**shipped.calendars, **current.calendars}
    calendars["CN"] = _grown(current.calendars["CN"], shipped.calendars["CN"])
    changed = {key: value for key, value in current.settings.items() if _is_set(current, key)}
    settings = {key: changed.get(key, value) for key, value in shipped.settings.items()}
    registers = {**shipped.registers, "overrides": _overrides(current)}
    newer = sealed(calendars, settings, registers)
    return current if newer.digest == current.digest else newer


def _grown(days: Mapping[str, Any], published: Mapping[str, Any]) -> dict[str, Any]:
    """The years that were not known before come from the published calendar."""
    known = days["known_until"]
    new = {kind: [day for day in published[kind] if day > known] for kind in ("off", "on")}
    grown = {kind: sorted({*days[kind], *new[kind]}) for kind in new}
    return {**days, **grown, "known_until": max(known, published["known_until"])}


def _is_set(facts: Facts, setting_id: str) -> bool:
    return bool(facts.settings[setting_id] != _definition(facts, setting_id)["default"])


# Calendars -----------------------------------------------------------------------------------


def with_day(facts: Facts, calendar: str, day: date, kind: Literal["off", "on", "plain"]) -> Facts:
    """Facts in which that day is a holiday (off), worked (on), or what its weekday says (plain)."""
    days = _calendar(facts, calendar)
    key = day.isoformat()
    changed = dict(days)
    for name in ("off", "on"):
        changed[name] = sorted({*days[name]} - {key} | ({key} if kind == name else set()))
    return sealed({**facts.calendars, calendar: changed}, facts.settings, facts.registers)


def with_year(
    facts: Facts, calendar: str, year: int, off: Iterable[date], on: Iterable[date]
) -> Facts:
    """Facts that know a whole year: its days off and its make-up working days replace what was."""
    days = _calendar(facts, calendar)
    changed: dict[str, Any] = {
        kind: sorted(
            {day for day in days[kind] if not day.startswith(f"{year:04}-")}
            | {day.isoformat() for day in new if day.year == year}
        )
        for kind, new in (("off", off), ("on", on))
    }
    changed["known_until"] = max(days["known_until"], date(year, 12, 31).isoformat())
    return sealed({**facts.calendars, calendar: changed}, facts.settings, facts.registers)


def _calendar(facts: Facts, name: str) -> dict[str, Any]:
    if name not in facts.calendars:
        raise NotFound("calendar_unknown", calendar=name)
    return dict(facts.calendars[name])


# Settings ------------------------------------------------------------------------------------


def with_setting(facts: Facts, setting_id: str, value: Any, where: Where = POLICY) -> Facts:
    """Facts in which a setting has that value there and then; the same place and dates replace.

    NotFound (setting_unknown); Invalid (setting_layer: set below the layer that may set it;
    setting_value: another kind of value than the default).
    """
    row = _definition(facts, setting_id)
    if LAYERS.index(where.layer) > LAYERS.index(row["layer"]):
        raise Invalid("setting_layer", setting=setting_id, layer=row["layer"])
    value = _fitting(setting_id, row, value)
    if where == POLICY:
        settings = {**facts.settings, setting_id: value}
        return sealed(facts.calendars, settings, facts.registers)
    entry = {
        "setting": setting_id,
        "layer": where.layer,
        "of": where.of,
        "since": where.since,
        "until": where.until,
    }
    kept = [old for old in _overrides(facts) if {**old, "value": None} != {**entry, "value": None}]
    registers = {**facts.registers, "overrides": [*kept, {**entry, "value": value}]}
    return sealed(facts.calendars, facts.settings, registers)


def setting(facts: Facts, setting_id: str, org: Organisation | None, on: date) -> Any:
    """The value that holds for an organisation on a day: its own, its province's, the policy's.

    Of several values of one layer the one that began last holds. NotFound (setting_unknown).
    """
    _definition(facts, setting_id)
    return localized(facts, org, on).settings[setting_id]


def localized(facts: Facts, org: Organisation | None, on: date) -> Facts:
    """The same facts as an organisation sees them on a day: its settings, under the same digest."""
    fitting = [entry for entry in _overrides(facts) if _fits(entry, org, on)]
    if not fitting:
        return facts
    fitting.sort(key=lambda e: (LAYERS.index(e["layer"]), len(e["of"]), e["since"] or date.min))
    settings = {**facts.settings, **{entry["setting"]: entry["value"] for entry in fitting}}
    return replace(facts, settings=settings)


def for_case(facts: Facts, case: Any, on: date) -> Facts:
    """The same facts as the organisation of a case sees them; ``case`` is the case's own data."""
    if not _overrides(facts) or not isinstance(case, Mapping):
        return facts
    org = Organisation(str(case.get("org")), "", "", area=str(case.get("area") or ""))
    return localized(facts, org, on)


def _overrides(facts: Facts) -> list[dict[str, Any]]:
    return list(facts.registers.get("overrides", ()))


def _fits(entry: Mapping[str, Any], org: Organisation | None, on: date) -> bool:
    since, until = entry["since"] or date.min, entry["until"] or date.max
    if not since <= on <= until:
        return False
    if entry["layer"] == "policy":
        return True
    if org is None:
        return False
    return bool(entry["of"] == org.id or _in_province(entry, org))


def _in_province(entry: Mapping[str, Any], org: Organisation) -> bool:
    return bool(entry["layer"] == "province" and entry["of"] and org.area.startswith(entry["of"]))


def _definition(facts: Facts, setting_id: str) -> Mapping[str, Any]:
    row: Mapping[str, Any] | None = facts.registers.get("settings", {}).get(setting_id)
    if row is None:
        raise NotFound("setting_unknown", setting=setting_id)
    return row


def _fitting(setting_id: str, row: Mapping[str, Any], value: Any) -> Any:
    """The value as FEEL: of the default's kind, numbers whole and not below 0, one of its choices."""
    default, value = row["default"], from_json(to_json(value))
    is_number = isinstance(value, Decimal)
    fits = type(value) is type(default) and value in row.get("choices", [value])
    if not fits or (is_number and (value < 0 or value != value.to_integral_value())):
        raise Invalid("setting_value", setting=setting_id, value=str(value), example=str(default))
    return value
