"""What may change from outside: calendar days and settings, and bringing running cases to them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from flask import redirect, render_template, request, url_for

from engine.access import may_administer
from engine.errors import EngineError, Invalid, NotFound
from engine.facts import Where
from storage import queries
from webui.auth import actor, only
from webui.display import local
from webui.errors import redrawn, refusal
from webui.frame import say
from webui.product import fresh, product, reading
from webui.registers import register
from webui.words import local_target

from .people import day
from .views import views

AT_ONCE = 200
"""How many running cases one press brings to the new facts."""


@views.get("/calendar")
@only(may_administer)
def calendar() -> str:
    """Days off and make-up working days of a year."""
    return _calendar()


def _calendar(problem: str = "") -> str:
    this_year = local(product().clock()).year
    asked = request.args.get("year", str(this_year))
    year = int(asked) if asked.isdecimal() and 2000 <= int(asked) <= 2099 else this_year
    facts = product().looking().current_facts()
    days = facts.calendars["CN"]
    months = _months(year, set(days["off"]), set(days["on"]))
    return render_template(
        "admin/calendar.html",
        year=year,
        months=months,
        known_until=date.fromisoformat(days["known_until"]),
        edits=queries.calendar_rows(reading()),
        behind=queries.cases_behind(reading(), facts.digest),
        problem=problem,
    )


def _months(year: int, off: set[str], on: set[str]) -> list[tuple[int, list[tuple[date, str]]]]:
    """Per month the days that are not what their weekday says: (day, ``off`` or ``on``)."""
    listed = sorted((day, "off") for day in off) + sorted((day, "on") for day in on)
    mine = sorted(
        (date.fromisoformat(key), kind) for key, kind in listed if key.startswith(f"{year:04}-")
    )
    unusual = [(one, kind) for one, kind in mine if (one.weekday() < 5) == (kind == "off")]
    return [(month, [one for one in unusual if one[0].month == month]) for month in range(1, 13)]


@views.post("/calendar")
@only(may_administer)
def set_day() -> Any:
    """A day off or a make-up working day."""
    form = request.form
    kind = "on" if form.get("kind") == "on" else "off"
    try:
        chosen = day("day")
        if chosen is None:
            raise Invalid("date_shape")
        product().engine.set_day(
            actor(),
            chosen,
            "on" if kind == "on" else "off",
            form.get("name", ""),
            form.get("reason", ""),
        )
    except EngineError as refused:
        return _calendar(refusal(refused)), redrawn(refused)
    say("admin.saved")
    return redirect(url_for("admin.calendar", year=chosen.year))


@views.get("/settings")
@only(may_administer)
def settings() -> str:
    """Every setting with the value that holds for the whole country now."""
    facts = product().looking().current_facts()
    rows = queries.setting_rows(reading())
    local_values = {row.setting for row in rows if row.layer}
    return render_template(
        "admin/settings.html",
        settings=facts.registers["settings"],
        values=facts.settings,
        local_values=local_values,
        behind=queries.cases_behind(reading(), facts.digest),
    )


@views.get("/settings/<setting_id>")
@only(may_administer)
def setting(setting_id: str) -> str:
    """One setting: what it means, its value, every value it had and why, and a form."""
    return _setting(setting_id)


def _setting(setting_id: str, problem: str = "") -> str:
    facts = product().looking().current_facts()
    row: Mapping[str, Any] | None = facts.registers["settings"].get(setting_id)
    if row is None:
        raise NotFound("setting_unknown", setting=setting_id)
    db = reading()
    return render_template(
        "admin/setting.html",
        id=setting_id,
        setting=row,
        value=facts.settings[setting_id],
        history=[one for one in queries.setting_rows(db) if one.setting == setting_id],
        orgs=[(one.id, one.name) for one in queries.organisation_rows(db, active_only=True)],
        problem=problem,
    )


@views.post("/settings/<setting_id>")
@only(may_administer)
def set_setting(setting_id: str) -> Any:
    """A new value for a layer, from a day on."""
    try:
        default = register("settings").get(setting_id, {}).get("default")
        value = _typed(request.form.get("value", "").strip(), default)
        reason = request.form.get("reason", "")
        product().engine.set_setting(actor(), setting_id, value, _where(), reason)
    except EngineError as refused:
        return _setting(setting_id, refusal(refused)), redrawn(refused)
    say("admin.saved")
    return redirect(url_for("admin.setting", setting_id=setting_id))


def _where() -> Where:
    form = request.form
    layer = form.get("layer", "policy")
    since, until = day("from"), day("until")
    if layer == "province":
        return Where("province", form.get("area", "").strip(), since, until)
    if layer == "organisation":
        return Where("organisation", form.get("org", ""), since, until)
    return Where("policy", "", since, until)


def _typed(value: str, default: Any) -> Any:
    """What was typed as the kind of value the default is; Invalid when it cannot be."""
    if isinstance(default, bool):
        return value == "yes"
    if isinstance(default, list):
        parts = [part.strip() for part in value.replace("，", ",").split(",") if part.strip()]
        return [_typed(part, default[0] if default else "") for part in parts]
    if isinstance(default, int | float):
        try:
            return Decimal(value)
        except InvalidOperation as error:
            raise Invalid("number_shape") from error
    return value


@views.post("/facts")
@only(may_administer)
def renew_cases() -> Any:
    """Bring running cases to the present calendar and settings: their clocks are computed anew."""
    digest = product().looking().current_facts().digest
    behind = queries.cases_behind(reading(), digest, AT_ONCE)
    fresh()
    for case_id in behind.some:
        product().engine.acknowledge_facts(case_id, actor())
    say("admin.renewed", count=len(behind.some), left=behind.total - len(behind.some))
    return redirect(local_target(url_for("admin.settings")))
